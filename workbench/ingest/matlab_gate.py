"""How much do the variables of a MATLAB file of version 5 to 7 unpack to? Told by its own tags, structs and cells included, before any is unpacked.

Such a file is a header of 128 bytes and then one element per variable: a tag of kind and size, and the data, often deflated. The tag inside the
deflated data states the whole size of the variable, so that eight bytes of it are enough to know.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import IO, Literal

from workbench.errors import IngestError, Reason
from workbench.ingest.csv_source import Member
from workbench.ingest.gates import MAX_RATIO, MIN_SUSPICIOUS

HEADER, TAG = 128, 8
MATRIX, DEFLATED = 14, 15
MOST_BYTES = 512 << 20  # of one variable, which is in memory as a whole, up to twice while it is unpacked
MOST_IN_ALL = 16 << 30  # of all of them, which wait on disk
MOST_VARIABLES = 100_000
PEEKED = 256  # deflated bytes that surely hold the first tag


def check(path: Path, member: Member) -> int:
    """Bytes that all variables unpack to. Raises ARCHIVE_UNSAFE where they are too many, or far more than the file can honestly hold."""
    size = path.stat().st_size
    with path.open("rb") as file:
        sizes = _sizes(file, size)
    declared = sum(sizes)
    if max(sizes, default=0) > MOST_BYTES or declared > MOST_IN_ALL or (declared > 8 * MIN_SUSPICIOUS and declared > MAX_RATIO * size):
        raise IngestError(
            Reason.ARCHIVE_UNSAFE,
            f"{member.name} claims {declared:,} bytes of data in {size:,}, up to {max(sizes, default=0):,} in one variable; of MATLAB files before 7.3, whose variables are unpacked whole, {MOST_BYTES:,} a variable are read at most.",
            "Ask for it saved with `-v7.3`, which is read piece by piece, or in smaller variables.",
        )
    return declared


def _sizes(file: IO[bytes], size: int) -> list[int]:
    """What each variable states. A tag that makes no sense ends the list: the reader will say what is wrong."""
    head = file.read(HEADER)
    order: Literal["little", "big"] = "big" if head[126:128] == b"MI" else "little"
    result: list[int] = []
    if head[126:128] not in (b"MI", b"IM"):
        return result
    at = HEADER
    while at + TAG <= size and len(result) < MOST_VARIABLES:
        file.seek(at)
        tag = file.read(TAG)
        kind, length = (int.from_bytes(part, order) for part in (tag[:4], tag[4:]))
        if kind == DEFLATED:
            inner = _first_tag(file.read(min(length, PEEKED)))
            result.append(int.from_bytes(inner[4:8], order) if len(inner) >= TAG else 0)
        elif kind == MATRIX:
            result.append(length)
        else:
            break
        at += TAG + length
    return result


def _first_tag(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, TAG)
    except zlib.error:
        return b""
