"""workbench request PROJECT: the letter to the owner, what to hand over instead."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from workbench.cli.exit_codes import DONE
from workbench.cli.output import Output, author

EXAMPLE = "example: workbench request northfield.bessreview --out letters"


def configure(parser: argparse.ArgumentParser) -> None:
    """Words of this verb."""
    parser.add_argument("project", type=Path)
    parser.add_argument("--window", help="name or id; the last imported one if none is given")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where PDF and plain text go; requests/ in the project if none is given")


def run(given: argparse.Namespace, out: Output) -> int:
    """Write both and say what is asked for."""
    from workbench.workflow.request import write_request
    from workbench.workflow.session import Session

    with Session.open(given.project, author=author(), wait_free=True) as session:
        made = write_request(session, session.window_id(given.window), out.progress(), now_ns=time.time_ns(), out=given.out)
        letter = made.letter
        out.say(letter.subject)
        for point in letter.points:
            out.say(f"{point.number:3d}  {point.checks:10s} {point.found}")
        out.say(f"{made.pdf}")
        out.say(f"{made.text}")
        points = [
            {"number": p.number, "checks": p.checks, "found": p.found, "touches": p.touches, "instead": p.instead} for p in letter.points
        ]
        exports = [
            {"signal": e.signal, "level": e.level, "sampling": e.sampling, "period": e.period, "form": e.form} for e in letter.exports
        ]
        out.result(
            {
                "pdf": str(made.pdf),
                "text": str(made.text),
                "complete": letter.complete,
                "points": points,
                "exports": exports,
                "grounds": list(letter.grounds),
            }
        )
    return DONE
