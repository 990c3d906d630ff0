"""Only the right role signs, and only a prepared report can be signed."""

import pytest
from builders.site import SECRET

from workbench.errors import Reason, SigningError
from workbench.report.pdf import stamp
from workbench.signing import identity, seal


@pytest.fixture(scope="module")
def keys(credentials):
    who = [identity.load_identity(given.identity, SECRET) for given in credentials]
    return who, seal.StampKey(identity.stamping_key(credentials[0].firm, SECRET)), identity.load_trust(credentials[0].firm)


def test_a_key_of_the_other_role_does_not_sign(keys):
    (reviewer, principal), stamp_key, trust = keys
    for act, wrong in ((seal.reviewer_seal, principal), (seal.principal_seal, reviewer)):
        with pytest.raises(SigningError) as caught:
            act(b"%PDF-1.7", wrong, stamp_key, trust, b"")
        assert caught.value.reason is Reason.WRONG_ROLE


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7\nnot really", b"PK\x03\x04"])
def test_what_is_no_report_is_not_signed(keys, pdf):
    (reviewer, _), stamp_key, trust = keys
    with pytest.raises(SigningError) as caught:
        seal.reviewer_seal(pdf, reviewer, stamp_key, trust, stamp("Rita", "Reviewer", "today"))
    assert caught.value.reason is Reason.NOT_A_REPORT


def test_signing_only_appends(issued_site, session):
    first = issued_site.pdf.find(b"%%EOF") + 6
    assert issued_site.pdf[:first].startswith(b"%PDF")
    assert issued_site.pdf.count(b"%%EOF") >= 4, "rendering, reviewer, proofs, principal"
