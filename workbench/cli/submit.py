"""workbench submit PROJECT: sign as reviewer."""

from __future__ import annotations

import argparse

from workbench.cli.exit_codes import DONE
from workbench.cli.output import Output, author
from workbench.cli.signing_words import add_credentials, credentials

EXAMPLE = "example: workbench submit northfield.bessreview --identity me.p12 --firm firm"


def configure(parser: argparse.ArgumentParser) -> None:
    """Words of this verb."""
    add_credentials(parser)


def run(given: argparse.Namespace, out: Output) -> int:
    """Sign and journal."""
    from workbench.workflow import sign_off
    from workbench.workflow.session import Session

    with Session.open(given.project, author=author()) as session:
        sha256 = sign_off.submit(session, credentials(given), out.progress())
        out.say(f"submit: signed report {sha256}")
        out.result({"report_sha256": sha256})
    return DONE
