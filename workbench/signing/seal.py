"""Sign a report in the sealed order: the reviewer certifies, all proofs are stored, the principal signs last and covers every byte."""

from __future__ import annotations

import datetime as dt
import io
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import crl as acrl
from asn1crypto import keys as akeys
from asn1crypto import x509 as ax
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError as PyhankoSigningError
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from workbench.errors import Reason, SigningError
from workbench.review.roles import Role
from workbench.signing.identity import Identity, TrustBundle

FIELDS = {Role.REVIEWER: "ReviewerSig", Role.PRINCIPAL: "PrincipalSig"}
logging.getLogger("pyhanko").setLevel(logging.ERROR)  # it warns that the stricter field lock wins: that is what we want


@dataclass(frozen=True, slots=True)
class StampKey:
    """A local time-stamping authority: its key (PKCS#8 DER) for this session. fixed: a clock for tests."""

    key: bytes
    fixed: dt.datetime | None = None

    def stamper(self, trust: TrustBundle) -> DummyTimeStamper:
        """The RFC 3161 client that signs with it."""
        store = SimpleCertificateStore()
        store.register(ax.Certificate.load(trust.files["root.crt"]))
        return DummyTimeStamper(
            ax.Certificate.load(trust.files["timestamps.crt"]), akeys.PrivateKeyInfo.load(self.key), store, fixed_dt=self.fixed
        )


def reviewer_seal(pdf: bytes, identity: Identity, stamp: StampKey, trust: TrustBundle, appearance: bytes) -> bytes:
    """Certify the rendered report as reviewer; then store every chain and revocation list, so that it can be checked in decades."""
    _need(identity, Role.REVIEWER)
    certified = _signed(pdf, identity, stamp, trust, appearance, certify=True)
    whole = io.BytesIO(certified)
    certificates = [ax.Certificate.load(trust.files[n]) for n in ("root.crt", "reviewers.crt", "principals.crt", "timestamps.crt")]
    lists = [acrl.CertificateList.load(trust.files[n]) for n in ("root.crl", "reviewers.crl", "principals.crl")]
    DocumentSecurityStore.add_dss(whole, None, certs=certificates, crls=lists, force_write=True)
    return whole.getvalue()


def principal_seal(pdf: bytes, identity: Identity, stamp: StampKey, trust: TrustBundle, appearance: bytes) -> bytes:
    """Sign last: the field's lock forbids every later change."""
    _need(identity, Role.PRINCIPAL)
    return _signed(pdf, identity, stamp, trust, appearance, certify=False)


def _signed(pdf: bytes, identity: Identity, stamp: StampKey, trust: TrustBundle, appearance: bytes, *, certify: bool) -> bytes:
    signer = signers.SimpleSigner.load_pkcs12_data(
        identity.p12, other_certs=[ax.Certificate.load(trust.files["root.crt"])], passphrase=identity.passphrase
    )
    if signer is None:
        raise SigningError(Reason.KEY_UNUSABLE, f"The identity of {identity.name} cannot sign.", "Have a new identity issued.")
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELDS[identity.role],
        certify=certify,
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        name=identity.name,
        reason=f"signed as {identity.role.value}",
    )
    with tempfile.TemporaryDirectory(prefix="workbench-stamp-") as folder:
        drawn = Path(folder) / "stamp.pdf"
        drawn.write_bytes(appearance)
        style = StaticStampStyle.from_pdf_file(str(drawn), border_width=0)
        try:
            writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
            done = signers.PdfSigner(metadata, signer, timestamper=stamp.stamper(trust), stamp_style=style).sign_pdf(
                writer, existing_fields_only=True
            )
        except (PdfError, PyhankoSigningError, ValueError) as error:
            raise SigningError(Reason.NOT_A_REPORT, f"The report cannot be signed: {error}.", "Render it again.") from error
    return bytes(done.getvalue())


def _need(identity: Identity, role: Role) -> None:
    if identity.role is not role:
        raise SigningError(
            Reason.WRONG_ROLE,
            f"{identity.name} holds a {identity.role.value}'s certificate and cannot sign as {role.value}.",
            f"Use the {role.value}'s identity.",
        )
