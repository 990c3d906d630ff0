"""Where do rows wait until all of them are read? A temporary row-major file per rack: sorting and joining then need no memory of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from workbench.asset.channels import MISSING_INT16
from workbench.asset.quality import Quality
from workbench.asset.topology import Rack
from workbench.asset.window import BoolArray, FloatArray, Int64Array, RackSeries
from workbench.ingest import asof
from workbench.ingest.sampling import PERIODIC, Sampling, sampling
from workbench.ingest.turning import turned

STAMP = np.dtype([("t", "<i8"), ("c", "?"), ("g", "<i4")])
OUT_ROWS = 8192  # rows handed on at a time
LOOKED_AT = 64  # rows of a block that tell whether its source says everything in every row
LOOKED_AT_MOST = 20_000  # rows whose values tell whether they were recorded on change
MOST_ROWS = 16  # of one instant that are looked at one by one; a clock that stands still has more


@dataclass
class RackSpool:
    """The rows of one rack as they arrive, in any order. A row holds only what its file had; rows of one instant complete each other."""

    path: Path
    rack: Rack
    signals: tuple[str, ...]
    unproven: Mapping[str, frozenset[str]] = field(default_factory=dict)  # signal whose sign nothing proved yet -> its columns
    rows: int = 0
    duplicates_equal: int = 0
    duplicates_conflicting: int = 0
    joined: int = 0
    without_cells: int = 0
    backwards: int = 0
    _last_ns: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        cells, probes = len(self.rack.cells), len(self.rack.probes)
        fields = [("v", "<i2", (cells,)), ("q", "u1", (cells,)), ("p", "<i2", (probes,)), ("s", "<f8", (len(self.signals),))]
        fields.append(("o", "u1", (probes + len(self.signals),)))  # marks of probes, then of signals
        self.dtype = np.dtype([("t", "<i8"), ("c", "?"), ("g", "<i4"), *fields])  # c: from a file with cells; g: whose columns it has
        self._empty = np.zeros(1, self.dtype)
        for name, nothing in (
            ("v", MISSING_INT16),
            ("q", int(Quality.MISSING)),
            ("p", MISSING_INT16),
            ("s", np.nan),
            ("o", int(Quality.MISSING)),
        ):
            self._empty[name] = nothing
        self.sources = [asof.Source(np.ones(cells + probes + len(self.signals), bool))]  # the first has every column
        self._unions: dict[tuple[int, int], int] = {}
        self.plan: asof.Plan | None = None
        self._instants: tuple[Int64Array, Int64Array] = (np.empty(0, np.int64), np.empty(0, np.int64))
        self.time_ns = np.empty(0, np.int64)  # of the rows that `ordered` keeps, in their order
        self._file = self.path.open("wb")
        self._times = self.path.with_suffix(".times").open("wb")  # apart, so that ordering reads little

    def source(self, name: str, cells: list[int], probes: list[int], signals: list[int]) -> int:
        """The number of the files that bring these places, for the field g of their rows."""
        columns = np.zeros(len(self.sources[0].columns), bool)
        first = np.cumsum([0, len(self.rack.cells), len(self.rack.probes)])
        for begin, places in zip(first, (cells, probes, signals), strict=True):
            columns[[int(begin) + place for place in places]] = True
        return self._number(columns, [name])

    def _number(self, columns: BoolArray, names: list[str]) -> int:
        found = next((g for g, source in enumerate(self.sources) if (source.columns == columns).all()), len(self.sources))
        if found == len(self.sources):
            self.sources.append(asof.Source(columns))
        known = self.sources[found].names
        known += [name for name in names if name not in known]
        return found

    def _united(self, one: int, two: int) -> int:
        """The number of rows that have the columns of both."""
        if one != two and (one, two) not in self._unions:
            first, second = self.sources[one], self.sources[two]
            self._unions[one, two] = self._number(first.columns | second.columns, [])
        return self._unions.get((one, two), one)

    def blank(self, rows: int) -> np.ndarray[Any, Any]:
        """Rows in which nothing was received."""
        return np.repeat(self._empty, rows)

    def add(self, block: np.ndarray[Any, Any]) -> None:
        """Keep rows."""
        if not len(block):
            return
        source = int(block["g"][0])
        steps = np.diff(np.r_[self._last_ns.get(source, block["t"][0]), block["t"]])
        self.backwards += int((steps < 0).sum())
        self._last_ns[source] = int(block["t"][-1])
        self._file.write(memoryview(np.ascontiguousarray(block)).cast("B"))
        stamps = np.empty(len(block), STAMP)
        stamps["t"], stamps["c"], stamps["g"] = block["t"], block["c"], block["g"]
        self.sources[source].see(asof.said(block[:: max(len(block) // LOOKED_AT, 1)]))
        self._times.write(stamps.tobytes())
        self.rows += len(block)

    def close(self) -> None:
        """No more rows."""
        self._file.close()
        self._times.close()

    def stamps(self) -> np.ndarray[Any, Any]:
        """Time, whether cells came with it, and source of every row, in the order in which they were received."""
        return np.fromfile(self.path.with_suffix(".times"), STAMP)

    def ordered(self) -> tuple[np.ndarray[Any, Any], Int64Array]:
        """All rows (memory-mapped) and the order of the first row of each instant, which takes what it lacks from the later ones.

        Equal rows, conflicting ones and completing ones are counted apart. Beside rows of cells, an instant without any is left out.
        """
        rows = np.memmap(self.path, self.dtype, "r+") if self.rows else np.zeros(0, self.dtype)
        stamps = self.stamps()
        time_ns, with_cells, source = (np.ascontiguousarray(stamps[name]) for name in ("t", "c", "g"))
        order = np.arange(len(time_ns)) if (np.diff(time_ns) > 0).all() else self._sorted(rows, time_ns, with_cells, source)
        with_cells, source = with_cells[order], source[order].astype(np.int64)
        self.plan = asof.planned(asof.Log(self.sources, rows, order, time_ns[order], with_cells, source))
        if self.plan is not None:
            self._instants = order, source
            order = order[self.plan.kept]
        elif with_cells.any():
            self.without_cells = int((~with_cells).sum())
            order = order[with_cells]
        self.time_ns = time_ns[order]
        return rows, order

    def _sorted(self, rows: np.ndarray[Any, Any], time_ns: Int64Array, with_cells: BoolArray, source: Int64Array) -> Int64Array:
        """Order of the first row of each instant, after it has taken what it lacks; with_cells and source are kept up to date."""
        order = np.argsort(time_ns, kind="stable")
        same = np.diff(time_ns[order], prepend=-(2**62)) == 0
        later = np.flatnonzero(same)
        first = np.maximum.accumulate(np.where(same, 0, np.arange(len(order))))[later]
        rank = np.minimum(later - first, MOST_ROWS)
        by_rank = np.argsort(rank, kind="stable")  # the second rows of all instants, then the third ones, ...
        ends = np.flatnonzero(np.diff(rank[by_rank])) + 1
        for part in np.split(by_rank, ends):
            for begin in range(0, len(part), OUT_ROWS):
                some = part[begin : begin + OUT_ROWS]
                self._complete(rows, order[first[some]], order[later[some]])
                with_cells[order[first[some]]] |= with_cells[order[later[some]]]
                source[order[first[some]]] = rows["g"][order[first[some]]]
        return np.delete(order, later)

    def _complete(self, rows: np.ndarray[Any, Any], kept: Int64Array, more: Int64Array) -> None:
        """Rows `kept` take what they lack from `more`; what both have stays the first's."""
        one, two = rows[kept], rows[more]
        equal = np.array([a.tobytes() == b.tobytes() for a, b in zip(one, two, strict=True)])
        clash = np.zeros(len(one), bool)
        for names in (("v", "q"), ("p",), ("s",)):
            known = [_known(part, names) for part in (one, two)]
            differ = np.any([one[name] != two[name] for name in names], axis=0)
            conflict = known[0] & known[1] & differ
            clash |= conflict.any(axis=1)
            if "q" in names:
                one["q"] |= np.where(conflict, int(Quality.DUPLICATE), 0).astype(np.uint8)
            marks = {"v": one["q"], "p": one["o"][:, : one["p"].shape[1]], "s": one["o"][:, one["p"].shape[1] :]}[names[0]]
            more_marks = two["o"][:, : one["p"].shape[1]] if names[0] == "p" else two["o"][:, one["p"].shape[1] :]
            if "q" not in names:
                marks[...] = np.where(known[0], marks | np.where(conflict, int(Quality.DUPLICATE), 0).astype(np.uint8), more_marks)
            for name in names:
                one[name] = np.where(known[0], one[name], two[name])
        one["c"] |= two["c"]
        one["g"] = [self._united(a, b) for a, b in zip(one["g"].tolist(), two["g"].tolist(), strict=True)]
        rows[kept] = one
        self.duplicates_equal += int(equal.sum())
        self.duplicates_conflicting += int((clash & ~equal).sum())
        self.joined += int((~clash & ~equal).sum())

    def sampling(self, rows: np.ndarray[Any, Any], order: Int64Array) -> Sampling:
        """How the rows stand in time; what a series of cells says of itself that was recorded on change goes for all."""
        first = rows[order[:LOOKED_AT_MOST]]
        values = np.concatenate([first["s"][:, :4], np.where(first["v"][:, :4] == MISSING_INT16, np.nan, first["v"][:, :4])], axis=1)
        told = sampling(self.time_ns, values)
        changes = [s.sampling for s in self.plan.series if s.on_change and s.columns[0] < self.plan.cells] if self.plan else []
        return replace(changes[0], step_s=told.step_s) if changes and told.mode != PERIODIC else told

    def blocks(self, rows: np.ndarray[Any, Any], order: Int64Array) -> Any:
        """The rows in order as series of at most OUT_ROWS samples, with what is held at them."""
        if self.plan is not None:
            every, source = self._instants
            for first in range(0, len(every), OUT_ROWS):
                part = every[first : first + OUT_ROWS]
                made = self.plan.filled(rows[part], source[first : first + OUT_ROWS], first)
                if len(made):
                    yield self._series(made)
            self.without_cells = int((~self.plan.kept & ~self.plan.used).sum())
            return
        for first in range(0, len(order), OUT_ROWS):
            part = order[first : first + OUT_ROWS]
            whole = part[-1] - part[0] + 1 == len(part) and bool((np.diff(part) > 0).all())  # as they were written: read, not mapped
            offset = int(part[0]) * self.dtype.itemsize
            yield self._series(np.fromfile(self.path, self.dtype, len(part), offset=offset) if whole else rows[part])

    def _series(self, part: np.ndarray[Any, Any]) -> RackSeries:
        signals: dict[str, FloatArray] = {name: np.ascontiguousarray(part["s"][:, i]) for i, name in enumerate(self.signals)}
        return RackSeries(
            self.rack,
            np.ascontiguousarray(part["t"]),
            turned(part["v"]),
            turned(part["q"]),
            turned(part["p"]),
            signals,
            part["o"].T,
        )


def _known(part: np.ndarray[Any, Any], names: tuple[str, ...]) -> BoolArray:
    """Where a row says something: a value, or a reason why there is none."""
    values = part[names[0]]
    known: BoolArray = np.isfinite(values) if names == ("s",) else values != MISSING_INT16
    return known | (part["q"] != int(Quality.MISSING)) if "q" in names else known
