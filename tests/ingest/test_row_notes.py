"""Rows that were not read, in words."""

from workbench.ingest import row_notes
from workbench.ingest.csv_source import Rejected
from workbench.ingest.repairs import Ledger
from workbench.ingest.restarts import ElapsedClock


def test_every_kind_of_row_has_its_line():
    rejected = Rejected(count=3, first="row 7", timeless=2)
    rejected.widths.update({1: 2, -2: 1})
    rejected.odd.update({"list-length": 4})
    ledger = Ledger()
    row_notes.noted(ledger, "a.csv", "utf-8", rejected, ElapsedClock(strays=5, restarts=1, first=9))
    lines = {r.rule: (r.count, r.first) for r in ledger.repairs()}
    assert lines == {
        "row-rejected": (3, "row 7"), "list-length": (4, ""), "clock-stray": (5, "row 10"), "clock-restart": (1, "row 10"), "time-unreadable": (2, ""),
    }  # fmt: skip


def test_how_many_fields_too_many():
    rejected = Rejected()
    rejected.widths.update({1: 2, -2: 1})
    assert row_notes.widths(rejected).endswith("(2 with 1 more, 1 with 2 fewer)")
    assert row_notes.widths(Rejected()).endswith("not read")


def test_a_sound_file_has_no_line():
    ledger = Ledger()
    row_notes.noted(ledger, "a.csv", "utf-8", Rejected(), None)
    assert ledger.repairs() == ()
