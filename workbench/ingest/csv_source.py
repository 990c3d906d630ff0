"""Which texts do files hold, block by block? CSV files and zips of them, read as they are, hashed on the way, never written to."""

from __future__ import annotations

import csv
import hashlib
import lzma
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from workbench.asset.provenance import SourceFile
from workbench.errors import IngestError, Reason
from workbench.ingest import archives, decimal_marks, digit_fields, gates, header_rows, line_blocks, text_encoding
from workbench.ingest.digit_fields import NOTHING_WANTED, FieldBlock, Wanted
from workbench.ingest.header_lines import HeaderMet, Watch
from workbench.ingest.line_blocks import Lines, Rest
from workbench.ingest.text_encoding import Misfit
from workbench.jobs.ordered import in_order
from workbench.jobs.progress import Progress

BLOCK_BYTES = 4 * 1024 * 1024
SNIFF_BYTES, SNIFF_LINES, SNIFF_MOST = 256 * 1024, 4, 32 * 1024 * 1024
MARK_ROWS = 50  # that tell the decimal mark
MIN_SHARE = 0.3  # of lines that must agree on the number of separators
LINE_END = re.compile(r"\r\n|\n|\r")
TEXT = pa.dictionary(pa.int32(), pa.string())
OPEN_DOCUMENT = "META-INF/manifest.xml"  # a file inside every one
LITTER = ("__MACOSX", "Thumbs.db", "desktop.ini")  # what systems leave in folders, beside names that begin with a point
BROKEN = (OSError, zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, struct.error, zlib.error, lzma.LZMAError)


@dataclass(frozen=True, slots=True)
class Member:
    """One file, alone or inside a zip. name is what reports print. asked: a person named it; others are only found beside it.

    kind: which reader it needs (`workbench.ingest.sources`). part: the sheet, table or group of a file that holds several.
    weight: the bytes of the file that this part stands for, for honest progress. folder: where it lies in the folder that was given.
    glanced: only its beginning may be looked at before it is read.
    """

    path: Path
    inner: str = ""
    asked: bool = True
    kind: str = "text"
    part: str = ""
    weight: int = 0
    folder: str = ""
    glanced: bool = False

    @property
    def name(self) -> str:
        """Relative name: ``archive.zip/member.csv`` inside an archive, ``book.xlsx/Sheet1`` for a part of a file."""
        return "/".join(name for name in (self.folder, self.path.name, self.inner, self.part) if name)


@dataclass(frozen=True, slots=True)
class Layout:
    """How the text of a member is laid out.

    header: empty names are replaced by ``column_<n>``, repeated ones get ``#2``. skip: lines above the header. repeated: the names with ``#2``.
    notes: what was done to names or rows, as (rule, words). shape, inner and lists: see `text_shapes`.
    altered: what a reader of tables altered or assumed, as (rule, place, count, words).
    watched: the line of the header, where another one may be met while reading.
    """

    encoding: str
    delimiter: str
    decimal: str
    header: tuple[str, ...]
    has_header: bool
    skip: int
    sample: tuple[tuple[str, ...], ...]
    repeated: tuple[str, ...] = ()
    notes: tuple[header_rows.Note, ...] = ()
    shape: str = "plain"
    inner: Layout | None = None
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    altered: tuple[tuple[str, str, int, str], ...] = ()
    watched: str = ""


@dataclass
class Rejected:
    """What could not be read: rows that do not have the header's number of fields, rows of no instant, bytes that are no text."""

    count: int = 0
    first: str = ""
    timeless: int = 0  # long tables only: the others count while they convert
    misfit: Misfit = field(default_factory=Misfit)
    widths: Counter[int] = field(default_factory=Counter)  # fields more than the header -> rows
    odd: Counter[str] = field(default_factory=Counter)  # rule -> rows that could be read in part only
    swallowed: list[str] = field(default_factory=list)  # lines after a stray quote, to be read again
    counted: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # rule, place, sentence: what a reader of tables met on its way

    def take(self, more: Rejected) -> None:
        """Add what could not be read of a later block."""
        self.count += more.count
        self.first = self.first or more.first
        self.widths += more.widths
        self.odd += more.odd
        self.swallowed += more.swallowed

    @property
    def bytes_read(self) -> int:
        """For honest progress."""
        return self.misfit.bytes_read


