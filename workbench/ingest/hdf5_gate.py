"""May an HDF5 file of somebody else be read? Walked by its links before anything of it is opened.

Only hard links are followed. Refused are links and data that lead to other files, virtual datasets, filters that HDF5 would look for on disk,
and more data than the file can honestly hold; symbolic links inside the file are left out and named.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import h5py

from workbench.errors import IngestError, Reason
from workbench.ingest.csv_source import Member
from workbench.ingest.gates import MAX_DECLARED, MAX_RATIO, MIN_SUSPICIOUS
from workbench.ingest.table_source import unreadable

FILTERS = {
    1: "deflate",
    2: "shuffle",
    3: "fletcher32",
    4: "szip",
    5: "nbit",
    6: "scaleoffset",
    32000: "lzf",
}  # built in: no library is looked for
MAX_OBJECTS, MAX_DEPTH = 200_000, 32
MAX_CHUNK_BYTES = 256 << 20
BROKEN = (OSError, RuntimeError, ValueError, KeyError, TypeError)  # what h5py says of a damaged file


@dataclass
class Walked:
    """What the walk found: datasets by path, groups, symbolic links that were left out."""

    datasets: dict[str, h5py.Dataset] = field(default_factory=dict)
    groups: dict[str, h5py.Group] = field(default_factory=dict)
    soft: list[str] = field(default_factory=list)


def opened(path: Path, member: Member, what: str) -> h5py.File:
    """The file, read-only and without locks."""
    try:
        return h5py.File(path, "r", locking=False, rdcc_nbytes=32 << 20)
    except BROKEN as error:
        raise unreadable(member, what, error) from error


def walked(file: h5py.File, member: Member) -> Walked:
    """All datasets and groups reached by hard links, each found harmless. Raises IngestError ARCHIVE_UNSAFE at the first that is not."""
    found = Walked(groups={"": file})
    waiting: list[tuple[str, h5py.Group]] = [("", file)]
    seen = {h5py.h5o.get_info(file.id).addr}
    declared = 0
    try:
        while waiting:
            prefix, group = waiting.pop(0)
            for name in group:
                inside = f"{prefix}/{name}".lstrip("/")
                link = group.get(name, getlink=True)
                if isinstance(link, h5py.SoftLink):
                    found.soft.append(inside)
                    continue
                if not isinstance(link, h5py.HardLink):
                    raise _unsafe(member, inside, "is a link to another file")
                thing = group[name]
                address = h5py.h5o.get_info(thing.id).addr
                if address in seen:
                    continue
                seen.add(address)
                if len(seen) > MAX_OBJECTS or inside.count("/") > MAX_DEPTH or not inside.isprintable():
                    raise _unsafe(member, repr(inside[:60]), "is one object too many, too deep or without a name")
                if isinstance(thing, h5py.Dataset):
                    declared += _checked(thing, inside, member)
                    found.datasets[inside] = thing
                elif isinstance(thing, h5py.Group):
                    found.groups[inside] = thing
                    waiting.append((inside, thing))
    except BROKEN as error:
        raise unreadable(member, "an HDF5 file", error) from error
    size = max(file.id.get_filesize(), 1)
    if declared > MAX_DECLARED or (declared > MIN_SUSPICIOUS and declared > MAX_RATIO * size):
        raise _unsafe(member, "its data", f"claim {declared:,} bytes in a file of {size:,}")
    return found


def checked(dataset: h5py.Dataset, name: str, member: Member) -> None:
    """The same questions to a dataset that a reference leads to."""
    _checked(dataset, name, member)


def _checked(dataset: h5py.Dataset, name: str, member: Member) -> int:
    """The bytes a dataset declares, after it has been found harmless."""
    if dataset.external:
        raise _unsafe(member, name, "keeps its data in another file")
    if dataset.is_virtual:
        raise _unsafe(member, name, "is made of other files")
    plan = dataset.id.get_create_plist()
    for place in range(plan.get_nfilters()):
        number = plan.get_filter(place)[0]
        if number not in FILTERS:
            raise IngestError(
                Reason.FORMAT_UNKNOWN,
                f"{member.name}: {name} is packed with the HDF5 filter {number}, which is not one of HDF5's own.",
                "Ask for the file repacked with gzip (`h5repack -f GZIP=4`).",
            )
    size = dataset.size or 0
    declared = int(size) * int(dataset.dtype.itemsize)
    if declared > MAX_DECLARED:
        raise _unsafe(member, name, f"claims {declared:,} bytes")
    if dataset.chunks:
        chunk = dataset.dtype.itemsize
        for side in dataset.chunks:
            chunk *= side
        if chunk > MAX_CHUNK_BYTES:
            raise _unsafe(member, name, f"is packed in pieces of {chunk:,} bytes")
    return declared


def _unsafe(member: Member, name: str, what: str) -> IngestError:
    return IngestError(Reason.ARCHIVE_UNSAFE, f"{member.name}: {name} {what}.", "Ask for one file that holds all of its data.")
