"""Files whose header changes on the way."""

import pytest

from workbench.ingest import csv_source, header_changes, line_blocks
from workbench.ingest.csv_source import Member, Rejected

HEAD = "Time,V1,V2\n" + "".join(f"2026-03-16 08:00:{i:02d},{3300 + i},{3301 + i}\n" for i in range(9))


def widened(tmp_path, text):
    (tmp_path / "a.csv").write_text(text)
    member = Member(tmp_path / "a.csv")
    return member, header_changes.widened(member, csv_source.layout(member))


def test_each_stretch_is_read_with_its_own_header(tmp_path):
    member, form = widened(tmp_path, "export of site A\n" + HEAD + "Time,V2,V3\n2026-03-16 09:00:00,1,2\n")
    assert form.header == ("Time", "V1", "V2", "V3")
    rejected = Rejected()
    blocks = list(header_changes.blocks(member, form, rejected))
    assert [value for block in blocks for value in block["V2"].to_pylist()][-2:] == ["3309", "1"]
    assert [value for block in blocks for value in block["V3"].to_pylist()] == [None] * 9 + ["2"]
    assert rejected.count == 0


def test_the_same_header_again_is_no_change(tmp_path):
    assert widened(tmp_path, HEAD + "Time,V1,V2\n2026-03-16 09:00:00,1,2\n")[1] is None


@pytest.mark.parametrize("size", [37, 200, 1 << 20])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_change_is_found_wherever_blocks_are_cut(tmp_path, monkeypatch, size, end):
    monkeypatch.setattr(line_blocks, "BLOCK_BYTES", size)
    text = HEAD + 'TIME ,V2,V3\n2026-03-16 09:00:00,1,2\n"Time",V4\n2026-03-16 09:00:01,4\n'
    (tmp_path / "a.csv").write_bytes(("\ufeff" + text).replace("\n", end).encode())
    member = Member(tmp_path / "a.csv")
    form = header_changes.widened(member, csv_source.layout(member))
    assert form.header == ("Time", "V1", "V2", "V3", "V4")
    rejected = Rejected()
    rows = [
        row for block in header_changes.blocks(member, form, rejected) for row in zip(*(c.to_pylist() for c in block.values()), strict=True)
    ]
    assert rows[8:] == [
        ("2026-03-16 08:00:08", "3308", "3309", None, None), ("2026-03-16 09:00:00", None, "1", "2", None),
        ("2026-03-16 09:00:01", None, None, None, "4"),
    ]  # fmt: skip
    assert (len(rows), rejected.count) == (11, 0)


def test_rows_of_another_width_are_placed_by_the_line_of_the_file(tmp_path):
    member, form = widened(tmp_path, HEAD + "Time,V2,V3\n2026-03-16 09:00:00,1,2\n2026-03-16 09:00:01,1,2,3\n")
    rejected = Rejected()
    assert sum(len(block["Time"]) for block in header_changes.blocks(member, form, rejected)) == 10
    assert (rejected.count, rejected.first) == (1, "a.csv, row 13")


def test_a_file_of_more_than_64_megabytes_is_looked_through_too(tmp_path):
    line = "2026-03-16 08:00:00,3300,3301\n"
    with (tmp_path / "a.csv").open("w") as file:
        file.write("Time,V1,V2\n")
        for _ in range(3):
            file.write(line * 800_000)
        file.write("Time,V1,V2,V3\n2026-03-16 09:00:00,1,2,3\n")
    assert (tmp_path / "a.csv").stat().st_size > 64 << 20
    member = Member(tmp_path / "a.csv")
    assert header_changes.widened(member, csv_source.layout(member)).header == ("Time", "V1", "V2", "V3")
