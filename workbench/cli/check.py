"""workbench check PROJECT: telemetry posture, and what it means for each estimator."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.cli.exit_codes import DONE
from workbench.cli.output import Output, author

EXAMPLE = "example: workbench check northfield.bessreview"


def configure(parser: argparse.ArgumentParser) -> None:
    """Words of this verb."""
    parser.add_argument("project", type=Path)
    parser.add_argument("--window", help="name or id; the last imported one if none is given")


def run(given: argparse.Namespace, out: Output) -> int:
    """Run the checks if they were not run yet, and show them."""
    from workbench.workflow.posture_rows import posture_rows
    from workbench.workflow.session import Session

    with Session.open(given.project, author=author(), wait_free=True) as session:
        window = session.window_id(given.window)
        result = session.run_study(window, out.progress())
        for name in ("posture", "estimators"):
            out.table(session.table(name, window))
            out.say()
        out.result(posture_rows(result))
    return DONE
