"""Repairs and sources compare by value and cannot be altered."""

import pytest

from workbench.asset.provenance import Repair, SourceFile


def test_a_repair_cannot_be_rewritten():
    repair = Repair(rule="sign", place="a.csv, I", count=3, detail="reversed")
    with pytest.raises(AttributeError):
        repair.count = 0


def test_equal_sources_are_one():
    assert len({SourceFile(name="a", size_bytes=1, sha256="00"), SourceFile(name="a", size_bytes=1, sha256="00")}) == 1
