"""workbench issue PROJECT: put the sealed report under issued/."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.cli.exit_codes import DONE
from workbench.cli.output import Output, author

EXAMPLE = "example: workbench issue northfield.bessreview"


def configure(parser: argparse.ArgumentParser) -> None:
    """Words of this verb."""
    parser.add_argument("project", type=Path)


def run(given: argparse.Namespace, out: Output) -> int:
    """Issue it."""
    from workbench.workflow import sign_off
    from workbench.workflow.session import Session

    with Session.open(given.project, author=author()) as session:
        path = sign_off.issue(session, out.progress())
        out.say(f"issued {path}")
        out.result({"report": str(path)})
    return DONE
