"""Which tables does an MDF4 measurement hold? One per channel group, each with its own time base.

Decoded channels only: frames of a bus as they went over the wire say nothing without the database that explains them, and are refused.
Linear conversions are done exactly on the stored number; a formula in a file is never evaluated.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from workbench.errors import IngestError, Reason
from workbench.ingest import exact_text
from workbench.ingest.clock import YEAR_1990_S, YEAR_2100_S
from workbench.ingest.csv_source import Layout, Member, Rejected
from workbench.ingest.gates import MAX_DECLARED, MAX_RATIO, MIN_SUSPICIOUS
from workbench.ingest.table_source import Block, Note, batch_rows, progressed, typed_layout, unreadable

FORMAT = "MDF4"
BUS_FLAGS = 1 << 1 | 1 << 2  # of a channel group: bus events
BUS_NAMES = ("CAN_DataFrame", "CAN_RemoteFrame", "CAN_ErrorFrame", "LIN_Frame", "ETH_Frame", "FLX_Frame", "MOST_Message")
MASTERS, TIME_SYNC = (2, 3), 1  # channel types that carry the axis; the axis is time
NONE, LINEAR, FORMULA = 0, 1, 3  # conversions
LOCAL_TIME = 1  # flag of the header: the beginning is a wall clock without a zone
BATCH_FIELDS = 8_000_000  # every batch goes through the packed records of its group again
BROKEN = (
    OSError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
    SyntaxError,
)
ASK_DECODED = "Ask for the decoded channels, or for the CAN database (DBC or ARXML) that belongs to them."


def parts(path: Path, member: Member) -> list[str]:
    """The channel groups that hold decoded channels. Raises IngestError where all are frames of a bus."""
    with _opened(path, member) as measurement:
        groups = _groups(measurement)
        frames = sum(_is_bus(group) for group in measurement.groups)
    if not groups and frames:
        raise IngestError(
            Reason.FORMAT_UNKNOWN,
            f"{member.name} holds raw bus frames in {frames} channel group{'s' if frames > 1 else ''} and no decoded channel.",
            ASK_DECODED,
        )
    if not groups:
        raise IngestError(Reason.FILE_EMPTY, f"{member.name} holds no channel with samples on a time axis.", "Ask for the file again.")
    return list(groups)


def layout(path: Path, member: Member) -> Layout:
    """The time and the channels of one group."""
    with _opened(path, member) as measurement:
        number = _number(measurement, member)
        group = measurement.groups[number]
        names = [f"{channel.name} [{unit}]" if (unit := _unit(channel)) else channel.name for channel in _channels(group)]
        notes: tuple[Note, ...] = ()
        if frames := sum(_is_bus(group) for group in measurement.groups):
            notes += (("frames-left-out", member.path.name, frames, f"channel groups of raw bus frames; not read. {ASK_DECODED}"),)
        if formulas := [channel.name for channel in group.channels if _has_formula(channel.conversion)]:
            text = f"channels that need a formula of the file ({', '.join(formulas[:3])}); not read"
            notes += (("formula-left-out", member.name, len(formulas), text),)
    return typed_layout(member, FORMAT, ["timestamp", *names], notes=notes)


def blocks(path: Path, member: Member, form: Layout, rejected: Rejected) -> Iterator[Block]:
    """Records of one group, each instant the beginning of the measurement plus the group's own time."""
    with _opened(path, member) as measurement:
        number = _number(measurement, member)
        group = measurement.groups[number]
        begin_ns, zoned = _begin(measurement)
        wanted = [(index, channel) for index, channel in enumerate(group.channels) if _is_read(channel)]
        total = int(group.channel_group.cycles_nr)
        step = max(batch_rows(len(form.header)), BATCH_FIELDS // len(form.header))
        for first in range(0, total, step):
            count = min(step, total - first)
            seconds = np.asarray(measurement.get_master(number, record_offset=first, record_count=count), np.float64)
            columns = [_instants(seconds, begin_ns, zoned=zoned)]
            for index, channel in wanted:
                columns.append(_channel(measurement, number, index, channel, first, count))
            for begin in range(0, count, batch_rows(len(form.header))):
                part = slice(begin, begin + batch_rows(len(form.header)))
                yield {name: column[part] for name, column in zip(form.header, columns, strict=True)}
            progressed(member, rejected, first + count, total)


@contextmanager
def _opened(path: Path, member: Member) -> Iterator[Any]:
    """The measurement, after its own declaration has been found possible."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from asammdf import MDF  # heavy: only when such a file is met
        from asammdf.blocks.utils import MdfException

        measurement = None
        file = path.open("rb")  # never its path: asammdf deletes a file whose name ends in .bz2 or .gzip when it closes it
        try:
            if file.read(16)[8:9] != b"4":
                raise IngestError(
                    Reason.FORMAT_UNKNOWN,
                    f"{member.name} is an MDF measurement of an old version.",
                    "Ask for MDF version 4, or for CSV or Parquet.",
                )
            file.seek(0)
            measurement = MDF(file, process_bus_logging=False)
            declared = sum(int(group.channel_group.cycles_nr) * int(group.channel_group.samples_byte_nr) for group in measurement.groups)
            size = max(path.stat().st_size, 1)
            if declared > MAX_DECLARED or (declared > MIN_SUSPICIOUS and declared > MAX_RATIO * size):
                raise IngestError(
                    Reason.ARCHIVE_UNSAFE, f"{member.name} claims {declared:,} bytes of records in {size:,}.", "Ask for the file again."
                )
            yield measurement
        except (MdfException, *BROKEN) as error:
            raise unreadable(member, "an MDF4 measurement", error) from error
        finally:
            if measurement is not None:
                measurement.close()
            file.close()


def _groups(measurement: Any) -> dict[str, int]:
    """Name to number of the groups with decoded channels; a name that is not there or not the only one gets its number."""
    found: dict[str, int] = {}
    for number, group in enumerate(measurement.groups):
        known = group.channel_group
        if _is_bus(group) or not known.cycles_nr or not _channels(group) or not _has_time(group):
            continue
        name = str(known.acq_name or known.comment or "").strip().splitlines()[:1]
        named = name[0] if name and name[0].isprintable() and not name[0].startswith("<") and name[0] not in found else ""
        found[named or f"group {number + 1}"] = number
    return found


def _number(measurement: Any, member: Member) -> int:
    groups = _groups(measurement)
    return groups.get(member.part, next(iter(groups.values())))


def _is_bus(group: Any) -> bool:
    names = (channel.name for channel in group.channels)
    return bool(group.channel_group.flags & BUS_FLAGS) or any(name.split(".")[0] in BUS_NAMES for name in names)


def _has_time(group: Any) -> bool:
    return any(channel.channel_type in MASTERS and channel.sync_type == TIME_SYNC for channel in group.channels)


def _channels(group: Any) -> list[Any]:
    return [channel for channel in group.channels if _is_read(channel)]


def _is_read(channel: Any) -> bool:
    return channel.channel_type not in MASTERS and channel.name.isprintable() and not _has_formula(channel.conversion)


def _has_formula(conversion: Any) -> bool:
    """Whether a conversion, or one that it refers to, is a formula."""
    if conversion is None:
        return False
    inner = (conversion.referenced_blocks or {}).values()
    return conversion.conversion_type == FORMULA or any(_has_formula(block) for block in inner if hasattr(block, "conversion_type"))


def _unit(channel: Any) -> str:
    unit = str((channel.conversion.unit if channel.conversion is not None else "") or channel.unit or "").strip()
    return unit if unit.isprintable() else ""


def _begin(measurement: Any) -> tuple[int | None, bool]:
    """When the measurement began [ns since 1970] and whether that is UTC; None where its clock was not set."""
    header = measurement.header
    begin_ns = int(header.abs_time)
    if not YEAR_1990_S * 10**9 <= begin_ns <= YEAR_2100_S * 10**9:
        return None, False
    return begin_ns, not header.time_flags & LOCAL_TIME


def _instants(seconds: np.ndarray[tuple[int], np.dtype[np.float64]], begin_ns: int | None, *, zoned: bool) -> pa.DictionaryArray:
    if begin_ns is None:
        return exact_text.of_numpy(seconds)
    whole = np.floor(seconds)
    ns = begin_ns + whole.astype(np.int64) * 10**9 + np.rint((seconds - whole) * 1e9).astype(np.int64)
    return exact_text.of_arrow(pa.array(ns).cast(pa.timestamp("ns", "UTC" if zoned else None)))


def _channel(measurement: Any, group: int, index: int, channel: Any, first: int, count: int) -> pa.DictionaryArray:
    """The texts of one channel; samples that the logger itself marked invalid are missing."""
    kind = channel.conversion.conversion_type if channel.conversion is not None else NONE
    exact = kind in (NONE, LINEAR)
    samples, invalid = measurement.get(
        group=group, index=index, samples_only=True, raw=exact, ignore_invalidation_bits=True, record_offset=first, record_count=count
    )
    if len(samples) != count:
        raise ValueError(f"{channel.name} breaks off after {first + len(samples):,} of its samples")
    plain = samples.ndim == 1 and not samples.dtype.names
    texts = exact_text.of_numpy(samples) if plain else exact_text.of_values([None] * len(samples))
    if kind == LINEAR and samples.dtype.kind in "iuf":
        scale, offset = (Decimal(str(exact_text.of_value(float(value)))) for value in (channel.conversion.a, channel.conversion.b))
        physical = [None if text is None else str(Decimal(text) * scale + offset) for text in texts.dictionary.to_pylist()]
        texts = pa.DictionaryArray.from_arrays(texts.indices, pa.array(physical, pa.string()))
    if invalid is None or not np.any(invalid):
        return texts
    indices = pa.array(
        np.asarray(texts.indices.fill_null(0)), pa.int32(), mask=np.asarray(invalid, bool) | np.asarray(texts.indices.is_null())
    )
    return pa.DictionaryArray.from_arrays(indices, texts.dictionary)
