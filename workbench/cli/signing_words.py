"""What submit and approve share: their words, and the act of signing."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.exit_codes import DONE
from workbench.cli.output import Output, author

if TYPE_CHECKING:
    from workbench.jobs.progress import Progress
    from workbench.workflow.session import Session
    from workbench.workflow.sign_off import Credentials


def add_credentials(parser: argparse.ArgumentParser) -> None:
    """Identity and authority. Passphrases are asked for, or read from WORKBENCH_PASSPHRASE and WORKBENCH_FIRM_PASSPHRASE."""
    parser.add_argument("project", type=Path)
    parser.add_argument("--identity", type=Path, required=True, help="PKCS#12 file of the person who signs")
    parser.add_argument("--firm", type=Path, required=True, help="folder of the firm's authority (time stamps and CRLs)")


def sign(given: argparse.Namespace, out: Output, act: Callable[[Session, Credentials, Progress], str]) -> int:
    """Open the project, carry the act out with what the person brings, and say which report is signed now."""
    from workbench.workflow.session import Session

    with Session.open(given.project, author=author()) as session:
        sha256 = act(session, credentials(given), out.progress())
        out.say(f"{act.__name__}: signed report {sha256}")
        out.result({"report_sha256": sha256})
    return DONE


def credentials(given: argparse.Namespace) -> Credentials:
    """What the person brings."""
    from workbench.workflow.sign_off import Credentials

    phrase = passphrase("WORKBENCH_PASSPHRASE", f"passphrase of {given.identity.name}")
    return Credentials(
        given.identity, phrase, given.firm, passphrase("WORKBENCH_FIRM_PASSPHRASE", "passphrase of the firm's time-stamping key")
    )


def passphrase(variable: str, prompt: str) -> str:
    """From the environment, or asked on the terminal; never from the command line, where others can read it."""
    known = os.environ.get(variable)
    if known is not None:
        return known
    return getpass.getpass(f"{prompt}: ") if sys.stdin.isatty() else ""
