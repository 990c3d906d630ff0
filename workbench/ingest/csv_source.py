"""Which texts do files hold, block by block? CSV files and zips of them, read as they are, hashed on the way, never written to."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.csv as pacsv

from workbench.asset.provenance import SourceFile
from workbench.errors import IngestError, Reason
from workbench.ingest import tags

BLOCK_BYTES = 4 * 1024 * 1024
SNIFF_BYTES, SNIFF_LINES, SNIFF_MOST = 256 * 1024, 4, 32 * 1024 * 1024
MAX_RATIO = 200  # an honest CSV compresses 5 to 40 times; a bomb a thousand
MAX_DECLARED = 200 * 10**9
MIN_SUSPICIOUS = 1024 * 1024
MIN_SHARE = 0.3  # of lines that must agree on the number of separators
TEXT = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True, slots=True)
class Member:
    """One text file, alone or inside a zip. name is what reports print."""

    path: Path
    inner: str = ""

    @property
    def name(self) -> str:
        """Relative name: ``archive.zip/member.csv`` inside an archive."""
        return f"{self.path.name}/{self.inner}" if self.inner else self.path.name


@dataclass(frozen=True, slots=True)
class Layout:
    """How the text of a member is laid out. header is empty names replaced by ``column_<n>``; skip: lines above the header."""

    encoding: str
    delimiter: str
    decimal: str
    header: tuple[str, ...]
    has_header: bool
    skip: int
    sample: tuple[tuple[str, ...], ...]


@dataclass
class Rejected:
    """Rows that do not have the header's number of fields."""

    count: int = 0
    first: str = ""
    bytes_read: int = 0
    repeated_headers: int = 0
    lines: list[str] = field(default_factory=list)


def members(sources: list[Path]) -> list[Member]:
    """The text files of the given files, folders and zips, in order of name. Raises IngestError for what cannot hold any."""
    found: list[Member] = []
    for source in sources:
        if not source.exists():
            raise IngestError(Reason.FILE_MISSING, f"{source} does not exist.", "Check the path.")
        paths = sorted(p for p in source.rglob("*") if p.is_file()) if source.is_dir() else [source]
        for path in paths:
            found += _inside(path)
    if not found:
        raise IngestError(Reason.FORMAT_UNKNOWN, f"{sources[0]} holds no CSV file.", "Give a CSV file, a folder or a zip of CSV files.")
    return found


def digest_of(source: Path) -> SourceFile:
    """Name, size and SHA-256 of a source file as it lies on disk."""
    state, size = hashlib.sha256(), 0
    with opened(Member(source)) as file:
        while block := file.read(1 << 20):
            state.update(block)
            size += len(block)
    return SourceFile(name=source.name, size_bytes=size, sha256=state.hexdigest())


def _inside(path: Path) -> list[Member]:
    try:
        if not zipfile.is_zipfile(path):
            return [Member(path)]
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except (OSError, zipfile.BadZipFile) as error:
        raise IngestError(Reason.FILE_UNREADABLE, f"{path.name} cannot be read: {error}.", "Ask for the file again.") from error
    for info in infos:
        _safe(path, info)
    names = sorted(
        info.filename for info in infos if info.filename.lower().endswith((".csv", ".txt", ".tsv")) and "__MACOSX" not in info.filename
    )
    if not names:
        raise IngestError(Reason.FORMAT_UNKNOWN, f"{path.name} holds no CSV file ({len(infos)} other files).", "Ask for telemetry as CSV.")
    return [Member(path, name) for name in names]


def _safe(path: Path, info: zipfile.ZipInfo) -> None:
    parts = Path(info.filename.replace("\\", "/")).parts
    reason = ""
    if info.filename.startswith(("/", "\\")) or ".." in parts or re.match(r"^[A-Za-z]:", info.filename):
        reason = "a name that leads out of the archive"
    elif (info.external_attr >> 16) & 0o170000 == 0o120000:
        reason = "a link"
    elif info.flag_bits & 1:
        reason = "an encrypted file"
    elif info.file_size > MAX_DECLARED or (info.file_size > MIN_SUSPICIOUS and info.file_size > MAX_RATIO * max(info.compress_size, 1)):
        reason = f"a file that claims {info.file_size:,} bytes in {info.compress_size:,}"
    if reason:
        raise IngestError(Reason.ARCHIVE_UNSAFE, f"{path.name} holds {reason}: {info.filename}.", "Ask for a plain archive.")


