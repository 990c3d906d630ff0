"""What does a signature cover? An in-toto statement: windows, results and extracts by digest, and how they were made."""

from __future__ import annotations

import hashlib

import msgspec

from workbench.asset.plain import Fact, canonical
from workbench.errors import Reason, SigningError

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "urn:bess-review:report:1"
FILE_NAME = "manifest.json"


class Subject(Fact, frozen=True):
    """One thing with its digest."""

    name: str
    digest: dict[str, str]


class Predicate(Fact, frozen=True):
    """How the report came about: enough to render it again and compare."""

    report: str
    revision: int
    prepared_ns: int
    journal_entries: int
    journal_head: str
    study_key: str
    method: str
    reviewer: str
    principal: str
    workbench: str
    libraries: dict[str, str]
    findings: dict[str, list[str]]  # finding id -> picture digests
    recipes: dict[str, list[str]] = {}  # finding id -> the query of each picture, canonical JSON


class Manifest(Fact, frozen=True):
    """The statement attached to the report, so that both signatures cover it."""

    statement: str
    subject: tuple[Subject, ...]
    predicate_type: str
    predicate: Predicate


def build(subjects: dict[str, str], predicate: Predicate) -> Manifest:
    """A manifest over named SHA-256 digests."""
    named = tuple(Subject(name=name, digest={"sha256": value}) for name, value in sorted(subjects.items()))
    return Manifest(statement=STATEMENT, subject=named, predicate_type=PREDICATE, predicate=predicate)


def encoded(manifest: Manifest) -> bytes:
    """The bytes that are attached, with the statement's own field names."""
    text = msgspec.json.decode(canonical(manifest))
    text["_type"] = text.pop("statement")
    text["predicateType"] = text.pop("predicate_type")
    return msgspec.json.format(msgspec.json.encode(text, order="sorted"), indent=1)


def parse(data: bytes) -> Manifest:
    """The manifest of attached bytes. Raises SigningError MANIFEST_MISMATCH when they are none."""
    try:
        text = msgspec.json.decode(data)
        text["statement"] = text.pop("_type")
        text["predicate_type"] = text.pop("predicateType")
        return msgspec.convert(text, Manifest)
    except (msgspec.MsgspecError, KeyError, AttributeError, TypeError) as error:
        raise SigningError(
            Reason.MANIFEST_MISMATCH, f"The attached manifest cannot be read: {error}.", "Ask for the report again."
        ) from error


def digest_of(data: bytes) -> str:
    """SHA-256 (hex)."""
    return hashlib.sha256(data).hexdigest()
