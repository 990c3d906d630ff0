"""When was each row of a member recorded? Instants block by block; what had to be done to them goes to the ledger with its row.

One `RowTimes` per member: whether its clock counts to twelve only, and where a count of seconds begins again, shows across blocks.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from workbench.asset.window import BoolArray, Int64Array
from workbench.ingest import clock, even_clock, time_columns, time_words
from workbench.ingest.half_days import HalfDays
from workbench.ingest.mapping import MappingProfile
from workbench.ingest.repairs import Ledger
from workbench.ingest.restarts import ElapsedClock


class RowTimes:
    """The clock of one member. column, time_format, zone_known: which column it is and how it is written there."""

    def __init__(self, name: str, column: str, time_format: str, *, zone_known: bool, profile: MappingProfile, ledger: Ledger) -> None:
        self._name, self._column, self._format, self._zone_known = name, column, time_format, zone_known
        self._profile, self._ledger = profile, ledger
        self._halves, self._wall = HalfDays(), clock.LocalClock(profile.time_zone)
        self.elapsed = ElapsedClock() if time_format == clock.ELAPSED else None
        self._start_ns: int | None = None  # when a count of seconds began

    def of(self, block: Mapping[str, pa.DictionaryArray], row: int) -> tuple[Int64Array, BoolArray]:
        """UTC nanoseconds of the rows that have a time, and which rows these are. row: number of the first one."""
        if (plain := even_clock.parsed(block, self._column, self._format)) is not None:
            self._halves.see(plain)
            return self._utc(plain), np.ones(len(plain), bool)
        texts = block[self._column].cast(pa.string())
        local = clock.parsed(texts, self._format)
        if self.elapsed is not None:
            return self._counted(self.elapsed, texts, local, row)
        keep = local != clock.UNREADABLE
        if "%H" in self._format:
            self._halves.see(local)
            if midnights := time_words.midnights(texts):
                self._ledger.count("midnight-24", self._name, midnights, "times of 24:00, read as the beginning of the next day")
        elif other := clock.of_other_units(texts, self._format):
            text = "counts since 1970 in another unit than the rest; each read in its own"
            self._ledger.count("epoch-unit", self._name, other, text, first=f"row {row + 1} or later")
        bad = np.flatnonzero(~keep)
        header = sum(str(texts[int(i)].as_py()) in self._profile.header for i in bad)
        if header:
            first = f"row {row + int(bad[0]) + 1}"
            self._ledger.count("header-repeated", self._name, header, "header lines inside the data; not read", first=first)
        if header < len(bad):
            self._unreadable(texts, bad, len(bad) - header, row)
        return self._utc(local[keep]), keep

    def refuse(self) -> None:
        """Raises CLOCK_UNUSABLE where the rows seen so far count to twelve without saying which half of the day."""
        self._halves.refuse(self._name, self._column)

    def _utc(self, local_ns: Int64Array) -> Int64Array:
        """Instants of local times; those that the zone has not, or has twice, are counted."""
        if self._zone_known:
            return local_ns
        zone = self._profile.time_zone
        zoned = self._wall.utc(local_ns)
        if zoned.in_hole:
            self._ledger.count("dst-hole", self._name, zoned.in_hole, f"local times that do not exist in {zone}")
        if zoned.in_overlap:
            self._ledger.count("dst-overlap", self._name, zoned.in_overlap, f"local times that exist twice in {zone}; told apart by order")
        return zoned.utc_ns

    def _counted(self, elapsed: ElapsedClock, texts: pa.Array, told: Int64Array, row: int) -> tuple[Int64Array, BoolArray]:
        """Instants of a column that counts seconds, and which rows have one."""
        local = elapsed.straightened(told, row)
        bad = np.flatnonzero(told == clock.UNREADABLE)
        if len(bad):
            self._unreadable(texts, bad, len(bad), row)
        keep = local != clock.UNREADABLE
        if self._start_ns is None and keep.any():
            self._start_ns = time_columns.start_of_member(self._name, self._profile, int(local[keep][0]))
        return local[keep] + (self._start_ns or 0), keep

    def _unreadable(self, texts: pa.Array, bad: Int64Array, count: int, row: int) -> None:
        text = f"no readable time (for example {texts[int(bad[0])].as_py()!r}); row not read"
        self._ledger.count("time-unreadable", self._name, count, text, first=f"row {row + int(bad[0]) + 1}")
