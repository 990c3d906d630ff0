"""workbench verify REPORT.pdf: who signed, in which role, and has a byte changed?"""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.cli.exit_codes import DONE, NEGATIVE
from workbench.cli.output import Output, author

EXAMPLE = (
    "example: workbench verify report.pdf --firm firm\n         workbench verify report.pdf --project northfield.bessreview --recompute"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Words of this verb."""
    parser.add_argument("report", type=Path)
    parser.add_argument("--firm", type=Path, help="folder with the firm's certificates (its authority or a project's trust folder)")
    parser.add_argument("--project", type=Path, help="the project it came from: evidence roots and journal are checked too")
    parser.add_argument("--recompute", action="store_true", help="with --project: make every figure again from the cells and compare")


def run(given: argparse.Namespace, out: Output) -> int:
    """Verify; exit code 0 only if every rule holds."""
    from workbench.workflow.verify_report import verify_report

    result, differs = verify_report(given.report, given.firm, given.project, out.progress(), recompute=given.recompute, author=author())
    for signer in result.signers:
        out.say(f"{signer.role:<10} {signer.name}, {signer.time}")
    for rule in result.rules:
        out.say(f"{'ok ' if rule.passed else '!! '} {rule.sentence}")
    for place in differs:
        out.say(f"!!  {place}")
    out.say(f"root fingerprint  {result.root_fingerprint}")
    good = result.first_failure is None and not differs
    out.say(f"=> {result.outcome.value if good else 'invalid'}")
    out.result(
        {
            "outcome": result.outcome.value if good else "invalid",
            "signers": [{"name": s.name, "role": s.role, "time": s.time} for s in result.signers],
            "rules": [{"rule": r.id, "passed": r.passed, "sentence": r.sentence} for r in result.rules],
            "differs": list(differs),
            "root_fingerprint": result.root_fingerprint,
        }
    )
    return DONE if good else NEGATIVE
