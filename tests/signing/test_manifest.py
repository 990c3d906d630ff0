"""The statement round-trips and speaks in-toto."""

import json

import pytest

from workbench.errors import Reason, SigningError
from workbench.signing import manifest
from workbench.signing.manifest import Predicate

PREDICATE = Predicate(
    report="BRW-1", revision=1, prepared_ns=1, journal_entries=3, journal_head="ab", study_key="k", method="m", reviewer="Rita", principal="Paul", workbench="0.1",
    libraries={"numpy": "2"}, findings={"F-01": ["11"]},
)  # fmt: skip


def test_round_trip_and_shape():
    made = manifest.build({"window/March": "ab" * 32, "extracts/a.csv": "cd" * 32}, PREDICATE)
    data = manifest.encoded(made)
    assert manifest.parse(data) == made
    shown = json.loads(data)
    assert shown["_type"] == "https://in-toto.io/Statement/v1"
    assert [s["name"] for s in shown["subject"]] == ["extracts/a.csv", "window/March"]


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"_type": "x", "predicateType": "y"}', b"\xff\xfe"])
def test_other_bytes_are_refused(data):
    with pytest.raises(SigningError) as caught:
        manifest.parse(data)
    assert caught.value.reason is Reason.MANIFEST_MISMATCH


def test_digest():
    assert manifest.digest_of(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
