"""Which text do the bytes of a file hold? Told from its beginning; bytes further on that do not fit are replaced and counted, never fatal."""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass
from typing import IO

READ_BYTES = 1 << 20
FOREIGN = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"PK\x03\x04", "a zip archive that is cut short, damaged or without tables"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\xd0\xcf\x11\xe0", "an Office document of the old kind"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x89HDF", "an HDF5 or MATLAB file"),
    (b"MATLAB 5.0", "a MATLAB file"),
    (b"PAR1", "a Parquet file"),
    (b"MDF ", "an MDF measurement"),
    (b"<", "a web page or XML"),
)
JSON = re.compile(rb"(\[\s*)?\{")
OFFICE = b"[Content_Types].xml"  # the first file inside
REPLACED = "\ufffd"


@dataclass
class Misfit:
    """Bytes read, whether a quote is among them, and places where they are no text of the file's encoding."""

    bytes_read: int = 0
    quoted: bool = False
    count: int = 0
    first: int = 0  # bytes before the first of them


def foreign(head: bytes) -> str:
    """What a file that is no table of texts is, by its first bytes; empty where they could begin one."""
    begin = head.removeprefix(codecs.BOM_UTF8).lstrip()[:64]
    if OFFICE in head[:64]:
        return "an Excel workbook or another Office document"
    if JSON.match(begin):
        return "JSON"
    return next((what for mark, what in FOREIGN if begin.startswith(mark)), "binary data" if _binary(head) else "")


def recognised(head: bytes) -> str:
    """The encoding of a text by its beginning: UTF-8 or UTF-16, else GB 18030 or Latin-1."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    lines = [line for line in head[: head.rfind(b"\n") + 1 or None].splitlines() if not line.isascii()]
    if sum(_is(line, "utf-8") for line in lines) >= len(lines) / 2:
        return "utf-8"  # a Western line is UTF-8 by chance almost never: where half are, the others are the strangers
    return "gb18030" if all(_is(line, "gb18030") for line in lines) and _chinese(lines) else "latin-1"


class Utf8(io.RawIOBase):
    """A file of any encoding, read as UTF-8. `misfit` keeps count, for honest progress and an honest list of repairs."""

    def __init__(self, inner: IO[bytes], encoding: str, misfit: Misfit) -> None:
        super().__init__()
        self._inner, self._encoding, self._misfit = inner, encoding, misfit
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ready, self._ended = b"", False

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes of UTF-8; fewer only at the end."""
        parts, have = [self._ready] if self._ready else [], len(self._ready)
        while not self._ended and (size < 0 or have < size):
            more = self._more(size if size > 0 else READ_BYTES)
            parts.append(more)
            have += len(more)
        whole = parts[0] if len(parts) == 1 else b"".join(parts)
        cut = len(whole) if size < 0 else size
        self._ready = whole[cut:]
        return whole[:cut]

    def _more(self, size: int) -> bytes:
        data = self._inner.read(size)
        waiting = len(self._decoder.getstate()[0])
        start, self._ended = self._misfit.bytes_read - waiting, not data
        self._misfit.bytes_read += len(data)
        self._misfit.quoted = self._misfit.quoted or b'"' in data
        if self._encoding in ("utf-8", "latin-1") and data.isascii() and not waiting:
            return data
        text = self._decoder.decode(data, final=self._ended)
        replaced = text.count(REPLACED) - data.count(REPLACED.encode())
        if replaced > 0:
            if not self._misfit.count:
                self._misfit.first = start + len(text[: text.index(REPLACED)].encode(self._encoding))
            self._misfit.count += replaced
        return text.encode()


def _binary(head: bytes) -> bool:
    return b"\0" in head[:4096] and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def _is(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _chinese(lines: list[bytes]) -> bool:
    """GB 18030 accepts almost any Western text too; it is meant only where bytes come in pairs that begin a common Chinese character."""
    runs = [run for line in lines for run in re.findall(rb"[\x80-\xff]+", line)]
    pairs = [run[i] for run in runs for i in range(0, len(run) - 1, 2)]
    common = sum(0xA1 <= first <= 0xD7 for first in pairs)  # symbols and everyday characters; Western letters stand above
    return bool(pairs) and common > 0.8 * len(pairs) and not any(len(run) % 2 for run in runs)
