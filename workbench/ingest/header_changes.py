"""Does the header change inside a file? A logger that learns channels writes a new header and wider rows: each stretch is read with its own."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pyarrow as pa

from workbench.ingest import csv_source, tags, text_encoding
from workbench.ingest.csv_source import Layout, Member, Rejected

ALTERED = ("header-merged", "header-invented", "header-short", "unit-row")  # names that no line of the file repeats
MOST_BYTES = 64 * 1024 * 1024  # a larger file is not searched beforehand: rows of another width are then refused and counted


def widened(member: Member, form: Layout) -> Layout | None:
    """The layout of all headers of a file together, or None where it has only one."""
    if not form.has_header or any(rule in ALTERED for rule, _ in form.notes) or _size(member) > MOST_BYTES:
        return None
    stamp = member.path.stat().st_mtime_ns
    headers = _headers(member.path, member.inner, stamp, form.encoding, form.delimiter, form.header)
    if len(headers) < 2:
        return None
    union = tuple(dict.fromkeys(name for header in headers for name in header))
    place = {name: i for i, name in enumerate(form.header)}
    sample = tuple(tuple(row[place[name]] if name in place else "" for name in union) for row in form.sample)
    note = f"{len(headers)} headers of {', '.join(str(len(h)) for h in headers)} columns; each stretch is read with its own"
    return replace(form, header=union, sample=sample, notes=(*form.notes, ("width-changed", note)), shape="changing", inner=form)


def blocks(member: Member, form: Layout, rejected: Rejected) -> Iterator[dict[str, pa.DictionaryArray]]:
    """Every stretch by its own header, with empty columns for what it has not."""
    inner = form.inner or form
    for header, data in _stretches(_text(member, inner.encoding, rejected), inner):
        own = replace(inner, header=header, has_header=False, skip=0)
        for block in csv_source.blocks_of(member, own, rejected, data.encode()):
            rows = len(next(iter(block.values())))
            nothing = pa.DictionaryArray.from_arrays(pa.nulls(rows, pa.int32()), pa.array([], pa.string()))
            yield {name: block.get(name, nothing) for name in form.header}


def _size(member: Member) -> int:
    with csv_source.opened(member) as file:
        return file.seek(0, 2)


def _text(member: Member, encoding: str, rejected: Rejected) -> str:
    with csv_source.opened(member) as file:
        text = text_encoding.Utf8(file, encoding, rejected.misfit).read().decode().removeprefix("\ufeff")
    return csv_source.LINE_END.sub("\n", text)


def _starts(text: str, delimiter: str, first: str) -> list[int]:
    """Where lines begin that begin as the header does."""
    mark = re.compile(rf'^\ufeff?"?{re.escape(first)}"?[ \t]*{re.escape(delimiter)}', re.M | re.I)
    return [found.start() for found in mark.finditer(text)]


def _names(line: str, delimiter: str) -> tuple[str, ...]:
    names = [tags.cleaned(name) for name in next(csv.reader([line], delimiter=delimiter))]
    return csv_source.unique(names)[0]


@lru_cache(maxsize=256)
def _headers(path: Path, inner: str, _stamp: int, encoding: str, delimiter: str, header: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    text = _text(Member(path, inner), encoding, Rejected())
    names = [_names(text[at:].partition("\n")[0], delimiter) for at in _starts(text, delimiter, header[0])]
    return tuple(dict.fromkeys([header, *(found for found in names if len(found) > 1)]))


def _stretches(text: str, form: Layout) -> Iterator[tuple[tuple[str, ...], str]]:
    starts = _starts(text, form.delimiter, form.header[0])
    for at, end in zip(starts, [*starts[1:], len(text)], strict=True):
        line, _, rest = text[at:end].partition("\n")
        yield _names(line, form.delimiter), rest
