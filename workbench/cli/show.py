"""workbench show PROJECT TABLE: print one table."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.cli.counts import counted
from workbench.cli.exit_codes import DONE
from workbench.cli.output import Output, author
from workbench.workflow.named_tables import NAMES

EXAMPLE = f"tables: {', '.join(NAMES)}\nexample: workbench show northfield.bessreview cells"


def configure(parser: argparse.ArgumentParser) -> None:
    """Words of this verb."""
    parser.add_argument("project", type=Path)
    parser.add_argument("table", choices=NAMES)
    parser.add_argument("--window", help="name or id; the last imported one if none is given")
    parser.add_argument("--most", type=counted, default=0, metavar="N", help="only the first N rows")


def run(given: argparse.Namespace, out: Output) -> int:
    """Print it. Tables of the study run it first when it was not run yet."""
    from dataclasses import replace

    from workbench.workflow import unfinished
    from workbench.workflow.named_tables import OF_STUDY, WITH_REVIEW, rows_json
    from workbench.workflow.session import Session

    with Session.open(given.project, author=author(), wait_free=True) as session:
        for sentence in unfinished.said(session.project):
            out.say(sentence)
        if given.table in (*OF_STUDY, *WITH_REVIEW):
            session.run_study(session.window_id(given.window), out.progress())
        table = session.table(given.table, session.window_id(given.window) if given.window else None)
        if given.most:
            table = replace(table, rows=table.rows[: given.most], keys=table.keys[: given.most])
        out.table(table)
        out.result(rows_json(table))
    return DONE
