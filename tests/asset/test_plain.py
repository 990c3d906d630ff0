"""Equal values give equal bytes, and bytes give the value back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.asset.plain import canonical, digest, plain, revive, revive_plain
from workbench.asset.provenance import Repair, SourceFile

TEXT = st.text(max_size=40)
REPAIRS = st.builds(Repair, rule=TEXT, place=TEXT, count=st.integers(0, 2**40), detail=TEXT, evidence=TEXT, first=TEXT)


@given(REPAIRS)
def test_round_trip(repair):
    assert revive(canonical(repair), Repair) == repair
    assert revive_plain(plain(repair), Repair) == repair


@given(st.dictionaries(TEXT, st.integers(-(2**53), 2**53)))
def test_the_order_of_keys_does_not_change_the_bytes(values):
    assert canonical(values) == canonical(dict(reversed(list(values.items()))))


def test_the_digest_is_sha256_of_the_bytes():
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize(
    "data", [b"{", b'{"name":"a"}', b'{"name":"a","size_bytes":"x","sha256":""}', b'{"name":"a","size_bytes":1,"sha256":"","more":1}']
)
def test_what_does_not_fit_is_refused_with_a_reason(data):
    with pytest.raises(ValueError, match=r"\w"):
        revive(data, SourceFile)
