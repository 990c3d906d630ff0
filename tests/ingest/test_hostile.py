"""Whatever is handed in: a window with every repair listed, or one clear sentence; never a raw failure, never half a window."""

import gzip
import io
import zipfile

import pytest
from builders.exports import Table, read, read_into

from workbench.errors import IngestError, Reason

HEADER = "Time,CellV001_mV,CellV002_mV,CellV003_mV,Current_A\n"
ROW = "2026-03-02 08:00:{:02d},3300,3301,3302,10.0\n"


def rows(count):
    return "".join(ROW.format(i % 60) for i in range(count))


def encrypted():
    data = bytearray(zipped("a.csv", (HEADER + rows(5)).encode()))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + at] |= 1
    return bytes(data)


def zipped(name, data):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


def damaged_zip():
    data = bytearray(zipped("a.csv", (HEADER + rows(3000)).encode()))
    data[60:200] = bytes(140)
    return bytes(data)


REFUSED = {
    "empty": ("a.csv", b"", Reason.FILE_EMPTY), "blank": ("a.csv", b"\n \n\n", Reason.FILE_EMPTY), "pdf": ("a.csv", b"%PDF-1.7\n\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n", None),
    "picture": ("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(200), Reason.FORMAT_UNKNOWN), "html": ("a.csv", b"<html><body><p>Login</p></body></html>\n" * 5, None),
    "prose": ("a.csv", b"Dear reviewer\nhere are the data\nkind regards\n", Reason.FORMAT_UNKNOWN), "header only": ("a.csv", HEADER.encode(), None),
    "one row": ("a.csv", (HEADER + ROW.format(1)).encode(), Reason.TOO_FEW_ROWS), "no time": ("a.csv", b"CellV001_mV,CellV002_mV\n" + b"3300,3301\n3302,3301\n" * 9, Reason.TIME_MISSING),
    "no cells": ("a.csv", ("Time,Fan\n" + "2026-03-02 08:00:00,5\n2026-03-02 08:00:10,6\n" * 5).encode(), Reason.COLUMNS_UNMAPPED),
    "all sentinel": ("a.csv", (HEADER + rows(30)).replace("3300", "65535").replace("3301", "65535").replace("3302", "65535").encode(), None),
    "nul bytes": ("a.csv", (HEADER + rows(5)).encode().replace(b"3300", b"33\x0000"), Reason.FORMAT_UNKNOWN), "gzip": ("a.csv.gz", gzip.compress((HEADER + rows(9)).encode()), None),
    "cut zip": ("a.zip", zipped("a.csv", (HEADER + rows(500)).encode())[:300], None), "damaged zip": ("a.zip", damaged_zip(), None), "zip without tables": ("a.zip", zipped("a.pdf", b"x"), Reason.FORMAT_UNKNOWN),
    "encrypted zip": ("a.zip", encrypted(), Reason.ARCHIVE_UNSAFE), "numbers only": ("a.csv", b"1,2,3\n4,5,6\n7,8,9\n", None), "no header": ("a.csv", rows(9).encode(), Reason.TIME_MISSING),
    "one endless line": ("a.csv", b"x" * 5_000_000, None), "unknown extension of nonsense": ("a.bin", bytes(range(256)) * 40, None),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_refused_with_one_sentence_and_nothing_left(tmp_path, what):
    from workbench.store.project import Project

    name, data, reason = REFUSED[what]
    path = tmp_path / name
    path.write_bytes(data)
    with Project.create(tmp_path / "p.bessreview") as project:
        with pytest.raises(IngestError) as caught:
            read_into(project, path)
        assert list((project.path / "windows").iterdir()) == []
    assert name in caught.value.message, "the sentence names the file"
    assert caught.value.remedy
    assert "\n" not in caught.value.message
    if reason is not None:
        assert caught.value.reason is reason


def test_twenty_thousand_columns(tmp_path):
    names = [f"CellV{i:05d}_mV" for i in range(1, 20_001)]
    body = [f"2026-03-02 08:00:{s:02d}," + ",".join(["3300"] * 20_000) for s in range(4)]
    (tmp_path / "a.csv").write_text("\n".join(["Time," + ",".join(names), *body]) + "\n")
    facts, _ = read(tmp_path / "a.csv")
    assert facts.plant.n_cells == 20_000


def test_a_file_in_two_encodings_still_opens(tmp_path):
    path = Table(rows=60).write(tmp_path / "a.csv", extra={"Größe": ["süß"] * 60}, encoding="latin-1")
    facts, _ = read(path)
    assert facts.samples == 360


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_of_other_systems(tmp_path, newline):
    facts, _ = read(Table(rows=60).write(tmp_path / "a.csv", newline=newline))
    assert facts.samples == 360


def test_quoted_fields_with_separators(tmp_path):
    path = Table(rows=60).write(tmp_path / "a.csv", extra={"Note": ['"a, b"'] * 60})
    facts, _ = read(path)
    assert facts.samples == 360


def test_a_member_that_vanishes_between_looking_and_reading(tmp_path):
    from builders.exports import Sink

    from workbench.ingest import importing, recognition
    from workbench.jobs.progress import Progress

    path = Table().write(tmp_path / "a.csv")
    profile = recognition.inspect([path], Progress()).profile
    path.unlink()
    with pytest.raises(IngestError) as caught:
        importing.import_window([path], profile, Sink(), Progress(), name="w", window_id="0", site="s")
    assert caught.value.reason in (Reason.FILE_MISSING, Reason.FILE_UNREADABLE)
