"""Who signed this report, in which role, and has a byte changed since? Every rule must hold; the first that fails is named.

Ordinary viewers say "valid" to replaced pages, swapped attachments and keys in the wrong role (security.md 1.5). The rules here do not.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import io
import re
import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from asn1crypto import cms, parser
from asn1crypto import crl as acrl
from asn1crypto import x509 as ax
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.policy_decl import PKIXValidationParams
from pyhanko_certvalidator.validate import async_validate_path

from workbench.errors import Reason, SigningError
from workbench.review.roles import Role
from workbench.signing import manifest
from workbench.signing.identity import ROLE_POLICY, TrustBundle
from workbench.signing.seal import FIELDS

CLOCK_SLACK = dt.timedelta(minutes=5)
FAULTS = (
    PdfError,
    SignatureValidationError,
    ValidationError,
    PathError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OSError,
    RecursionError,
    StopIteration,
    NotImplementedError,
    zlib.error,
    UnicodeError,
)
"""What the parsers raise on a hostile or broken file: every one of them means that the rule does not hold."""
END = re.compile(rb"%%EOF\r?\n?$")


class Outcome(StrEnum):
    """What may be said of a report."""

    VALID = "valid"
    INTACT = "intact, issuer not checked"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Signer:
    """One signature: who, in which role, when (UTC, from the time stamp)."""

    name: str
    role: str
    time: str
    field: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule and whether it held. sentence says what was seen."""

    id: str
    passed: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer: outcome, signers, every rule, the fingerprint of the root, the manifest, the digest of the first revision."""

    outcome: Outcome
    signers: tuple[Signer, ...]
    rules: tuple[Rule, ...]
    root_fingerprint: str
    manifest: manifest.Manifest | None
    first_revision_sha256: str

    @property
    def first_failure(self) -> Rule | None:
        """The first rule that failed, or None."""
        return next((rule for rule in self.rules if not rule.passed), None)


class _Rules:
    def __init__(self) -> None:
        self.held: list[Rule] = []

    def say(self, rule: str, passed: bool, good: str, bad: str) -> bool:
        """Note one rule."""
        self.held.append(Rule(rule, passed, good if passed else bad))
        return passed


def verify(
    pdf: bytes, trust: TrustBundle | None, *, expected_first_revision: str | None = None, now: dt.datetime | None = None
) -> Verification:
    """Check a sealed report. trust None: the recipient has only the PDF; then the root is taken from the file and must be compared by eye."""
    rules = _Rules()
    moment = now or dt.datetime.now(dt.UTC)
    first = hashlib.sha256(pdf[: pdf.find(b"%%EOF") + 6]).hexdigest() if b"%%EOF" in pdf else ""
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        found = list(reader.embedded_signatures)
    except FAULTS as error:
        rules.say("readable", False, "", f"the file cannot be read as a PDF: {error}")
        return Verification(Outcome.INVALID, (), tuple(rules.held), "", None, first)
    return _judged(pdf, reader, found, trust, rules, moment, expected_first_revision, first)


def _judged(pdf: bytes, reader: PdfFileReader, found: list[Any], trust: TrustBundle | None, rules: _Rules, now: dt.datetime, expected: str | None, first: str) -> Verification:  # fmt: skip
    names = [s.field_name for s in found]
    wanted = [FIELDS[Role.REVIEWER], FIELDS[Role.PRINCIPAL]]
    complete = rules.say(
        "signers",
        names == wanted,
        "reviewer and principal signed, in this order, and nobody else",
        f"signatures are {names or 'missing'}, expected {wanted}",
    )
    rules.say("end", bool(END.search(pdf)), "nothing stands after the end of the document", "bytes stand after the end of the document")
    signers: list[Signer] = []
    root = ""
    try:
        store = DocumentSecurityStore.read_dss(reader)
        roots, root = _roots(store, trust)
        for field, role in zip(wanted, (Role.REVIEWER, Role.PRINCIPAL), strict=True):
            one = next((s for s in found if s.field_name == field), None)
            if one is not None:
                signers.append(_signature(one, role, store, roots, rules, now))
        if complete:
            _together(found, signers, rules)
    except FAULTS as error:
        rules.say("proofs", False, "", f"the stored certificates or a signature cannot be read: {type(error).__name__}: {error}")
    if trust is not None:
        rules.say("issuer", root == trust.fingerprint, f"issued by {trust.firm}", "the firm's root is not the one this was signed under")
    parsed = _attachments(reader, rules)
    if expected is not None:
        rules.say(
            "rendering",
            first == expected,
            "the first revision is exactly the report rendered from the project",
            "the first revision is not the report rendered from the project",
        )
    good = all(rule.passed for rule in rules.held)
    outcome = Outcome.INVALID if not good else Outcome.VALID if trust is not None else Outcome.INTACT
    return Verification(outcome, tuple(signers), tuple(rules.held), root, parsed, first)


def _roots(store: DocumentSecurityStore, trust: TrustBundle | None) -> tuple[list[ax.Certificate], str]:
    chosen = (
        ax.Certificate.load(trust.files["root.crt"])
        if trust is not None
        else next(c for c in store.load_certs() if c.self_signed in ("yes", "maybe") and c.ca)
    )
    embedded = [c for c in store.load_certs() if c.ca and c.self_signed in ("yes", "maybe")]
    shown = embedded[0] if embedded else chosen
    return [chosen], shown.sha256.hex()


def _context(store: DocumentSecurityStore, roots: list[ax.Certificate], when: dt.datetime) -> ValidationContext:
    lists = [acrl.CertificateList.load(item.get_object().data) for item in store.crls]
    return ValidationContext(
        trust_roots=roots,
        other_certs=list(store.load_certs()),
        crls=lists,
        allow_fetching=False,
        revocation_mode="hard-fail",
        moment=when,
        best_signature_time=when,
    )


def _signature(one: Any, role: Role, store: DocumentSecurityStore, roots: list[ax.Certificate], rules: _Rules, now: dt.datetime) -> Signer:
    who = one.signer_cert.subject.native.get("common_name", "?")
    stamped = _stamp_time(one)
    label = role.value
    rules.say(
        f"{label}-timestamp",
        stamped is not None,
        f"{label}: time stamp {stamped:%Y-%m-%d %H:%M:%S} UTC" if stamped else "",
        f"{label}: no time stamp",
    )
    when = stamped or now
    inside = one.signer_cert.not_valid_before <= when <= one.signer_cert.not_valid_after
    rules.say(
        f"{label}-clock",
        when <= now + CLOCK_SLACK and inside,
        f"{label}: signed while the certificate was valid",
        f"{label}: the time stamp lies in the future or outside the certificate's validity",
    )
    moment = when if when <= now + CLOCK_SLACK else now
    context = _context(store, roots, moment)
    status = validate_pdf_signature(one, signer_validation_context=context, ts_validation_context=_context(store, roots, moment))
    rules.say(
        f"{label}-intact",
        bool(status.intact and status.valid),
        f"{label}: every signed byte is as it was signed",
        f"{label}: the signed bytes were changed",
    )
    rules.say(
        f"{label}-changes",
        bool(status.docmdp_ok is not False and status.bottom_line),
        f"{label}: no forbidden change since",
        f"{label}: the document was changed after this signature, or its certificate is not trusted",
    )
    rules.say(f"{label}-stamp-valid", bool(status.timestamp_validity and status.timestamp_validity.intact and status.timestamp_validity.valid and status.timestamp_validity.trusted), f"{label}: the time stamp is genuine", f"{label}: the time stamp is not genuine")  # fmt: skip
    rules.say(
        f"{label}-role",
        _has_role(status, role, store, roots, moment),
        f"{label}: the certificate proves the role",
        f"{label}: {who} is not a {label} of this firm",
    )
    rules.say(
        f"{label}-padding",
        _padding_is_zero(one),
        f"{label}: nothing hides beside the signature",
        f"{label}: foreign bytes stand beside the signature",
    )
    return Signer(str(who), label, f"{stamped:%Y-%m-%d %H:%M:%S} UTC" if stamped else "", one.field_name)


def _has_role(status: Any, role: Role, store: DocumentSecurityStore, roots: list[ax.Certificate], moment: dt.datetime) -> bool:
    """Explicit path validation with the role's policy: the ordinary path ignores policies."""
    if status.validation_path is None:
        return False
    parameters = PKIXValidationParams(
        user_initial_policy_set=frozenset([ROLE_POLICY[role]]), initial_explicit_policy=True, initial_any_policy_inhibit=True
    )
    try:
        asyncio.run(async_validate_path(_context(store, roots, moment), status.validation_path, parameters=parameters))
    except FAULTS:
        return False
    return True


