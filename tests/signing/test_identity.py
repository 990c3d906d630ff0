"""Roles stand in certificates, keys open with their passphrase only, and nothing is overwritten."""

import datetime as dt
import stat

import pytest
from builders.site import SECRET
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs12

from workbench.errors import Reason, SigningError
from workbench.review.roles import Role
from workbench.signing import identity


def test_an_identity_opens_with_name_and_role(credentials):
    for given, role, name in zip(credentials, (Role.REVIEWER, Role.PRINCIPAL), ("Rita Example", "Paul Example"), strict=True):
        who = identity.load_identity(given.identity, SECRET)
        assert (who.name, who.role) == (name, role)
        assert who.not_before < dt.datetime.now(dt.UTC) < who.not_after


def test_keys_are_readable_by_their_owner_only(credentials):
    for path in (credentials[0].identity, credentials[0].firm / "reviewers.key"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


@pytest.mark.parametrize(
    ("when", "reason"), [(dt.timedelta(days=4000), Reason.CERTIFICATE_EXPIRED), (-dt.timedelta(days=1), Reason.CERTIFICATE_EXPIRED)]
)
def test_a_certificate_outside_its_validity_is_refused_with_dates(credentials, when, reason):
    with pytest.raises(SigningError, match=r"valid from \d{4}-\d\d-\d\d to") as caught:
        identity.load_identity(credentials[0].identity, SECRET, now=dt.datetime.now(dt.UTC) + when)
    assert caught.value.reason is reason


def test_a_wrong_passphrase_is_said_without_the_passphrase(credentials):
    with pytest.raises(SigningError) as caught:
        identity.load_identity(credentials[0].identity, "hunter2")
    assert caught.value.reason is Reason.WRONG_PASSPHRASE
    assert "hunter2" not in str(caught.value)
    with pytest.raises(SigningError) as caught:
        identity.stamping_key(credentials[0].firm, "hunter2")
    assert caught.value.reason is Reason.WRONG_PASSPHRASE


@pytest.mark.parametrize("data", [b"", b"not a key", b"\x30\x82" + b"\0" * 100])
def test_another_file_is_no_identity(tmp_path, data):
    (tmp_path / "me.p12").write_bytes(data)
    with pytest.raises(SigningError) as caught:
        identity.load_identity(tmp_path / "me.p12", SECRET)
    assert caught.value.reason is Reason.KEY_UNUSABLE


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(SigningError, match="cannot be read"):
        identity.load_identity(tmp_path / "me.p12", SECRET)


def test_nothing_is_overwritten(credentials):
    with pytest.raises(SigningError, match="never overwritten"):
        identity.create_firm(credentials[0].firm, "Others", SECRET)
    with pytest.raises(SigningError, match="never overwritten"):
        identity.create_identity(credentials[0].firm, "Eve", Role.REVIEWER, SECRET, SECRET, credentials[0].identity)


def test_trust_is_public_and_complete(credentials, tmp_path):
    trust = identity.load_trust(credentials[0].firm)
    assert trust.firm == "Engineers"
    assert len(trust.fingerprint) == 64
    assert not any(b"PRIVATE" in data for data in trust.files.values())
    for name, data in trust.files.items():
        (tmp_path / name).write_bytes(data)
    assert identity.load_trust(tmp_path) == trust
    (tmp_path / "root.crl").unlink()
    with pytest.raises(SigningError) as caught:
        identity.load_trust(tmp_path)
    assert caught.value.reason is Reason.CERTIFICATE_UNTRUSTED


def test_an_identity_belongs_to_the_firm_that_issued_it_and_has_not_revoked_it(credentials, tmp_path):
    who, trust = identity.load_identity(credentials[0].identity, SECRET), identity.load_trust(credentials[0].firm)
    identity.check_issued_by(who, trust)
    identity.create_firm(tmp_path / "f", "Engineers", SECRET)  # of the very same name
    other = identity.load_trust(tmp_path / "f")
    with pytest.raises(SigningError, match="was not issued by the authority of Engineers"):
        identity.check_issued_by(who, other)
    path = identity.create_identity(tmp_path / "f", "Rita Example", Role.REVIEWER, SECRET, SECRET, tmp_path / "r.p12")
    mine = identity.load_identity(path, SECRET)
    identity.check_issued_by(mine, other)
    with pytest.raises(SigningError, match=r"Engineers revoked the identity of Rita Example on 20\d\d-"):
        identity.check_issued_by(mine, revoking(other, tmp_path / "f" / "reviewers.key", path))


def revoking(bundle, key_file, p12):
    """The same authority with a list that names the certificate."""
    certificate = pkcs12.load_pkcs12(p12.read_bytes(), SECRET.encode()).cert.certificate
    now = dt.datetime.now(dt.UTC)
    entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(now).build()
    key = load_pem_private_key(key_file.read_bytes(), SECRET.encode())
    made = x509.CertificateRevocationListBuilder().issuer_name(certificate.issuer).last_update(now).next_update(now + dt.timedelta(days=9))
    crl = made.add_revoked_certificate(entry).sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
    return identity.TrustBundle(bundle.files | {"reviewers.crl": crl})
