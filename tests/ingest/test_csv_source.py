"""Layouts of real files, and archives that must not be opened."""

import io
import zipfile

import pytest
from builders.exports import Table

from workbench.errors import IngestError, Reason
from workbench.ingest import csv_source
from workbench.ingest.csv_source import Member, Rejected


@pytest.mark.parametrize(("delimiter", "decimal"), [(",", "."), (";", ","), (";", "."), ("\t", "."), ("|", ".")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_layouts(tmp_path, delimiter, decimal, encoding):
    path = Table(rows=30).write(
        tmp_path / "a.csv", delimiter=delimiter, decimal=decimal, unit="V", encoding=encoding, extra={"Größe": ["1"] * 30}
    )
    form = csv_source.layout(Member(path))
    assert (form.delimiter, form.decimal, form.skip) == (delimiter, decimal, 0)
    assert form.header[0] == "Time"
    assert form.header[-1] == "Größe"


def test_lines_above_the_header_are_skipped(tmp_path):
    path = Table(rows=30).write(tmp_path / "a.csv", above="Export of site A\nmade by logger 7")
    assert csv_source.layout(Member(path)).skip == 2


def test_columns_of_the_same_name_stay_apart(tmp_path):
    (tmp_path / "a.csv").write_text("t,V1,V1,\n" + "1,2,3,4\n" * 5)
    assert csv_source.layout(Member(tmp_path / "a.csv")).header == ("t", "V1", "V1#2", "column_4")


def test_a_headerless_neighbour_takes_the_header_before_it(tmp_path):
    first = csv_source.layout(Member(Table(rows=30).write(tmp_path / "a.csv")))
    second = Member(Table(rows=30).write(tmp_path / "b.csv", header=False))
    form = csv_source.layout(second, first)
    assert not form.has_header
    assert form.header == first.header
    with pytest.raises(IngestError, match="header is expected"):
        csv_source.layout(second)


def test_rows_of_another_width_are_counted_not_read(tmp_path):
    (tmp_path / "a.csv").write_text("t,a,b\n1,2,3\n1,2\n1,2,3,4\n2,3,4\n")
    member, rejected = Member(tmp_path / "a.csv"), Rejected()
    rows = sum(len(block["t"]) for block in csv_source.blocks(member, csv_source.layout(member), rejected))
    assert (rows, rejected.count) == (2, 2)
    assert "a.csv" in rejected.first


def test_members_of_folders_and_zips_in_order(tmp_path):
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        for name in ("R02.csv", "R01.csv", "readme.pdf", "__MACOSX/R01.csv"):
            archive.writestr(name, "t,a\n1,2\n")
    (tmp_path / "a.csv").write_text("t,a\n1,2\n")
    assert [m.name for m in csv_source.members([tmp_path])] == ["a.csv", "b.zip/R01.csv", "b.zip/R02.csv"]


def evil(name="a.csv", data=b"t,a\n1,2\n", **changes):
    info = zipfile.ZipInfo(name)
    for key, value in changes.items():
        setattr(info, key, value)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [evil("../../etc/cron.csv"), evil("/etc/x.csv"), evil("C:\\x.csv"), evil("a\\..\\..\\x.csv"), evil(external_attr=0o120777 << 16), evil(data=b"0" * 50_000_000)],
    ids=["up", "absolute", "drive", "backslash", "link", "bomb"],
)  # fmt: skip
def test_unsafe_archives_are_refused(tmp_path, data):
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(IngestError) as caught:
        csv_source.members([tmp_path / "a.zip"])
    assert caught.value.reason is Reason.ARCHIVE_UNSAFE


def test_the_digest_is_that_of_the_file(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"")
    assert csv_source.digest_of(tmp_path / "a.csv").sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(IngestError) as caught:
        csv_source.members([tmp_path / "no.csv"])
    assert caught.value.reason is Reason.FILE_MISSING
