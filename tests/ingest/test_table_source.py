"""What all readers of tables share: bounded blocks, a file to seek in, layouts that are possible."""

import pytest
from builders.archives import zipped

from workbench.errors import IngestError, Reason
from workbench.ingest import table_source
from workbench.ingest.csv_source import Member, Rejected


def test_blocks_hold_about_the_same_number_of_fields():
    assert table_source.batch_rows(1) == 65_536
    assert table_source.batch_rows(500) * 500 <= table_source.FIELDS_PER_BLOCK
    assert table_source.batch_rows(10**6) == 64


def test_a_file_in_a_zip_is_a_copy_that_goes(tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped(("b.bin", b"content")))
    with table_source.local(Member(tmp_path / "a.zip", "b.bin")) as path:
        assert path.read_bytes() == b"content"
    assert not path.exists()
    with table_source.local(Member(tmp_path / "a.zip")) as path:
        assert path == tmp_path / "a.zip"


def test_layouts_that_are_no_table(tmp_path):
    member = Member(tmp_path / "a.bin")
    for names, reason in ((), Reason.FILE_EMPTY), (["x"] * 200_000, Reason.FORMAT_UNKNOWN):
        with pytest.raises(IngestError) as caught:
            table_source.typed_layout(member, "x", names)
        assert caught.value.reason is reason
    form = table_source.typed_layout(member, "x", ["温度（℃）", "", "a", "a"])
    assert form.header == ("温度(℃)", "column_2", "a", "a#2")
    assert form.repeated == ("a#2",)


def test_progress_never_exceeds_the_share_of_the_file(tmp_path):
    rejected = Rejected()
    for done, total in ((0, 10), (5, 10), (20, 10), (1, 0)):
        table_source.progressed(Member(tmp_path / "a", weight=100), rejected, done, total)
        assert 0 <= rejected.bytes_read <= 100


def test_what_a_library_says_becomes_one_sentence(tmp_path):
    error = table_source.unreadable(Member(tmp_path / "a.bin"), "a table", ValueError("first line.\nsecond line"))
    assert error.message == "a.bin cannot be read as a table: first line."
    assert (
        table_source.unreadable(Member(tmp_path / "a.bin"), "a table", KeyError()).message == "a.bin cannot be read as a table: KeyError."
    )
