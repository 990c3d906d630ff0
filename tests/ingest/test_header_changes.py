"""Files whose header changes on the way."""

from workbench.ingest import csv_source, header_changes
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
