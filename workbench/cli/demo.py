"""workbench demo [FOLDER]: the main job on a built-in synthetic site."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from workbench.cli.exit_codes import DONE, NEGATIVE
from workbench.cli.output import Output

EXAMPLE = "example: workbench demo /tmp/northfield"


def configure(parser: argparse.ArgumentParser) -> None:
    """Words of this verb."""
    parser.add_argument("folder", nargs="?", type=Path, help="new folder for everything that is made; one is picked if none is given")


def run(given: argparse.Namespace, out: Output) -> int:
    """Do it and say what was made, found and verified."""
    from workbench.workflow import demo

    start = time.monotonic()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="workbench-demo-"))
    result = demo.run(folder, out.progress(), out.say)
    out.say()
    for kind, rack, cell, finding in result.found:
        out.say(f"planted {kind:<15} {rack} C{cell:03d}   " + (f"found, {finding}" if finding else "NOT FOUND"))
    out.say(f"other findings   {result.false_alarms}")
    out.say()
    for signer in result.verification.signers:
        out.say(f"signed           {signer.name}, {signer.role}, {signer.time}")
    failed = result.verification.first_failure
    ending = (
        failed.sentence
        if failed
        else "; ".join(result.differs)
        if result.differs
        else "valid; every figure made again from the cells is the same"
    )
    out.say(f"verification     {ending}")
    out.say(f"project          {result.project}")
    out.say(f"report           {result.report}")
    out.say(f"time             {time.monotonic() - start:.0f} s")
    out.result(
        {
            "project": str(result.project),
            "report": str(result.report),
            "export": str(result.export),
            "found": [{"kind": k, "rack": r, "cell": c, "finding": f} for k, r, c, f in result.found],
            "other_findings": result.false_alarms,
            "verification": result.verification.outcome.value,
            "elapsed_s": round(time.monotonic() - start, 1),
        }
    )
    return DONE if result.complete else NEGATIVE
