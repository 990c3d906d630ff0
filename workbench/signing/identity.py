"""Who may sign as what? An offline authority of the firm: one root, one intermediate per role, a time-stamping key, long-lived CRLs.

A role is proved by the policy of the certificate, not by a setting: a reviewer's key in the principal's field is refused.
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from workbench.errors import Reason, SigningError
from workbench.review.roles import Role

ARC = "2.25.305419896273645901827364590182"  # a UUID arc: unique without registration
ROLE_POLICY = {Role.REVIEWER: f"{ARC}.1", Role.PRINCIPAL: f"{ARC}.2"}
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
ROOT_DAYS, CA_DAYS, PERSON_DAYS = 7300, 3650, 1100
P12_ROUNDS = 600_000
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
TRUST_FILES = ("root.crt", "reviewers.crt", "principals.crt", "timestamps.crt", "root.crl", "reviewers.crl", "principals.crl")


@dataclass(frozen=True, slots=True)
class Identity:
    """An unlocked signing identity. The role is what the certificate says."""

    name: str
    role: Role
    not_before: dt.datetime
    not_after: dt.datetime
    p12: bytes
    passphrase: bytes
    certificate: x509.Certificate


@dataclass(frozen=True, slots=True)
class TrustBundle:
    """Public parts of a firm's authority: file name -> DER bytes."""

    files: dict[str, bytes]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the root certificate: what an engagement letter states."""
        return x509.load_der_x509_certificate(self.files["root.crt"]).fingerprint(hashes.SHA256()).hex()

    @property
    def firm(self) -> str:
        """Name of the firm in its root certificate."""
        return _common_name(x509.load_der_x509_certificate(self.files["root.crt"]), NameOID.ORGANIZATION_NAME)


def create_firm(folder: Path, firm: str, passphrase: str) -> TrustBundle:
    """Make a firm's offline authority in a new folder: public certificates and CRLs, and private keys under the passphrase."""
    if folder.exists() and any(folder.iterdir()):
        raise SigningError(Reason.KEY_UNUSABLE, f"{folder} is not empty; an authority is never overwritten.", "Choose a new folder.")
    folder.mkdir(parents=True, exist_ok=True)
    now = _now()
    root_key = ec.generate_private_key(ec.SECP256R1())
    root = _certificate(firm, "Root CA", root_key, None, root_key, now, ROOT_DAYS, ca=True)
    made: dict[str, tuple[x509.Certificate, Key]] = {"root": (root, root_key)}
    for role, stem in ((Role.REVIEWER, "reviewers"), (Role.PRINCIPAL, "principals")):
        ca_key = ec.generate_private_key(ec.SECP256R1())
        made[stem] = (
            _certificate(firm, f"{stem.capitalize()} CA", ca_key, root, root_key, now, CA_DAYS, ca=True, policy=ROLE_POLICY[role]),
            ca_key,
        )
    stamp_key = rsa.generate_private_key(65537, 3072)
    made["timestamps"] = (_certificate(firm, "Time stamps", stamp_key, root, root_key, now, CA_DAYS, ca=False, stamping=True), stamp_key)
    for stem, (certificate, key) in made.items():
        _write(folder / f"{stem}.crt", certificate.public_bytes(Encoding.DER))
        protection = BestAvailableEncryption(passphrase.encode())
        _write(folder / f"{stem}.key", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection), private=True)
        if stem != "timestamps":
            _write(folder / f"{stem}.crl", _empty_crl(certificate, key, now))
    return load_trust(folder)


def create_identity(folder: Path, name: str, role: Role, passphrase: str, authority_passphrase: str, path: Path, *, days: int = PERSON_DAYS, starts: dt.datetime | None = None) -> Path:  # fmt: skip
    """Make a person's PKCS#12 file, issued by the role's authority in `folder`."""
    stem = "reviewers" if role is Role.REVIEWER else "principals"
    issuer = x509.load_der_x509_certificate(_read(folder / f"{stem}.crt"))
    root = x509.load_der_x509_certificate(_read(folder / "root.crt"))
    issuer_key = _private(folder / f"{stem}.key", authority_passphrase)
    key = ec.generate_private_key(ec.SECP256R1())
    firm = _common_name(root, NameOID.ORGANIZATION_NAME)
    certificate = _certificate(firm, name, key, issuer, issuer_key, starts or _now(), days, ca=False, policy=ROLE_POLICY[role])
    if path.exists():
        raise SigningError(Reason.KEY_UNUSABLE, f"{path} exists already; an identity is never overwritten.", "Choose another file name.")
    protection = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(P12_ROUNDS)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
    ).build(passphrase.encode())
    _write(path, pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, [issuer, root], protection), private=True)
    return path


