"""workbench submit PROJECT: sign as reviewer."""

from __future__ import annotations

import argparse

from workbench.cli.output import Output
from workbench.cli.signing_words import add_credentials, sign

EXAMPLE = "example: workbench submit northfield.bessreview --identity me.p12 --firm firm"


def configure(parser: argparse.ArgumentParser) -> None:
    """Words of this verb."""
    add_credentials(parser)


def run(given: argparse.Namespace, out: Output) -> int:
    """Sign and journal."""
    from workbench.workflow.sign_off import submit

    return sign(given, out, submit)
