"""workbench inspect SOURCE...: what the importer recognises, before anything is written."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.cli.exit_codes import DONE
from workbench.cli.output import Output
from workbench.cli.sources import add_sources, start_of

EXAMPLE = "example: workbench inspect export.zip --save mapping.json"


def configure(parser: argparse.ArgumentParser) -> None:
    """Words of this verb."""
    add_sources(parser)
    parser.add_argument("--save", type=Path, metavar="NAME_OR_FILE", help="keep the proposed mapping, to edit it and use it again")


def run(given: argparse.Namespace, out: Output) -> int:
    """Recognise and say."""
    from workbench.workflow import counter_sheets, intake
    from workbench.workflow.mapping_choice import choice_of, proof_text

    read_outs = intake.read_outs(given.sources, out.progress())
    if read_outs.sheets:
        out.table(counter_sheets.table(read_outs.sheets))
    if read_outs.alone:
        out.result({"counters": counter_sheets.sheets_json(read_outs.sheets)})
        return DONE

    found = intake.preview(given.sources, out.progress(), mapping=given.mapping, time_zone=given.zone, start_ns=start_of(given))
    for caption, value, _ in found.facts:
        out.say(f"{caption:<10} {value}")
    out.say()
    out.table(found.columns)
    out.say()
    out.table(found.rows)
    for source, proof in found.proofs.items():
        choice = choice_of(found.profile, source)
        out.say(f"sign of {source}: {proof_text(proof, choice.sign if choice else 1)}")
    for warning in found.warnings:
        out.say(f"!  {warning}")
    if given.save:
        out.say(f"mapping kept in {intake.save_profile(found, given.save)}")
    out.result(intake.preview_json(found))
    return DONE