def _together(found: list[Any], signers: list[Signer], rules: _Rules) -> None:
    rules.say(
        "coverage",
        found[-1].evaluate_signature_coverage().name == "ENTIRE_FILE",
        "the last signature covers the whole file",
        "the last signature does not cover the whole file",
    )
    rules.say("two-people", signers[0].name != signers[1].name, "two different people signed", "the same person signed twice")
    rules.say(
        "order",
        signers[0].time <= signers[1].time,
        "the principal signed after the reviewer",
        "the principal's time stamp is earlier than the reviewer's",
    )


def _stamp_time(one: Any) -> dt.datetime | None:
    for attribute in one.signer_info["unsigned_attrs"] or ():
        if attribute["type"].native == "signature_time_stamp_token":
            info = attribute["values"][0]["content"]["encap_content_info"]["content"]
            time: dt.datetime = (info.parsed if hasattr(info, "parsed") else info)["gen_time"].native
            return time
    return None


def _padding_is_zero(one: Any) -> bool:
    raw = bytes(one.pkcs7_content)
    return not raw[len(one.signed_data.dump()) + _header_size(raw) :].strip(b"\0")


def _header_size(raw: bytes) -> int:
    """Bytes of the ContentInfo envelope around the signed data, so that what follows it is padding."""
    _, _, _, header, content, trailer = parser.parse(raw, strict=False)
    info = cms.ContentInfo.load(raw, strict=False)
    return len(header) + len(content) + len(trailer) - len(info["content"].dump()) if info else 0