def members(sources: list[Path]) -> list[Member]:
    """The files in the given files, folders and zips, in order of name; which of them are tables, `layout` tells."""
    found: list[Member] = []
    for source in sources:
        if not source.exists():
            raise IngestError(Reason.FILE_MISSING, f"{source} does not exist.", "Check the path.")
        paths = (
            sorted(p for p in source.rglob("*") if p.is_file() and not _litter(p.relative_to(source).as_posix()))
            if source.is_dir()
            else [source]
        )
        for path in paths:
            inside = path.relative_to(source).parent.as_posix() if source.is_dir() else ""
            found += [replace(member, folder=inside if inside != "." else "") for member in _inside(path, asked=not source.is_dir())]
    if not found:
        raise IngestError(Reason.FORMAT_UNKNOWN, f"{sources[0]} holds no CSV file.", "Give a CSV file, a folder or a zip of CSV files.")
    return found


def _litter(name: str) -> bool:
    return any(part.startswith(".") or part in LITTER for part in name.replace("\\", "/").split("/"))


def digest_of(source: Path, progress: Progress | None = None) -> SourceFile:
    """Name, size and SHA-256 of a source file as it lies on disk."""
    state, size = hashlib.sha256(), 0
    with opened(Member(source)) as file:
        total = source.stat().st_size
        while block := file.read(1 << 20):
            state.update(block)
            size += len(block)
            if progress is not None:
                progress.step(size, total)
    return SourceFile(name=source.name, size_bytes=size, sha256=state.hexdigest())


def _inside(path: Path, *, asked: bool) -> list[Member]:
    try:
        if not zipfile.is_zipfile(path):
            return [Member(path, asked=asked)]
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except BROKEN as error:
        raise IngestError(Reason.FILE_UNREADABLE, f"{path.name} cannot be read: {error}.", "Ask for the file again.") from error
    if {info.filename for info in infos} & {text_encoding.OFFICE.decode(), OPEN_DOCUMENT}:
        return [Member(path, asked=asked)]
    gates.check_archive(path, infos)
    return [Member(path, name, asked=False) for name in sorted(info.filename for info in infos) if not _litter(name)]


@contextmanager
def opened(member: Member) -> Iterator[IO[bytes]]:
    """The bytes of a member. What the system or the archive says of a broken file becomes one sentence."""
    try:
        if member.inner:
            with archives.opened(member.path) as archive, archive.open(member.inner) as file:
                yield file
        else:
            with member.path.open("rb") as file:
                yield file
    except BROKEN as error:
        raise IngestError(Reason.FILE_UNREADABLE, f"{member.name} cannot be read: {error}.", "Ask for the file again.") from error


def layout(member: Member, like: Layout | None = None) -> Layout:
    """Encoding, separator, decimal mark and header of a member. like: a neighbour whose header a headerless continuation shares."""
    with opened(member) as file:
        head = _head(file)
    if what := text_encoding.foreign(head):
        raise IngestError(
            Reason.FORMAT_UNKNOWN,
            f"{member.name} is {what}, not a table.",
            "Ask for telemetry as CSV files, plain or in a zip archive.",
        )
    encoding = text_encoding.recognised(head)
    text = head.decode(encoding, errors="replace").removeprefix("\ufeff")
    if not text.strip():
        raise IngestError(Reason.FILE_EMPTY, f"{member.name} is empty.", "Ask for the file again.")
    lines = LINE_END.split(text)
    if len(head) >= SNIFF_BYTES:
        lines = lines[:-1]
    places = [i for i, line in enumerate(lines) if line.strip()][:400]
    filled = [lines[i] for i in places]
    delimiter = _delimiter(member, filled)
    try:
        rows = [row for line in filled for row in csv.reader([line], delimiter=delimiter)]
    except csv.Error as error:
        raise IngestError(Reason.FORMAT_UNKNOWN, f"{member.name} is not a table: {error}.", "Ask for telemetry as CSV.") from error
    width = _usual([len(row) for row in rows])
    names = header_rows.found(rows, width)
    top, has_header = names.last, names.has_header
    repeated: tuple[str, ...] = ()
    if has_header:
        header, repeated = unique(list(names.names))
    elif like is not None and len(like.header) == width:
        header = like.header
    else:
        raise IngestError(
            Reason.TIME_MISSING,
            f"{member.name}: line {places[top] + 1} holds values where a header is expected.",
            "Ask for the file with its column names.",
        )
    sample = tuple(tuple(row) for row in rows[top + int(has_header) :] if len(row) == width)
    mark = decimal_marks.mark((field for row in sample[:MARK_ROWS] for field in row), between_commas=delimiter == ",")
    return Layout(encoding, delimiter, mark, header, has_header, places[top], sample, repeated, names.notes)


