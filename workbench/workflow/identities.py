"""Make and show the identities of a firm."""

from __future__ import annotations

from pathlib import Path

from workbench.errors import Reason, UsageError
from workbench.review.roles import Role
from workbench.signing import identity

MIN_PASSPHRASE = 8


def create_firm(folder: Path, name: str, passphrase: str) -> dict[str, str]:
    """An offline authority in a new folder."""
    _need(name, "--name with the name of the firm")
    _strong(passphrase)
    bundle = identity.create_firm(folder, name, passphrase)
    return {"firm": bundle.firm, "folder": str(folder), "fingerprint": bundle.fingerprint}


def create_person(folder: Path, name: str, role: str, passphrase: str, authority_passphrase: str, out: Path | None) -> dict[str, str]:
    """A person's PKCS#12 file."""
    _need(name, "--name with the name of the person")
    _strong(passphrase)
    path = identity.create_identity(
        folder, name, Role(role), passphrase, authority_passphrase, out or Path(f"{name.lower().replace(' ', '-')}.p12")
    )
    return {"identity": str(path), "name": name, "role": role}


def describe(path: Path, passphrase: str) -> dict[str, str]:
    """Who an identity is and until when it holds."""
    found = identity.load_identity(path, passphrase)
    return {
        "name": found.name,
        "role": found.role.value,
        "valid_from": f"{found.not_before:%Y-%m-%d}",
        "valid_to": f"{found.not_after:%Y-%m-%d}",
    }


def _need(name: str, what: str) -> None:
    if not name.strip():
        raise UsageError(Reason.USAGE, f"An identity needs {what}.")


def _strong(passphrase: str) -> None:
    if len(passphrase) < MIN_PASSPHRASE:
        raise UsageError(
            Reason.USAGE, f"A passphrase needs at least {MIN_PASSPHRASE} characters.", "Set WORKBENCH_PASSPHRASE, or type it when asked."
        )
