"""Does the header change inside a file? A logger that learns channels writes a new header and wider rows: each stretch is read with its own.

What the columns of such a file are must be known before its first row is kept, so all of it is looked through beforehand, whatever its size: for a
person who previews it, and for an import that met another header on its way (`header_lines`). Only the beginnings of lines are looked at.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pyarrow as pa

from workbench.ingest import csv_source, line_blocks, tags, text_encoding
from workbench.ingest.csv_source import Layout, Member, Rejected
from workbench.ingest.header_lines import BOM, Begins, end_of

Header = tuple[str, ...]
ALTERED = ("header-merged", "header-invented", "header-short", "unit-row")  # names that no line of the file repeats


def widened(member: Member, form: Layout) -> Layout | None:
    """The layout of all headers of a file together, or None where it has only one."""
    if not _may_change(form):
        return None
    stamp = member.path.stat().st_mtime_ns
    others = _others(member.path, member.inner, stamp, form.encoding, form.delimiter, form.header)
    if not others:
        return None
    headers = (form.header, *others)
    union = tuple(dict.fromkeys(name for header in headers for name in header))
    place = {name: i for i, name in enumerate(form.header)}
    sample = tuple(tuple(row[place[name]] if name in place else "" for name in union) for row in form.sample)
    note = f"{len(headers)} headers of {', '.join(str(len(h)) for h in headers)} columns; each stretch is read with its own"
    return replace(form, header=union, sample=sample, notes=(*form.notes, ("width-changed", note)), shape="changing", inner=form)


def watched(member: Member, form: Layout) -> Layout | None:
    """The layout by which other headers are watched for while the file is read; None where lines above its header begin like it already.

    A file whose header cannot change is not watched: it comes back as it is.
    """
    if not _may_change(form):
        return form
    begins = Begins(form.header[0], form.delimiter)
    with csv_source.opened(member) as file:
        text = text_encoding.Utf8(file, form.encoding, text_encoding.Misfit())
        head = text.read(csv_source.SNIFF_MOST if form.skip else csv_source.SNIFF_BYTES).decode("utf-8", "replace")
    above = csv_source.LINE_END.split(head, maxsplit=form.skip + 1)[: form.skip + 1]
    if len(above) <= form.skip or any(begins.line(line.encode(), 0) for line in above[:-1]):
        return None
    return replace(form, watched=above[-1])


def _may_change(form: Layout) -> bool:
    return form.has_header and not any(rule in ALTERED for rule, _ in form.notes)


def blocks(member: Member, form: Layout, rejected: Rejected) -> Iterator[dict[str, pa.DictionaryArray]]:
    """Every stretch by its own header, with empty columns for what it has not."""
    inner = form.inner or form
    with csv_source.opened(member) as file:
        text = text_encoding.Utf8(file, inner.encoding, rejected.misfit)
        for header, before, data in _stretches(text, inner):
            own = replace(inner, header=header, has_header=False, skip=0)
            for block in csv_source.blocks_of(member, own, rejected, data, before):
                rows = len(next(iter(block.values())))
                nothing = pa.DictionaryArray.from_arrays(pa.nulls(rows, pa.int32()), pa.array([], pa.string()))
                yield {name: block.get(name, nothing) for name in form.header}


@lru_cache(maxsize=1 << 14)
def _others(path: Path, inner: str, _stamp: int, encoding: str, delimiter: str, header: Header) -> tuple[Header, ...]:
    """Headers of a file beside its first one, in order."""
    found: dict[Header, None] = {}
    begins = Begins(header[0], delimiter)
    with csv_source.opened(Member(path, inner)) as file:
        for line in _lines(text_encoding.Utf8(file, encoding, text_encoding.Misfit()), begins):
            names = _names(line, delimiter, header[0])
            if len(names) > 1 and names != header:
                found[names] = None
    return tuple(found)


def _lines(stream: line_blocks.Stream, begins: Begins) -> Iterator[str]:
    """The lines that begin as the header does. Blocks without one are not copied, which is what a look through a large file costs."""
    kept, fresh = b"", True  # the begin of such a line that goes on in the next block; whether a line begins with the next block
    while more := stream.read(line_blocks.BLOCK_BYTES):
        data = kept + more if kept else more
        places = begins.places(data, fresh=fresh)
        whole = max(data.rfind(b"\n"), data.rfind(b"\r", len(kept))) + 1
        for at in places:
            if at < whole and (line := begins.line(data, at)):
                yield line
        kept = data[places[-1] :] if places and places[-1] >= whole and len(data) < line_blocks.MOST_BYTES else b""
        fresh = bool(kept) or whole == len(data)
    if kept and (line := begins.line(kept, 0)):
        yield line


def _whole(stream: line_blocks.Stream) -> Iterator[bytes]:
    """Whole lines, a block at a time, cut where no quote is open as far as a block can be held."""
    kept = b""
    while more := stream.read(line_blocks.BLOCK_BYTES):
        kept += more
        cut = max(kept.rfind(b"\n"), kept.rfind(b"\r", -2) if b"\n" not in kept else -1) + 1
        ready = kept[:cut]
        if cut and (ready.count(b'"') % 2 == 0 or len(kept) > line_blocks.MOST_BYTES):
            yield ready
            kept = kept[cut:]
    if kept:
        yield kept


def _names(line: str, delimiter: str, first: str) -> Header:
    """The names of a header line, the first of them as the file wrote it at first, in whatever case it stands here."""
    _, *names = next(csv.reader([line.removeprefix(BOM)], delimiter=delimiter))
    return csv_source.unique([first, *map(tags.cleaned, names)])[0]


def _stretches(stream: line_blocks.Stream, form: Layout) -> Iterator[tuple[Header, int, bytes]]:
    """(header, lines before, lines) of every part of a stretch. What stands above the first header is none."""
    header: Header = ()
    before, begins = 0, Begins(form.header[0], form.delimiter)
    for lines in _whole(stream):
        place = 0
        for at, line in [*begins.inside(lines), (len(lines), "")]:
            if header and at > place:
                yield header, before, lines[place:at]
            before += line_blocks.line_ends(lines[place:at])
            place = at
            if line:
                header, place = _names(line, form.delimiter, form.header[0]), min(end_of(lines, at) + 1, len(lines))
                before += 1
