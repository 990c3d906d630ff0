"""workbench record PROJECT ...: a finding from a proposed candidate, a verdict, a scope, a design record."""

from __future__ import annotations

import argparse
from pathlib import Path
from textwrap import indent

from workbench.cli.exit_codes import DONE
from workbench.cli.output import Output, author
from workbench.errors import Reason, UsageError
from workbench.workflow.design_record import EXAMPLE as DESIGN_EXAMPLE

EXAMPLE = f"""examples:
  workbench record P --candidate weak-cell-R02-C041-1a2b3c4d
  workbench record P --all-candidates --confidence high
  workbench record P --finding F-02 --confidence moderate --severity major
  workbench record P --dismiss hot-joint-R05-C088-1a2b3c4d --reason "the sense lead was mended on 3 March"
  workbench record P --verdict verdict.toml
  workbench record P --scope scope.toml --lock
  workbench record P design design.toml

a verdict file:
  answer = "no"                      # yes; yes, with conditions; no; not established
  reason = "Two cells limit their racks; the displayed SoH does not show it."
  recommendation = "reprice"         # proceed, reprice, reserve, tighten covenants, monitor
  conditions = ["Replace module M3 of R02."]

a design file (what methods may rely on; leave out what nobody has declared):
{indent(DESIGN_EXAMPLE, "  ")}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Words of this verb."""
    parser.add_argument("project", type=Path)
    parser.add_argument("what", nargs="*", metavar="WORD", help="design FILE: the design record of a TOML file")
    parser.add_argument("--candidate", action="append", default=[], metavar="ID", help="record this candidate of the study as a finding")
    parser.add_argument("--all-candidates", action="store_true", help="record every open candidate")
    parser.add_argument("--finding", action="append", default=[], metavar="ID", help="state --severity or --confidence of this finding")
    parser.add_argument("--severity", choices=("major", "moderate", "minor", "info"), default="", help="how much the finding matters")
    parser.add_argument(
        "--confidence", choices=("high", "moderate", "low"), default="", help="how sure you are; no finding is submitted without it"
    )
    parser.add_argument(
        "--dismiss", action="append", default=[], metavar="ID", help="set this candidate aside; the report names it with --reason"
    )
    parser.add_argument("--reason", default="", help="why a candidate is dismissed")
    parser.add_argument("--verdict", type=Path, metavar="FILE", help="TOML file with the verdict")
    parser.add_argument("--scope", type=Path, metavar="FILE", help="TOML file with the whole scope")
    parser.add_argument("--lock", action="store_true", help="lock the scope")
    parser.add_argument("--undo", action="store_true", help="take back the latest edit that stands")


def run(given: argparse.Namespace, out: Output) -> int:
    """Carry out the edits in a fixed order: scope, design record, findings, verdict, lock, undo."""
    from workbench.workflow.recording import record
    from workbench.workflow.session import Session

    design = _design_file(given.what)
    asked = (
        design,
        given.candidate,
        given.all_candidates,
        given.finding,
        given.dismiss,
        given.verdict,
        given.scope,
        given.lock,
        given.undo,
    )
    if not any(asked):
        raise UsageError(Reason.USAGE, "There is nothing to record.", "Say what, for example --all-candidates; see --help.")
    with Session.open(given.project, author=author()) as session:
        done = record(
            session,
            out.progress(),
            candidates=given.candidate,
            every=given.all_candidates,
            verdict=given.verdict,
            scope=given.scope,
            lock=given.lock,
            undo=given.undo,
            design=design,
            dismissals=given.dismiss,
            reason=given.reason,
            findings=given.finding,
            severity=given.severity,
            confidence=given.confidence,
        )
        for line in done:
            out.say(line)
        out.result({"done": list(done)})
    return DONE


def _design_file(words: list[str]) -> Path | None:
    """The file after the word design, or None where neither was given."""
    if not words:
        return None
    if len(words) != 2 or words[0] != "design":
        raise UsageError(Reason.USAGE, f"There is no `record PROJECT {' '.join(words)}`.", "Write `record PROJECT design FILE.toml`.")
    return Path(words[1])
