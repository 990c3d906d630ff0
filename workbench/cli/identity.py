"""workbench identity firm|create|show: a firm's offline authority and signing identities."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.cli.exit_codes import DONE
from workbench.cli.output import Output
from workbench.cli.signing_words import passphrase

EXAMPLE = """examples:
  workbench identity firm FOLDER --name 'Example Engineers'
  workbench identity create FOLDER --name 'Rita Example' --role reviewer --out rita.p12
  workbench identity show rita.p12
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Words of this verb."""
    parser.add_argument("act", choices=("firm", "create", "show"))
    parser.add_argument("path", type=Path, help="folder of the authority; for show a PKCS#12 file")
    parser.add_argument("--name", default="", help="name of the firm or person")
    parser.add_argument("--role", choices=("reviewer", "principal"), default="reviewer")
    parser.add_argument("--out", type=Path, help="PKCS#12 file to make")


def run(given: argparse.Namespace, out: Output) -> int:
    """Make or show."""
    from workbench.workflow.identities import create_firm, create_person, describe

    if given.act == "firm":
        made = create_firm(given.path, given.name, passphrase("WORKBENCH_FIRM_PASSPHRASE", "passphrase for the authority"))
    elif given.act == "create":
        person = passphrase("WORKBENCH_PASSPHRASE", "passphrase for the identity")
        made = create_person(
            given.path, given.name, given.role, person, passphrase("WORKBENCH_FIRM_PASSPHRASE", "passphrase of the authority"), given.out
        )
    else:
        made = describe(given.path, passphrase("WORKBENCH_PASSPHRASE", f"passphrase of {given.path.name}"))
    for key, value in made.items():
        out.say(f"{key:<12} {value}")
    out.result(made)
    return DONE
