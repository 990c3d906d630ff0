"""May these bytes be read at all? Archives, workbooks and saved files that lie about themselves are refused before a reader sees them.

Each gate raises IngestError with one sentence that names the file and what is wrong. They look at names, declared sizes and first bytes only,
so that a gate costs nothing beside reading.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import IO

from workbench.errors import IngestError, Reason

MAX_RATIO = 200  # an honest CSV compresses 5 to 40 times; a bomb a thousand
MAX_DECLARED = 200 * 10**9  # bytes of one member, and of all
MIN_SUSPICIOUS = 1024 * 1024
MAX_MEMBERS = 200_000  # ten years of one file per rack and day are 180,000 for 50 racks
MAX_NAME = 1024
LOCAL_HEADER = 30  # bytes before a member's name, the least that lies between two members
LINK, FILE_KIND = 0o120000, 0o170000
XML_HEAD = 64 * 1024  # the prolog of an honest workbook part is a hundred bytes
MAX_XML = 4 * 10**9  # one sheet, unpacked
XML_NAMES = (".xml", ".rels", ".vml")
ROOT_ELEMENT = re.compile(rb"<[A-Za-z_:]")
DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
MAX_SAVED = 256 * 1024 * 1024  # a mapping of a hundred thousand columns has 25 MB
REMEDY = "Ask for a plain archive."


def check_archive(path: Path, infos: Sequence[zipfile.ZipInfo]) -> None:
    """The members of a zip: names, links, encryption, declared sizes, ratio, number, one name twice, members that overlap."""
    if len(infos) > MAX_MEMBERS:
        raise _unsafe(path, f"{len(infos):,} files; {MAX_MEMBERS:,} are read at most")
    for info in infos:
        reason = _trouble(info)
        if not info.filename.isprintable() or len(info.filename) > MAX_NAME:
            raise _unsafe(path, "a file name that cannot be printed")
        if reason:
            raise _unsafe(path, f"{reason}: {info.filename}")
    declared = sum(info.file_size for info in infos)
    if declared > MAX_DECLARED:
        raise _unsafe(path, f"files that claim {declared:,} bytes together")
    twice = [name for name, count in Counter(info.filename for info in infos).items() if count > 1]
    if twice:
        raise _unsafe(path, f"two files of one name: {twice[0]}")
    ordered = sorted(infos, key=lambda info: info.header_offset)
    for one, after in pairwise(ordered):
        if one.header_offset + LOCAL_HEADER + one.compress_size > after.header_offset:
            raise _unsafe(path, f"two files in the same bytes: {one.filename} and {after.filename}")


def check_workbook(path: Path, archive: zipfile.ZipFile) -> None:
    """A workbook is a zip of XML: the gates of an archive, and no part that declares entities or a document type."""
    infos = [info for info in archive.infolist() if not info.is_dir()]
    check_archive(path, infos)
    for info in infos:
        if not info.filename.lower().endswith(XML_NAMES):
            continue
        if info.file_size > MAX_XML:
            raise _unsafe(path, f"a part that claims {info.file_size:,} bytes: {info.filename}")
        with archive.open(info) as part:
            check_xml(path, info.filename, part)


def check_xml(path: Path, name: str, part: IO[bytes]) -> None:
    """Before its first element XML may declare entities that read other files or grow without end: none may, and the element must come soon."""
    head = part.read(XML_HEAD)
    if b"\0" in head:  # UTF-16: what is looked for is ASCII in it
        head = head.replace(b"\0", b"")
    root = ROOT_ELEMENT.search(head)
    prolog = head[: root.start()] if root else head
    if DECLARATION.search(prolog):
        raise _unsafe(path, f"a part that declares entities or a document type: {name}")
    if root is None and len(head) >= XML_HEAD:
        raise _unsafe(path, f"a part without an element in its first {XML_HEAD // 1024} kB: {name}")


def saved_bytes(path: Path) -> bytes:
    """A saved mapping, as far as anybody could have made it. Raises ValueError where it is larger, OSError as the system does."""
    with path.open("rb") as file:
        data = file.read(MAX_SAVED + 1)
    if len(data) > MAX_SAVED:
        raise ValueError(f"it is larger than {MAX_SAVED >> 20} MB")
    return data


def _trouble(info: zipfile.ZipInfo) -> str:
    name = info.filename
    if name.startswith(("/", "\\")) or ".." in Path(name.replace("\\", "/")).parts or re.match(r"^[A-Za-z]:", name):
        return "a name that leads out of the archive"
    if (info.external_attr >> 16) & FILE_KIND == LINK:
        return "a link"
    if info.flag_bits & (0x01 | 0x40):
        return "an encrypted file"
    if info.file_size > MAX_DECLARED or (info.file_size > MIN_SUSPICIOUS and info.file_size > MAX_RATIO * max(info.compress_size, 1)):
        return f"a file that claims {info.file_size:,} bytes in {info.compress_size:,}"
    return ""


def _unsafe(path: Path, what: str) -> IngestError:
    return IngestError(Reason.ARCHIVE_UNSAFE, f"{path.name} holds {what}.", REMEDY)
