"""Which reader does a file need? Told by its first bytes, never by its name alone; also inside zips and folders.

What is no text of a table goes to the reader of its format, loaded only then; what no reader may open is refused with what to ask for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from workbench.errors import IngestError, Reason
from workbench.ingest import csv_source, file_titles, text_shapes
from workbench.ingest.csv_source import Layout, Member, Rejected
from workbench.ingest.digit_fields import NOTHING_WANTED, Wanted
from workbench.ingest.table_source import Block, TableSource, local

HEAD_BYTES = 4096
TEXT = "text"
MAGIC = (  # first bytes, reader
    (b"PAR1", "parquet"),
    (b"SQLite format 3\0", "sqlite"),
    (b"MATLAB 5.0", "matlab"),
    (b"MATLAB 7.3", "matlab"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook"),
    (b"MDF ", "mdf"),
)
HDF5, HDF5_BEGINS = b"\x89HDF\r\n\x1a\n", (0, 512, 1024, 2048)
ZIP, OFFICE, OPEN_DOCUMENT = b"PK\x03\x04", b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis.opendocument"
DATA_BEHIND = "Ask for the data behind it: CSV, Parquet or a workbook, with a time stamp in every row."
REFUSED = (  # first bytes, what it is, what to ask for
    (
        b"UnFinMF ",
        "an MDF measurement that its logger never finished",
        "Ask for it finished: opened and saved once by the logger's own program.",
    ),
    (b"PARE", "an encrypted Parquet file", "Ask for it without encryption."),
    (b"%PDF", "a PDF document, not a table", DATA_BEHIND),
    (b"\x89PNG", "a picture, not a table", DATA_BEHIND),
    (b"\xff\xd8\xff", "a picture, not a table", DATA_BEHIND),
    (b"GIF8", "a picture, not a table", DATA_BEHIND),
    (b"BM", "a picture, not a table", DATA_BEHIND),
    (b"II*\0", "a picture, not a table", DATA_BEHIND),
    (b"MM\0*", "a picture, not a table", DATA_BEHIND),
    *(
        (b"\x80" + bytes([protocol]), "a Python pickle, which runs code when it is read", "Ask for Parquet or CSV.")
        for protocol in range(2, 6)
    ),
    (b"\x93NUMPY", "a numpy array, which has no time stamps and no names", "Ask for Parquet or CSV with both."),
)


def members(sources: list[Path]) -> list[Member]:
    """The tables in the given files, folders and zips, in order of name; a file of several tables is one member for each."""
    return [part for file in csv_source.members(sources) for part in _parts(file)]


def layout(member: Member, likes: Layout | Sequence[Layout] | None = None) -> Layout:
    """The columns of a member. likes: neighbours, the nearest last, one of which may have the header that a text lacks."""
    if member.kind == TEXT:
        return file_titles.named(member, text_shapes.layout(member, likes))
    with local(member) as path:
        reader = _reader(member)
        if not member.part:
            reader.parts(path, member)  # says why there are none
        return file_titles.named(member, reader.layout(path, member))


def blocks(member: Member, form: Layout, rejected: Rejected, wanted: Wanted = NOTHING_WANTED) -> Iterator[Block]:
    """The rows of a member as dictionary-encoded texts, in file order. wanted: as in `csv_source.blocks`, where the reader can."""
    if member.kind == TEXT:
        yield from text_shapes.blocks(member, form, rejected, wanted)
        return
    with local(member) as path:
        yield from _reader(member).blocks(path, member, form, rejected)


def _parts(file: Member) -> list[Member]:
    with csv_source.opened(file) as opened:
        head = opened.read(HEAD_BYTES)
    kind = _kind(head)
    if kind == TEXT:
        return [file]
    known = replace(file, kind=kind)
    try:
        with local(known) as path:
            names, size = _reader(known).parts(path, known), path.stat().st_size
    except IngestError:
        return [known]  # its layout says why, where the question is whether a person named it
    asked = file.asked and len(names) == 1  # of many tables a person named none: some may be no telemetry
    return [replace(known, part=name, weight=size // len(names), asked=asked) for name in names]


def _kind(head: bytes) -> str:
    if _refused(head):
        return "refused"
    if any(head[at : at + len(HDF5)] == HDF5 for at in HDF5_BEGINS) and not head.startswith(b"MATLAB"):
        return "hdf5"
    if head.startswith(ZIP) and OFFICE in head:
        return "workbook"
    return next((kind for mark, kind in MAGIC if head.startswith(mark)), TEXT)


def _refused(head: bytes) -> tuple[str, str] | None:
    """What a file is that is never read, and what to ask for. A picture of two letters only where no text follows."""
    if head.startswith(ZIP) and OPEN_DOCUMENT in head[:128]:
        return "an OpenDocument file", "Ask for it saved as an Excel workbook (xlsx) or as CSV."
    found = next(((mark, what, ask) for mark, what, ask in REFUSED if head.startswith(mark)), None)
    if found is None or (len(found[0]) == 2 and found[0].isalpha() and b"\0" not in head[:64]):
        return None
    return found[1], found[2]


def _reader(member: Member) -> TableSource:
    """The module that reads a kind of file, imported when such a file is met."""
    if member.kind == "parquet":
        from workbench.ingest import parquet_source

        return parquet_source
    if member.kind == "sqlite":
        from workbench.ingest import sqlite_source

        return sqlite_source
    if member.kind == "matlab":
        from workbench.ingest import matlab_source

        return matlab_source
    if member.kind == "hdf5":
        from workbench.ingest import hdf5_source

        return hdf5_source
    if member.kind == "workbook":
        from workbench.ingest import workbook_source

        return workbook_source
    if member.kind == "mdf":
        from workbench.ingest import mdf_source

        return mdf_source
    raise IngestError(*_refusal(member))


def _refusal(member: Member) -> tuple[Reason, str, str]:
    with csv_source.opened(member) as file:
        head = file.read(HEAD_BYTES)
    what, ask = _refused(head) or ("not what it was", "Ask for the file again.")
    return Reason.FORMAT_UNKNOWN, f"{member.name} is {what}.", ask
