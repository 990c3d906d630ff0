"""Read-outs of counters: every bin with its place, what does not add up, and files that are none."""

import pytest

from workbench.errors import IngestError, Reason
from workbench.ingest import counters, recognition
from workbench.ingest.csv_source import Member
from workbench.jobs.progress import Progress

TEXT = """Data retrieved: 04/03/2018 @ 06:13:30,,,,
Mfg Data (ASCII): PACK-7......,,,,
<Battery Current (A)>,,,,
,< 0,0,>= 10,,TOTAL
 ,1,2,3,,6
MODULE 1,,,,
Mfg Data (ASCII): M-1...,,,,
<Cell Voltages (V)>,,,,
,< 2.0,2,>= 4.0,,TOTAL
CELL 1,0,100,1,,101
CELL 2,0,100,1,,101
CELL 3,0,90,1,,101
MODULE 2,,,,
Mfg Data (ASCII): M-2...,,,,
<Cell Voltages (V)>,,,,
,< 2.0,2,>= 4.0,,TOTAL
CELL 1,0,40,1,,41
"""


def written(tmp_path, text=TEXT, name="p.csv"):
    (tmp_path / name).write_text(text)
    return Member(tmp_path / name)


def test_fields_bins_and_counts_have_their_places(tmp_path):
    sheet = counters.read(written(tmp_path))
    assert (sheet.serial, sheet.retrieved) == ("PACK-7", "2018-04-03 06:13:30")
    assert sheet.serials() == {"": "PACK-7", "module 1": "M-1", "module 2": "M-2"}
    current, cells, _ = sheet.tables
    assert (current.title, current.unit, current.bins) == ("Battery Current (A)", "A", ("< 0", "0", ">= 10"))
    assert (current.rows[0].counts, current.rows[0].total, current.rows[0].row) == ((1, 2, 3), 6, 5)
    assert [row.label for row in cells.rows] == ["CELL 1", "CELL 2", "CELL 3"]
    assert sheet.clocks() == {"": 6, "module 1": 101, "module 2": 41}


def test_what_does_not_add_up_is_said(tmp_path):
    notes = counters.read(written(tmp_path)).notes
    assert any("module 1 CELL 3" in note and "91" in note and "101" in note for note in notes)
    assert any("between 41 and 101" in note for note in notes)


def test_a_read_out_is_no_window(tmp_path):
    member = written(tmp_path)
    assert counters.recognised(member)
    assert counters.alone([member.path])
    with pytest.raises(IngestError) as told:
        recognition.inspect([member.path], Progress())
    assert told.value.reason is Reason.TIME_MISSING
    assert "lifetime counters" in told.value.message


def test_a_table_with_time_is_no_read_out(tmp_path):
    assert not counters.recognised(written(tmp_path, "Time,V1\n2026-03-02 08:00:00,3.3\n"))


def test_a_read_out_cut_short_is_refused(tmp_path):
    with pytest.raises(IngestError, match="ends inside its section"):
        counters.read(written(tmp_path, TEXT[: TEXT.index("CELL 1,0,40")]))


def test_the_read_outs_of_two_buses(shared_data):
    one, two = counters.sheets([shared_data / "bus-counters"])
    assert (one.serial, two.serial) == ("364A1583G100-14B0059", "364A1583G100-14F0154")
    assert len(one.serials()) == 17
    assert len(one.tables) == len(two.tables) == 4 + 16 * 4
    assert one.clocks()["module 8"] == 21_760_128
    assert any("not all of them were in this pack" in note for note in one.notes)
    assert all(sum(row.counts) == row.total for sheet in (one, two) for table in sheet.tables for row in table.rows if row.total >= 0)