def blocks(member: Member, form: Layout, rejected: Rejected, wanted: Wanted = NOTHING_WANTED) -> Iterator[Mapping[str, pa.DictionaryArray]]:
    """Blocks of rows as dictionary-encoded text columns, in file order. Rows of another width are counted into `rejected`, not read.

    A block that verifies as plain lines of fields is a `FieldBlock`, which holds the numbers that are wanted, too. Raises `HeaderMet` where
    another header may begin in a file of which only the beginning was looked at.
    """
    with opened(member) as file:
        text = text_encoding.Utf8(file, form.encoding, rejected.misfit)
        pieces = line_blocks.whole_lines(text, form.skip + int(form.has_header))
        watch = Watch(form.header[0], form.watched, form.delimiter) if form.watched else None

        def read(lines: Lines | Rest) -> FieldBlock | _Told | Rest:
            if isinstance(lines, Rest):
                if watch is not None:
                    raise HeaderMet  # where lines end, only a general reader knows
                return lines
            found = digit_fields.cut(lines.data, form.delimiter, form.header)
            if watch is not None:
                watch.see(lines.data, found.even if found is not None else None)
            if found is not None:
                wanted.ready(digit_fields.prepared(found, wanted.numeric, wanted.texts, form.decimal))
                return found
            own = Rejected()
            return _Told(list(_parsed(member, form, own, pa.BufferReader(lines.data), 0, before=lines.before)), own)

        for piece in in_order(pieces, read):
            if isinstance(piece, FieldBlock):
                yield piece
            elif isinstance(piece, _Told):
                rejected.take(piece.rejected)
                yield from piece.blocks
                yield from _given_back(member, form, rejected)
            else:
                rest = pa.PythonFile(piece.stream, mode="r")
                skip = 0 if piece.before else form.skip + int(form.has_header)
                for block in _parsed(member, form, rejected, rest, skip, before=piece.before):
                    yield block
                    yield from _given_back(member, form, rejected)
                yield from _given_back(member, form, rejected)


def texts(column: pa.DictionaryArray) -> list[str]:
    """The texts of a column, empty where it says nothing; rows that say the same share one text in memory."""
    distinct = [text or "" for text in column.dictionary.to_pylist()]
    return ["" if i is None else distinct[i] for i in column.indices.to_pylist()]


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """What the general reader made of one block."""

    blocks: list[dict[str, pa.DictionaryArray]]
    rejected: Rejected


def blocks_of(member: Member, form: Layout, rejected: Rejected, data: bytes, before: int = 0) -> Iterator[dict[str, pa.DictionaryArray]]:
    """As `blocks`, of rows in UTF-8 that were cut out of a member, without their header. before: lines of the member above them."""
    rejected.misfit.quoted = rejected.misfit.quoted or b'"' in data
    for block in _parsed(member, form, rejected, pa.BufferReader(data), 0, before=before):
        yield block
        yield from _given_back(member, form, rejected)
    yield from _given_back(member, form, rejected)


def _sound(member: Member, block: dict[str, pa.DictionaryArray], form: Layout, rejected: Rejected) -> dict[str, pa.DictionaryArray]:
    """The rows in which no text holds whole rows: a quote that never closes in the last field takes the lines after it along, too."""
    bad: dict[int, str] = {}
    for column in block.values():
        for code in np.flatnonzero(pc.match_substring_regex(column.dictionary, r"[\r\n]")):
            text = column.dictionary[int(code)].as_py()
            if any(line.count(form.delimiter) == len(form.header) - 1 for line in LINE_END.split(text)[1:]):
                bad |= dict.fromkeys(np.flatnonzero(np.asarray(column.indices) == code).tolist(), text)
    if not bad:
        return block
    for text in bad.values():
        rejected.swallowed += LINE_END.split(text)[1:]
    rejected.count += len(bad)
    rejected.first = rejected.first or f"{member.name}: a quote that never closes"
    keep = pa.array(np.setdiff1d(np.arange(len(next(iter(block.values())))), list(bad)))
    return {name: column.take(keep) for name, column in block.items()}


