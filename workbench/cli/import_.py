"""workbench import PROJECT SOURCE...: bring telemetry into a project as one window."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.cli.exit_codes import DONE
from workbench.cli.output import Output, author
from workbench.cli.sources import add_sources, start_of
from workbench.viewmodels import numbers

EXAMPLE = "example: workbench import northfield.bessreview export.zip --window 'March 2026'"


def configure(parser: argparse.ArgumentParser) -> None:
    """Words of this verb."""
    parser.add_argument("project", type=Path)
    add_sources(parser)
    parser.add_argument("--window", help="name of the window; the file's name if none is given")


def run(given: argparse.Namespace, out: Output) -> int:
    """Import and say what was done."""
    from workbench.workflow import intake

    intake.ready(2)  # one looks for counters, one imports: both load while we do
    from workbench.workflow import unfinished
    from workbench.workflow.importable import read_before
    from workbench.workflow.named_tables import rows_json
    from workbench.workflow.session import Session

    with Session.open(given.project, author=author()) as session:
        for sentence in unfinished.said(session.project):
            out.say(sentence)
        found = session.import_counters(given.sources, out.progress())
        counters = [sheet.member for sheet in found.sheets]
        for name in counters:
            out.say(f"counters {name}: kept beside the windows, look at `workbench show {given.project} counters`")
        if found.alone:
            out.result({"counters": counters})
            return DONE
        entry = session.import_window(
            given.sources, out.progress(), mapping=given.mapping, name=given.window, time_zone=given.zone, start_ns=start_of(given)
        )
        facts = session.views.facts(entry.id)
        repairs = session.table("repairs", entry.id)
        out.say(f"window   {entry.name} ({entry.id})")
        out.say(f"span     {numbers.span(facts.start_ns, facts.end_ns, facts.time_zone)}, {numbers.every(facts)}")
        out.say(
            f"holds    {numbers.count(len(facts.plant.racks), 'rack')}, {numbers.count(facts.plant.n_cells, 'cell')}, {numbers.count(facts.samples, 'cell sample')}"
        )
        out.say(f"root     {entry.root}")
        for other in read_before(session.windows(), entry.id):
            out.say(
                f"note     the same files were imported before, as window {other}; both are kept, and a report is made of the newest window"
            )
        out.say()
        out.table(repairs)
        out.result(
            {
                "window_id": entry.id,
                "name": entry.name,
                "evidence_root": entry.root,
                "racks": len(facts.plant.racks),
                "cells": facts.plant.n_cells,
                "cell_samples": facts.samples,
                "sampling": facts.sampling,
                "repairs": rows_json(repairs),
                "counters": counters,
            }
        )
    return DONE
