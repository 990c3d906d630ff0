"""What lies about itself is refused before a reader sees it, and what is honest is not."""

import io
import zipfile
from pathlib import Path

import pytest
from builders.archives import zipped
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import IngestError, Reason
from workbench.ingest import csv_source, gates

SHEET = b'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet><sheetData/></worksheet>'
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><worksheet>&lol2;</worksheet>'
READS = b'<?xml version="1.0"?>\n<!doctype x SYSTEM "file:///etc/passwd"><worksheet/>'


def written(tmp_path, data):
    (tmp_path / "a.zip").write_bytes(data)
    return tmp_path / "a.zip"


def checked(path):
    with zipfile.ZipFile(path) as archive:
        gates.check_archive(path, archive.infolist())


def refusal(act, path):
    with pytest.raises(IngestError) as caught:
        act(path)
    assert caught.value.reason is Reason.ARCHIVE_UNSAFE
    assert caught.value.message.startswith("a.zip holds ")
    assert caught.value.message.endswith(".")
    return caught.value.message


def overlapping():
    """Two entries of the directory that point at the same bytes, as the densest bombs do."""
    data = zipped(("a.csv", b"1,2\n" * 900), compression=zipfile.ZIP_STORED)
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as archive:
        first = archive.infolist()[0]
        twin = zipfile.ZipInfo("b.csv")
        twin.header_offset, twin.file_size, twin.compress_size, twin.CRC = (
            first.header_offset,
            first.file_size,
            first.compress_size,
            first.CRC,
        )
        archive.filelist.append(twin)
        archive.NameToInfo["b.csv"] = twin
        archive._didModify = True
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (zipped(("../x.csv", b"1")), "leads out"),
        (zipped(("C:\\x.csv", b"1")), "leads out"),
        (zipped(("a\\..\\..\\x.csv", b"1")), "leads out"),
        (zipped(("link", b"/etc/passwd"), external_attr=0o120777 << 16), "a link"),
        (zipped(("a.csv", b"0" * 5_000_000)), "claims 5,000,000 bytes"),
        (zipped(("a.csv", b"1"), ("a.csv", b"2")), "two files of one name"),
        (overlapping(), "two files in the same bytes: a.csv and b.csv"),
        (zipped(("a\x07.csv", b"1")), "cannot be printed"),
        (zipped(("a" * 2000, b"1")), "cannot be printed"),
    ],
)
def test_archives_that_lie(tmp_path, data, what):
    path = written(tmp_path, data)
    assert what in refusal(checked, path)
    assert what in refusal(lambda p: csv_source.members([p]), path), "the reader asks the gate"


def test_absurd_numbers_and_sizes(monkeypatch, tmp_path):
    path = written(tmp_path, zipped(*((f"{i}.csv", b"1,2\n") for i in range(50))))
    checked(path)
    monkeypatch.setattr(gates, "MAX_MEMBERS", 49)
    assert "50 files" in refusal(checked, path)
    monkeypatch.setattr(gates, "MAX_MEMBERS", 50)
    monkeypatch.setattr(gates, "MAX_DECLARED", 199)
    assert "200 bytes together" in refusal(checked, path)


@given(
    st.lists(
        st.tuples(st.from_regex(r"[a-z]{1,8}/[a-z]{1,8}\.csv", fullmatch=True), st.binary(max_size=3000)),
        max_size=12,
        unique_by=lambda f: f[0],
    )
)
def test_honest_archives_pass(files):
    buffer = io.BytesIO(zipped(*files))
    with zipfile.ZipFile(buffer) as archive:
        gates.check_archive(Path("a.zip"), archive.infolist())


def test_an_archive_inside_an_archive_is_not_opened(tmp_path):
    inner = zipped(("../../x.csv", b"1"))
    path = written(tmp_path, zipped(("inner.zip", inner)))
    with pytest.raises(IngestError) as caught:
        csv_source.layout(csv_source.members([path])[0])
    assert caught.value.reason is Reason.FORMAT_UNKNOWN


@pytest.mark.parametrize(
    ("part", "fine"),
    [
        (SHEET, True),
        (LAUGHS, False),
        (READS, False),
        (LAUGHS.decode().encode("utf-16"), False),
        (b" " * 70_000 + SHEET[39:], False),
        (b"", True),
    ],
)
def test_parts_of_a_workbook(tmp_path, part, fine):
    path = written(tmp_path, zipped(("[Content_Types].xml", SHEET), ("xl/worksheets/sheet1.xml", part), ("xl/media/a.png", LAUGHS)))
    if fine:
        check_workbook(path)
    else:
        assert "sheet1.xml" in refusal(check_workbook, path)


def check_workbook(path):
    with zipfile.ZipFile(path) as archive:
        gates.check_workbook(path, archive)


def test_a_workbook_is_an_archive_too(tmp_path, monkeypatch):
    assert "leads out" in refusal(check_workbook, written(tmp_path, zipped(("../a.xml", SHEET))))
    monkeypatch.setattr(gates, "MAX_XML", 10)
    assert "claims" in refusal(check_workbook, written(tmp_path, zipped(("a.xml", SHEET))))


def test_saved_files_have_a_size(tmp_path, monkeypatch):
    (tmp_path / "m.json").write_bytes(b"123456")
    assert gates.saved_bytes(tmp_path / "m.json") == b"123456"
    monkeypatch.setattr(gates, "MAX_SAVED", 5)
    with pytest.raises(ValueError, match="larger than"):
        gates.saved_bytes(tmp_path / "m.json")
