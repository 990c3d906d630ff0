"""workbench return PROJECT --comment TEXT: hand a submitted review back."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.cli.exit_codes import DONE
from workbench.cli.output import Output, author

EXAMPLE = "example: workbench return northfield.bessreview --comment 'Say what the module swap would give back.'"


def configure(parser: argparse.ArgumentParser) -> None:
    """Words of this verb."""
    parser.add_argument("project", type=Path)
    parser.add_argument("--comment", required=True)


def run(given: argparse.Namespace, out: Output) -> int:
    """Return it, as principal."""
    from workbench.workflow.session import Session
    from workbench.workflow.sign_off import principal_role

    with Session.open(given.project, author=author(), role=principal_role()) as session:
        session.return_review(given.comment)
        out.say("returned to the reviewer")
        out.result({"stage": session.document.stage.value})
    return DONE