def load_identity(path: Path, passphrase: str, *, now: dt.datetime | None = None) -> Identity:
    """Unlock a PKCS#12 file. Raises SigningError for a wrong passphrase, another kind of file, no role, or a certificate outside its validity."""
    data = _read(path)
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(data, passphrase.encode())
    except ValueError as error:
        wrong = "password" in str(error).lower() or "mac" in str(error).lower()
        if wrong:
            raise SigningError(Reason.WRONG_PASSPHRASE, f"The passphrase does not open {path.name}.", "Try again.") from error
        raise SigningError(
            Reason.KEY_UNUSABLE, f"{path.name} is not a PKCS#12 identity.", "Give the .p12 file made by `workbench identity create`."
        ) from error
    if key is None or certificate is None:
        raise SigningError(
            Reason.KEY_UNUSABLE,
            f"{path.name} holds no key with its certificate.",
            "Give the .p12 file made by `workbench identity create`.",
        )
    name = _common_name(certificate, NameOID.COMMON_NAME)
    moment = now or _now()
    if not certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc:
        span = f"{certificate.not_valid_before_utc:%Y-%m-%d} to {certificate.not_valid_after_utc:%Y-%m-%d}"
        raise SigningError(
            Reason.CERTIFICATE_EXPIRED, f"The certificate of {name} is valid from {span}, not today.", "Have a new identity issued."
        )
    role = role_of(certificate)
    if role is None:
        raise SigningError(
            Reason.WRONG_ROLE, f"The certificate of {name} names no role of a review.", "Have an identity issued by the firm's authority."
        )
    return Identity(name, role, certificate.not_valid_before_utc, certificate.not_valid_after_utc, data, passphrase.encode(), certificate)


def role_of(certificate: x509.Certificate) -> Role | None:
    """The role a certificate's policy states, or None."""
    try:
        policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return None
    stated = {policy.policy_identifier.dotted_string for policy in policies}
    return next((role for role, oid in ROLE_POLICY.items() if oid in stated), None)


def load_trust(folder: Path) -> TrustBundle:
    """The public parts of an authority from its folder or from a project's trust folder."""
    try:
        files = {name: (folder / name).read_bytes() for name in TRUST_FILES}
        bundle = TrustBundle(files)
        _ = bundle.fingerprint
    except (OSError, ValueError) as error:
        raise SigningError(
            Reason.CERTIFICATE_UNTRUSTED,
            f"{folder} holds no complete set of certificates and CRLs of a firm.",
            "Give the folder of `workbench identity firm`.",
        ) from error
    return bundle


def check_issued_by(who: Identity, bundle: TrustBundle) -> None:
    """Raises SigningError unless the authority issued this identity and has not revoked it."""
    stem = "reviewers" if who.role is Role.REVIEWER else "principals"
    issuer = x509.load_der_x509_certificate(bundle.files[f"{stem}.crt"])
    revoked = x509.load_der_x509_crl(bundle.files[f"{stem}.crl"])
    try:
        who.certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature) as error:
        raise SigningError(
            Reason.CERTIFICATE_UNTRUSTED,
            f"The identity of {who.name} was not issued by the authority of {bundle.firm} that was given with it.",
            "Give the folder of the authority that issued it.",
        ) from error
    entry = revoked.get_revoked_certificate_by_serial_number(who.certificate.serial_number)
    if entry is not None:
        raise SigningError(
            Reason.CERTIFICATE_UNTRUSTED,
            f"{bundle.firm} revoked the identity of {who.name} on {entry.revocation_date_utc:%Y-%m-%d}.",
            "Have a new identity issued.",
        )


def stamping_key(folder: Path, passphrase: str) -> bytes:
    """The private time-stamping key of an authority as DER (PKCS#8), for this session only."""
    return _private(folder / "timestamps.key", passphrase).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _certificate(firm: str, name: str, key: Key, issuer: x509.Certificate | None, issuer_key: Key, start: dt.datetime, days: int, *, ca: bool, policy: str = "", stamping: bool = False) -> x509.Certificate:  # fmt: skip
    subject = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, firm), x509.NameAttribute(NameOID.COMMON_NAME, name if not ca else f"{firm} {name}")]
    )
    length = 0 if ca and issuer is not None else None
    usage = x509.KeyUsage(
        digital_signature=not ca, content_commitment=not ca and not stamping, key_encipherment=False, data_encipherment=False, key_agreement=False,
        key_cert_sign=ca, crl_sign=ca, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - dt.timedelta(minutes=5))
        .not_valid_after(start + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca, length), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(usage, critical=True)
    )
    if issuer is not None:  # a name is needed for a CRL to be looked for; nothing is ever fetched
        point = x509.DistributionPoint([x509.UniformResourceIdentifier("urn:workbench:crl")], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    if policy:
        builder = builder.add_extension(x509.CertificatePolicies([x509.PolicyInformation(ObjectIdentifier(policy), None)]), critical=ca)
    if policy and not ca:  # poppler wants e-mail protection beside document signing
        builder = builder.add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    if stamping:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def _empty_crl(certificate: x509.Certificate, key: Key, now: dt.datetime) -> bytes:
    """A revocation list for the life of the authority: it proves the state when a report is issued; fresh lists are published beside it."""
    crl = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(certificate.subject)
        .last_update(now - dt.timedelta(minutes=5))
        .next_update(certificate.not_valid_after_utc)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .add_extension(x509.CRLNumber(1), critical=False)
        .sign(key, hashes.SHA256())
    )
    return crl.public_bytes(Encoding.DER)


def _private(path: Path, passphrase: str) -> Key:
    try:
        key = load_pem_private_key(_read(path), passphrase.encode())
    except ValueError as error:
        raise SigningError(
            Reason.WRONG_PASSPHRASE, f"The passphrase does not open {path.name}.", "Give the authority's passphrase."
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise SigningError(Reason.KEY_UNUSABLE, f"{path.name} holds a key of another kind.", "Use an authority made by the workbench.")
    return key


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SigningError(Reason.KEY_UNUSABLE, f"{path} cannot be read: {error.strerror}.", "Check the path.") from error


def _write(path: Path, data: bytes, *, private: bool = False) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def _common_name(certificate: x509.Certificate, oid: ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
