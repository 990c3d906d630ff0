"""Layouts of real files, rows of any shape, and archives that must not be opened."""

import zipfile

import pytest
from builders.archives import FLAGS, METHOD, with_header, zipped
from builders.exports import Table
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import IngestError, Reason
from workbench.ingest import csv_source
from workbench.ingest.csv_source import Member, Rejected

ONE = ("a.csv", b"t,a\n1,2\n3,4\n")


def rows_of(path):
    """(rows, what was rejected)."""
    member, rejected = Member(path), Rejected()
    read = [block["a"].to_pylist() for block in csv_source.blocks(member, csv_source.layout(member), rejected)]
    return [text for block in read for text in block], rejected


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


@pytest.mark.parametrize("above", ["Export of site A\nmade by logger 7", "Export\n\n\n", "\n\n"])
def test_lines_above_the_header_are_skipped_blank_ones_too(tmp_path, above):
    path = Table(rows=30).write(tmp_path / "a.csv", above=above)
    form, rejected = csv_source.layout(Member(path)), Rejected()
    assert form.header[0] == "Time"
    first = next(csv_source.blocks(Member(path), form, rejected))["Time"][0].as_py()
    assert first == "2026-03-02 08:00:00"
    assert rejected.count == 0


def test_control_characters_of_windows_do_not_end_lines(tmp_path):
    (tmp_path / "a.csv").write_bytes("t,a,Bemerkung… für\n".encode("cp1252") + b"1,2,3\n" * 9)
    assert len(csv_source.layout(Member(tmp_path / "a.csv")).header) == 3


@given(st.lists(st.sampled_from(["", "V1", "V1#2", "column_1", "column_2", "Fan"]), max_size=12))
def test_columns_of_the_same_name_stay_apart(names):
    made, repeated = csv_source.unique(names)
    assert len(set(made)) == len(names)
    assert all(new == old for old, new in zip(names, made, strict=True) if names.count(old) == 1 and old)
    assert len(repeated) == sum(new != old for old, new in zip(names, made, strict=True) if old)


def test_a_headerless_neighbour_takes_the_header_before_it(tmp_path):
    first = csv_source.layout(Member(Table(rows=30).write(tmp_path / "a.csv")))
    second = Member(Table(rows=30).write(tmp_path / "b.csv", header=False))
    form = csv_source.layout(second, first)
    assert not form.has_header
    assert form.header == first.header
    with pytest.raises(IngestError, match="line 1 holds values where a header is expected"):
        csv_source.layout(second)


def test_rows_of_another_width_are_counted_not_read(tmp_path):
    (tmp_path / "a.csv").write_text("t,a,b\n1,2,3\n1,2\n1,2,3,4\n2,3,4\n")
    read, rejected = rows_of(tmp_path / "a.csv")
    assert (read, rejected.count) == (["2", "3"], 2)
    assert rejected.first == "a.csv, row 3"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("at", [0, 700])
def test_a_stray_quote_costs_its_own_row_only(tmp_path, newline, at):
    lines = [f"{i},{i}" for i in range(1000)]
    lines[at] = f'{at},"{at}'
    (tmp_path / "a.csv").write_bytes((newline.join(["t,a", *lines]) + newline).encode())
    read, rejected = rows_of(tmp_path / "a.csv")
    assert sorted(read, key=int) == [str(i) for i in range(1000) if i != at]
    assert rejected.count == 1


@pytest.mark.parametrize("data", [b"t,a", b"t,a\n", b"\xef\xbb\xbft,a\r\n"])
def test_a_header_alone_holds_no_rows(tmp_path, data):
    (tmp_path / "a.csv").write_bytes(data)
    assert rows_of(tmp_path / "a.csv")[0] == []


def test_foreign_bytes_far_into_the_file_are_counted_with_their_place(tmp_path):
    data = b"t,a\n" + b"1,2\n" * 100_000
    (tmp_path / "a.csv").write_bytes(data[:300_006] + b"\xe9" + data[300_007:])
    read, rejected = rows_of(tmp_path / "a.csv")
    assert len(read) == 100_000
    assert (rejected.misfit.count, rejected.misfit.first, rejected.bytes_read) == (1, 300_006, len(data))


def test_members_of_folders_and_zips_in_order_without_litter(tmp_path):
    names = ("R02.csv", "R01.csv", "readme.pdf", "__MACOSX/R01.csv", "x/.DS_Store")
    (tmp_path / "b.zip").write_bytes(zipped(*((name, "t,a\n1,2\n") for name in names)))
    (tmp_path / "a.csv").write_text("t,a\n1,2\n")
    (tmp_path / ".DS_Store").write_bytes(b"Bud1")
    found = csv_source.members([tmp_path])
    assert [m.name for m in found] == ["a.csv", "b.zip/R01.csv", "b.zip/R02.csv", "b.zip/readme.pdf"]
    assert not any(m.asked for m in found)
    assert csv_source.members([tmp_path / "a.csv"])[0].asked


UNSAFE = {
    "up": zipped(("../../etc/cron.csv", b"")), "absolute": zipped(("/etc/x.csv", b"")), "drive": zipped(("C:\\x.csv", b"")), "backslash": zipped(("a\\..\\..\\x.csv", b"")),
    "link": zipped(("a.csv", b"/etc/passwd"), external_attr=0o120777 << 16), "bomb": zipped(("a.csv", b"0" * 50_000_000)), "twice": zipped(ONE, ONE), "line break": zipped(("a\nb.csv", b"")),
    "encrypted": with_header(zipped(ONE), FLAGS, 0x01), "strongly encrypted": with_header(zipped(ONE), FLAGS, 0x41),
}  # fmt: skip


@pytest.mark.parametrize("what", UNSAFE)
def test_unsafe_archives_are_refused_before_anything_is_read(tmp_path, what):
    (tmp_path / "a.zip").write_bytes(UNSAFE[what])
    with pytest.raises(IngestError) as caught:
        csv_source.members([tmp_path / "a.zip"])
    assert caught.value.reason is Reason.ARCHIVE_UNSAFE


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compressions_are_read_and_unknown_ones_said(tmp_path, compression):
    (tmp_path / "a.zip").write_bytes(zipped(ONE, compression=compression))
    (member,) = csv_source.members([tmp_path / "a.zip"])
    assert csv_source.layout(member).header == ("t", "a")
    (tmp_path / "a.zip").write_bytes(with_header(zipped(ONE, compression=compression), METHOD, 98))
    with pytest.raises(IngestError, match="compression"):
        csv_source.layout(member)


def test_the_digest_is_that_of_the_file(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"")
    assert csv_source.digest_of(tmp_path / "a.csv").sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(IngestError) as caught:
        csv_source.members([tmp_path / "no.csv"])
    assert caught.value.reason is Reason.FILE_MISSING
