"""workbench revise PROJECT --reason TEXT: open an issued review again as its next revision."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.cli.exit_codes import DONE
from workbench.cli.output import Output, author

EXAMPLE = "example: workbench revise northfield.bessreview --reason 'The owner declared the gain of the current sensors.'"


def configure(parser: argparse.ArgumentParser) -> None:
    """Words of this verb."""
    parser.add_argument("project", type=Path)
    parser.add_argument("--reason", required=True, help="what changes and why; the next report prints it")


def run(given: argparse.Namespace, out: Output) -> int:
    """Start the revision; the issued report stays as it is."""
    from workbench.workflow.revision import start_revision
    from workbench.workflow.session import Session

    with Session.open(given.project, author=author()) as session:
        number = start_revision(session, given.reason)
        out.say(f"revision {number} begun; revision {number - 1} stays under issued/{number - 1}")
        out.result({"revision": number, "stage": session.document.stage.value})
    return DONE