@contextmanager
def opened(member: Member) -> Iterator[IO[bytes]]:
    """The bytes of a member. What the system or the archive says of a broken file becomes one sentence."""
    try:
        if member.inner:
            with zipfile.ZipFile(member.path) as archive, archive.open(member.inner) as file:
                yield file
        else:
            with member.path.open("rb") as file:
                yield file
    except (OSError, zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise IngestError(Reason.FILE_UNREADABLE, f"{member.name} cannot be read: {error}.", "Ask for the file again.") from error


def layout(member: Member, like: Layout | None = None) -> Layout:
    """Encoding, separator, decimal mark and header of a member. like: a neighbour whose header a headerless continuation shares."""
    with opened(member) as file:
        head = _head(file)
    if not head.strip():
        raise IngestError(Reason.FILE_EMPTY, f"{member.name} is empty.", "Ask for the file again.")
    encoding = _encoding(member, head)
    text = head.decode(encoding, errors="replace")
    lines = text.splitlines()
    if len(head) >= SNIFF_BYTES:
        lines = lines[:-1]
    lines = [line for line in lines if line.strip()][:400]
    delimiter = _delimiter(member, lines)
    rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    width = _usual([len(row) for row in rows])
    skip = next(i for i, row in enumerate(rows) if len(row) == width)
    first = [tags.cleaned(name) for name in rows[skip]]
    has_header = not _looks_like_data(first)
    if has_header:
        header = tuple(name or f"column_{i + 1}" for i, name in enumerate(_unique(first)))
    elif like is not None and len(like.header) == width:
        header = like.header
    else:
        raise IngestError(
            Reason.TIME_MISSING,
            f"{member.name}: line {skip + 1} holds values where a header is expected.",
            "Ask for the file with its column names.",
        )
    sample = tuple(tuple(row) for row in rows[skip + int(has_header) :] if len(row) == width)
    return Layout(encoding, delimiter, _decimal(sample, delimiter), header, has_header, skip, sample)


def blocks(member: Member, form: Layout, rejected: Rejected) -> Iterator[dict[str, pa.DictionaryArray]]:
    """Blocks of rows as dictionary-encoded text columns, in file order. Rows of another width are counted into `rejected`, not read."""

    def on_invalid(row: Any) -> str:
        rejected.count += 1
        if not rejected.first:
            rejected.first = f"{member.name}, row {row.number}" if row.number is not None else f"{member.name}: {str(row.text)[:60]}"
        return "skip"

    read = pacsv.ReadOptions(
        use_threads=False,
        block_size=BLOCK_BYTES,
        column_names=list(form.header),
        skip_rows=form.skip + int(form.has_header),
        encoding=form.encoding,
    )
    parse = pacsv.ParseOptions(delimiter=form.delimiter, invalid_row_handler=on_invalid, ignore_empty_lines=True)
    convert = pacsv.ConvertOptions(column_types=dict.fromkeys(form.header, TEXT), strings_can_be_null=False, auto_dict_encode=False)
    with opened(member) as file:
        counted = _Counting(file, rejected)
        try:
            reader = pacsv.open_csv(pa.PythonFile(counted, mode="r"), read, parse, convert)
            for batch in reader:
                yield {name: batch.column(i) for i, name in enumerate(form.header)}
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error):
                return
            text = str(error).splitlines()[0]
            raise IngestError(Reason.FILE_UNREADABLE, f"{member.name} cannot be read as CSV: {text}.", "Ask for the file again.") from error


class _Counting(io.RawIOBase):
    """Counts bytes as they are read, for honest progress."""

    def __init__(self, inner: IO[bytes], into: Rejected) -> None:
        super().__init__()
        self._inner, self._into = inner, into

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._inner.read(size)
        self._into.bytes_read += len(data)
        return data


def _head(file: IO[bytes]) -> bytes:
    """The begin of a file: enough bytes to hold a few whole lines, however many columns there are."""
    head = file.read(SNIFF_BYTES)
    while head.count(b"\n") < SNIFF_LINES and len(head) < SNIFF_MOST and (more := file.read(len(head))):
        head += more
    return head


def _encoding(member: Member, head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\0" in head[:4096]:
        raise IngestError(
            Reason.FORMAT_UNKNOWN, f"{member.name} is not a text file.", "Ask for telemetry as CSV, or see `workbench inspect --help`."
        )
    for name in ("utf-8", "gb18030"):
        try:
            head[: head.rfind(b"\n") + 1 or None].decode(name)
        except UnicodeDecodeError:
            continue
        return "utf-8" if name == "utf-8" else _single_byte(head)
    return "latin-1"


def _single_byte(head: bytes) -> str:
    """GB 18030 accepts almost any Western text too; it is meant only where bytes come in pairs that begin a common Chinese character."""
    runs = re.findall(rb"[\x80-\xff]+", head)
    pairs = [run[i] for run in runs for i in range(0, len(run) - 1, 2)]
    common = sum(0xA1 <= first <= 0xD7 for first in pairs)  # symbols and everyday characters; Western letters stand above
    return "gb18030" if pairs and common > 0.8 * len(pairs) and not any(len(run) % 2 for run in runs) else "latin-1"


def _delimiter(member: Member, lines: list[str]) -> str:
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


def _decimal(sample: tuple[tuple[str, ...], ...], delimiter: str) -> str:
    if delimiter == ",":
        return "."
    fields = [value for row in sample[:50] for value in row]
    commas = sum(bool(re.fullmatch(r"-?\d{1,6},\d+", value.strip())) for value in fields)
    points = sum(bool(re.fullmatch(r"-?\d+\.\d+", value.strip())) for value in fields)
    return "," if commas > points else "."


def _looks_like_data(row: list[str]) -> bool:
    filled = [value for value in row if value]
    numeric = sum(bool(re.fullmatch(r"-?[\d.,:/\- TZ+]+", value)) for value in filled)
    return bool(filled) and numeric > 0.8 * len(filled)


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 or not name else f"{name}#{seen[name]}")
    return result
