"""workbench render PROJECT PICTURE --out FILE.pdf|.png: a picture without a window."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.cli.exit_codes import DONE
from workbench.cli.output import Output, author

EXAMPLE = "example: workbench render northfield.bessreview traces --rack R02 --cells 41,42 --out r02.pdf"


def configure(parser: argparse.ArgumentParser) -> None:
    """Words of this verb."""
    parser.add_argument("project", type=Path)
    parser.add_argument("picture", choices=("heatmap", "divergence", "traces", "dqdv", "coverage"))
    parser.add_argument("--out", type=Path, required=True, help="file to write, .pdf or .png")
    parser.add_argument("--window", help="name or id; the last imported one if none is given")
    parser.add_argument("--rack", default="", help="only this rack (traces and dqdv need one)")
    parser.add_argument("--cells", default="", help="one-based cells for traces and dqdv, for example 41,42")
    parser.add_argument(
        "--pass", dest="chosen", default="", help="pass of dqdv: its number, or an instant inside it; the fullest one if none is given"
    )
    parser.add_argument("--raw", action="store_true", help="heatmap of voltage instead of deviation")


def run(given: argparse.Namespace, out: Output) -> int:
    """Draw it."""
    from workbench.workflow.render_picture import Asked, render_picture
    from workbench.workflow.session import Session

    with Session.open(given.project, author=author(), wait_free=True) as session:
        what = Asked(given.picture, given.window, given.rack, given.cells, given.chosen, raw=given.raw)
        digest = render_picture(session, what, given.out, out.progress())
        out.say(f"{given.out} ({digest[:16]})")
        out.result({"file": str(given.out), "picture_sha256": digest})
    return DONE
