"""Repairs and sources compare by value and cannot be altered."""

import pytest

from workbench.asset.plain import canonical, revive
from workbench.asset.provenance import Repair, SourceFile


def test_a_repair_cannot_be_rewritten():
    repair = Repair(rule="sign", place="a.csv, I", count=3, detail="reversed")
    with pytest.raises(AttributeError):
        repair.count = 0


def test_equal_sources_are_one():
    assert len({SourceFile(name="a", size_bytes=1, sha256="00"), SourceFile(name="a", size_bytes=1, sha256="00")}) == 1


def test_a_repair_keeps_its_evidence_through_the_file():
    repair = Repair(rule="scale", place="a.csv, V", count=9, detail="mV", evidence="median 3304", first="2026-03-01")
    assert revive(canonical(repair), Repair) == repair


def test_a_source_without_its_digest_is_refused():
    with pytest.raises(ValueError, match="sha256"):
        revive(b'{"name":"a.csv","size_bytes":1}', SourceFile)
