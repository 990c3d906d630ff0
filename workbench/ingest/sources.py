"""Which reader does a file need? Told by its first bytes, never by its name alone; also inside zips and folders.

What is no text of a table goes to the reader of its format, loaded only then; what no reader may open is refused with what to ask for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from workbench.errors import IngestError, Reason
from workbench.ingest import csv_source
from workbench.ingest.csv_source import Layout, Member, Rejected
from workbench.ingest.table_source import Block, TableSource, local

HEAD_BYTES = 4096
TEXT = "text"
MAGIC = (  # first bytes, reader
    (b"PAR1", "parquet"),
)
REFUSED = (  # first bytes, what it is, what to ask for
    (b"PARE", "an encrypted Parquet file", "Ask for it without encryption."),
)


def members(sources: list[Path]) -> list[Member]:
    """The tables in the given files, folders and zips, in order of name; a file of several tables is one member for each."""
    return [part for file in csv_source.members(sources) for part in _parts(file)]


def layout(member: Member, like: Layout | None = None) -> Layout:
    """The columns of a member. like: a neighbour whose header a headerless text shares."""
    if member.kind == TEXT:
        return csv_source.layout(member, like)
    with local(member) as path:
        reader = _reader(member)
        if not member.part:
            reader.parts(path, member)  # says why there are none
        return reader.layout(path, member)


def blocks(member: Member, form: Layout, rejected: Rejected, numeric: Sequence[tuple[str, ...]] = ()) -> Iterator[Block]:
    """The rows of a member as dictionary-encoded texts, in file order. numeric: groups of columns wanted as numbers, where the reader can."""
    if member.kind == TEXT:
        yield from csv_source.blocks(member, form, rejected, numeric)
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
    return [replace(known, part=name, weight=size // len(names)) for name in names]


def _kind(head: bytes) -> str:
    if any(head.startswith(mark) for mark, _, _ in REFUSED):
        return "refused"
    return next((kind for mark, kind in MAGIC if head.startswith(mark)), TEXT)


def _reader(member: Member) -> TableSource:
    """The module that reads a kind of file, imported when such a file is met."""
    if member.kind == "parquet":
        from workbench.ingest import parquet_source

        return parquet_source
    raise IngestError(*_refusal(member))


def _refusal(member: Member) -> tuple[Reason, str, str]:
    with csv_source.opened(member) as file:
        head = file.read(HEAD_BYTES)
    what, ask = next((what, ask) for mark, what, ask in REFUSED if head.startswith(mark))
    return Reason.FORMAT_UNKNOWN, f"{member.name} is {what}.", ask