def _given_back(member: Member, form: Layout, rejected: Rejected) -> Iterator[dict[str, pa.DictionaryArray]]:
    """A quote that never closes takes the lines after it along: they are read as they stand."""
    if rejected.swallowed:
        lines, rejected.swallowed = rejected.swallowed, []
        yield from _parsed(member, form, rejected, pa.BufferReader("\n".join(lines).encode()), 0, quotes=False)


def _parsed(
    member: Member, form: Layout, rejected: Rejected, text: pa.NativeFile, skip: int, *, quotes: bool = True, before: int = 0
) -> Iterator[dict[str, pa.DictionaryArray]]:
    def on_invalid(row: Any) -> str:
        line, *after = LINE_END.split(str(row.text))
        rejected.count += 1
        rejected.widths[row.actual_columns - row.expected_columns] += 1
        rejected.swallowed += after
        rejected.first = rejected.first or (
            f"{member.name}, row {row.number + before}" if row.number is not None else f"{member.name}: {line[:60]}"
        )
        return "skip"

    read = pacsv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES, column_names=list(form.header), skip_rows=skip)
    parse = pacsv.ParseOptions(
        delimiter=form.delimiter, quote_char='"' if quotes else False, invalid_row_handler=on_invalid, ignore_empty_lines=True
    )
    convert = pacsv.ConvertOptions(column_types=dict.fromkeys(form.header, TEXT), strings_can_be_null=False, auto_dict_encode=False)
    try:
        for batch in pacsv.open_csv(text, read, parse, convert):
            block = {name: batch.column(i) for i, name in enumerate(form.header)}
            yield _sound(member, block, form, rejected) if quotes and rejected.misfit.quoted else block
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error) or ("Could not skip" in str(error) and sum(map(len, form.header)) < BLOCK_BYTES // 4):
            return  # nothing below the header
        about = str(error).splitlines()[0]
        if "straddling" in about:
            about = f"it holds a line of more than {BLOCK_BYTES >> 20} MB before byte {rejected.bytes_read:,}"
        raise IngestError(Reason.FILE_UNREADABLE, f"{member.name} cannot be read as CSV: {about}.", "Ask for the file again.") from error


def _head(file: IO[bytes]) -> bytes:
    """The begin of a file: enough bytes to hold a few whole lines, however many columns there are."""
    head = file.read(SNIFF_BYTES)
    while head.count(b"\n") < SNIFF_LINES and len(head) < SNIFF_MOST and (more := file.read(len(head))):
        head += more
    return head


def _delimiter(member: Member, lines: list[str]) -> str:
    lines = [re.sub(r'"[^"]*"', '""', line) for line in lines]  # a mark inside quotes parts no fields

    def share(mark: str) -> float:
        """Of lines that hold the mark as often as most lines do: a decimal comma is missing from the header, a separator never."""
        counts = [line.count(mark) for line in lines]
        return counts.count(_usual(counts)) / max(len(counts), 1) if any(counts) else 0.0

    best = max("\t;|,", key=share)
    if share(best) < MIN_SHARE or _usual([line.count(best) for line in lines]) < 1:
        raise IngestError(
            Reason.FORMAT_UNKNOWN,
            f"{member.name} is not a table: no separator repeats over its lines.",
            "Give a CSV file with a time column and one column per channel.",
        )
    return best


def _usual(counts: list[int]) -> int:
    return max(set(counts), key=lambda n: (counts.count(n) * (n > 0), n)) if counts else 0


def unique(names: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names that differ, and those that had to be altered because they were there before."""
    given, seen = set(names), Counter[str]()
    result: dict[str, None] = {}
    repeated = []
    for i, name in enumerate(names, 1):
        made = base = name or f"column_{i}"
        while made in result or (made != name and made in given):
            seen[base] += 1
            made = f"{base}#{seen[base] + 1}"
        result[made] = None
        if name and made != name:
            repeated.append(made)
    return tuple(result), tuple(repeated)