def _attachments(reader: PdfFileReader, rules: _Rules) -> manifest.Manifest | None:
    """The attached manifest, with every attached file against its digest."""
    try:
        files = attachments(reader)
        parsed = manifest.parse(files[manifest.FILE_NAME])
    except (*FAULTS, SigningError) as error:
        rules.say("manifest", False, "", f"the manifest or an attached file is missing or unreadable ({error})")
        return None
    stated = {s.name.removeprefix("extracts/"): s.digest["sha256"] for s in parsed.subject if s.name.startswith("extracts/")}
    others = {name: data for name, data in files.items() if name != manifest.FILE_NAME}
    wrong = sorted(set(stated) ^ set(others)) + sorted(n for n in set(stated) & set(others) if manifest.digest_of(others[n]) != stated[n])
    rules.say(
        "manifest",
        not wrong,
        f"all {len(others)} attached files are as the manifest states",
        f"attached files differ from the manifest: {', '.join(wrong[:3])}",
    )
    return parsed


def attachments(reader: PdfFileReader) -> dict[str, bytes]:
    """Attached files by name."""
    names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    return {str(names[i]): names[i + 1].get_object()["/EF"]["/F"].get_object().data for i in range(0, len(names), 2)}


def manifest_of(pdf: bytes) -> manifest.Manifest:
    """The manifest attached to a report, unchecked. Raises SigningError NOT_A_REPORT for any other file."""
    try:
        data = attachments(PdfFileReader(io.BytesIO(pdf)))[manifest.FILE_NAME]
    except FAULTS as error:
        raise SigningError(
            Reason.NOT_A_REPORT, "This file is not a report of the workbench: it holds no readable manifest.", "Give the issued PDF itself."
        ) from error
    return manifest.parse(data)
