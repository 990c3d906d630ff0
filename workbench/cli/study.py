"""workbench study PROJECT: all kernels the data and the gates allow."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.cli.exit_codes import DONE
from workbench.cli.output import Output, author

EXAMPLE = "example: workbench study northfield.bessreview --json"


def configure(parser: argparse.ArgumentParser) -> None:
    """Words of this verb."""
    parser.add_argument("project", type=Path)
    parser.add_argument("--window", help="name or id; the last imported one if none is given")


def run(given: argparse.Namespace, out: Output) -> int:
    """Run and say what stands out."""
    from workbench.workflow.session import Session
    from workbench.workflow.studies import study_json

    with Session.open(given.project, author=author(), wait_free=True) as session:
        window = session.window_id(given.window)
        result = session.run_study(window, out.progress())
        for name in ("posture", "racks", "banks", "candidates"):
            out.say(name.upper())
            out.table(session.table(name, window))
            out.say()
        for note in result.notes:
            out.say(f"note: {note}")
        out.result(study_json(result))
    return DONE
