"""Which value holds at an instant at which a series has no row of its own? The last one at or before it, marked as held, within a stated tolerance.

Files, sheets and tags tick for themselves: they are never joined by row number and never by lines. The series with the most cells gives the
instants; each other one gives its last value, no older than twice its own median step. What was recorded on change holds until its next record,
but not across a silence of the whole log. Shapes: N instants, K columns (cells, then probes, then signals).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from workbench.asset.channels import MISSING_INT16
from workbench.asset.quality import Quality
from workbench.asset.window import BoolArray, FloatArray, Int64Array
from workbench.ingest.sampling import EVENT, Sampling, sampling

STEPS = 2  # of its own that a value stays good
SPARSE = 0.5  # of the rows of a table: columns that are there in fewer tick for themselves, unless they come all together
MIN_ROWS = 20
SILENCE_STEPS, SILENCE_NS = 20, 600_000_000_000  # of the whole log, across which nothing holds
LOOKED_AT = 20_000
NEVER = -(2**62)
Rows = np.ndarray[Any, Any]


@dataclass(eq=False)
class Source:
    """Files or tables that bring the same columns. columns: (K,) which. looked, filled, whole: rows looked at, those that say something per
    column, and those that say everything."""

    columns: BoolArray
    names: list[str] = field(default_factory=list)
    looked: int = 0
    whole: int = 0
    filled: Int64Array = field(default_factory=lambda: np.zeros(0, np.int64))

    def see(self, present: BoolArray) -> None:
        """Some rows more, (T, K): where they say something."""
        present = present[:, self.columns]
        self.filled = present.sum(axis=0) + (self.filled if len(self.filled) else 0)
        self.looked += len(present)
        self.whole += int(present.all(axis=1).sum())

    @property
    def sparse(self) -> bool:
        """Whether a row says only what its instant brought: an empty field is then no missing value."""
        filled = self.filled[self.filled > 0]
        if self.looked < MIN_ROWS or len(filled) < 2:
            return False
        share = float(np.median(filled)) / self.looked
        return share <= SPARSE and self.whole / self.looked < SPARSE * share


@dataclass(eq=False)
class Series:
    """Columns that tick together. rows: with a value of theirs. held, lost: instants of others at which their last value holds, or is too old."""

    columns: Int64Array
    names: tuple[str, ...]
    sampling: Sampling
    allowed: BoolArray  # (sources,) at whose rows its values may hold: those of its own time
    rows: int = 0
    held: int = 0
    lost: int = 0
    last_ns: int = NEVER
    stretch: int = -1

    @property
    def on_change(self) -> bool:
        """Whether a value holds until the next record."""
        return self.sampling.mode == EVENT

    @property
    def tolerance_ns(self) -> int:
        """How old a value may be."""
        return 2**62 if self.on_change else round(STEPS * self.sampling.step_s * 1e9)


@dataclass(eq=False)
class Plan:
    """kept: (N,) instants that become rows of the window. The others are read for what they say of the series that tick for themselves."""

    kept: BoolArray
    base: str
    series: list[Series]
    sparse: BoolArray  # (sources,)
    masks: BoolArray  # (sources, K)
    silence: Int64Array  # (N,) number of the stretch of the log
    cells: int
    probes: int
    carry: Rows
    used: BoolArray  # (N,) instants of which a value holds at another
    held_cells: int = 0
    held_others: int = 0

    def filled(self, rows: Rows, source: Int64Array, first: int) -> Rows:
        """The kept ones of some rows, in order of time, with what holds at them. source: (T,) of each row; first: its number among all."""
        silence = np.r_[-1, self.silence[first : first + len(rows)]]
        time = np.r_[NEVER, rows["t"]]
        keep = np.r_[False, self.kept[first : first + len(rows)]]
        whole, present = np.concatenate([self.carry, rows]), None
        if self.sparse[source].any():
            present = np.concatenate([np.zeros((1, self.masks.shape[1]), bool), said(rows)])
        made, place = whole.copy(), np.arange(len(whole))
        for series in self.series:
            has = np.r_[False, self.masks[source, series.columns[0]]]
            if present is not None:
                has &= np.r_[True, ~self.sparse[source]] | present[:, series.columns[0]]
            has[0] = series.last_ns != NEVER
            time[0] = series.last_ns
            silence[0] = series.stretch
            last = np.maximum.accumulate(np.where(has, place, -1))
            wanted = keep & ~has & np.r_[False, series.allowed[source]]
            known = wanted & (last >= 0)
            age = time - time[np.maximum(last, 0)]
            good = known & (age <= series.tolerance_ns)
            if series.on_change:
                good &= silence == silence[np.maximum(last, 0)]
            self._take(made, whole, series, np.flatnonzero(good), last)
            series.rows += int(has[1:].sum())
            series.lost += int((wanted & ~good).sum())
            end = int(last[-1])
            if end > 0:
                _copied(self.carry, whole, series.columns, np.zeros(1, np.int64), np.array([end]), self.cells, self.probes)
                series.last_ns, series.stretch = int(time[end]), int(silence[end])
            self.used[first + last[good & (last > 0)] - 1] = True
        return made[keep]

    def _take(self, made: Rows, whole: Rows, series: Series, to: Int64Array, last: Int64Array) -> None:
        if not len(to):
            return
        _copied(made, whole, series.columns, to, last[to], self.cells, self.probes)
        cells = series.columns[series.columns < self.cells]
        if len(cells):
            there = made["v"][np.ix_(to, cells)] != MISSING_INT16
            made["q"][np.ix_(to, cells)] |= np.where(there, int(Quality.HELD), 0).astype(np.uint8)
            self.held_cells += int(there.sum())
        others = series.columns[series.columns >= self.cells] - self.cells
        if len(others):
            there = (made["o"][np.ix_(to, others)] & int(Quality.MISSING)) == 0
            made["o"][np.ix_(to, others)] |= np.where(there, int(Quality.HELD), 0).astype(np.uint8)
        self.held_others += len(to) * (len(series.columns) - len(cells))
        series.held += len(to)


def said(rows: Rows) -> BoolArray:
    """(T, K) where rows say something: a value, or why there is none."""
    return np.concatenate([rows["q"] != int(Quality.MISSING), rows["p"] != MISSING_INT16, np.isfinite(rows["s"])], axis=1)


@dataclass(frozen=True, eq=False)
class Log:
    """All instants of a rack in order of time. rows: as spooled; order: (N,) which of them; source: (N,) whose each is."""

    sources: Sequence[Source]
    rows: Rows
    order: Int64Array
    time_ns: Int64Array
    with_cells: BoolArray
    source: Int64Array

    @property
    def cells(self) -> int:
        """Columns of cells."""
        return int(self.rows.dtype["v"].shape[0])

    def column(self, at: Int64Array, column: int) -> FloatArray:
        """(T,) one column at some instants as numbers, NaN where it holds none."""
        return _column(self.rows, self.order[at], column)


def planned(log: Log) -> Plan | None:
    """How instants come together, or None where every row says all there is."""
    used = np.unique(log.source)
    masks, sparse = np.array([s.columns for s in log.sources]), np.array([s.sparse for s in log.sources])
    masks[np.setdiff1d(np.arange(len(masks)), used)] = False
    if not len(log.order) or not log.with_cells.any() or (masks[used].all() and not sparse[used].any()):
        return None
    spans = {int(g): (int(log.time_ns[log.source == g][0]), int(log.time_ns[log.source == g][-1])) for g in used}
    looked = np.flatnonzero(sparse[log.source])[:LOOKED_AT]
    present = said(log.rows[log.order[looked]])
    series = []
    for columns in _together(masks[used], sparse[used]):
        own = np.flatnonzero(masks[log.source, columns[0]])
        if sparse[log.source[own]].any():
            own = np.intersect1d(own, looked[present[:, columns[0]]])
        if len(own):
            series.append(_series(log, columns, own, masks, sparse, spans))
    kept, base = _instants(log, series, masks, sparse)
    steps = np.diff(log.time_ns, prepend=log.time_ns[0])
    moving = steps[steps > 0]
    limit = max(SILENCE_STEPS * (float(np.median(moving)) if len(moving) else 0.0), SILENCE_NS)
    probes = int(log.rows.dtype["p"].shape[0])
    carry, unused = np.zeros(1, log.rows.dtype), np.zeros(len(log.order), bool)
    return Plan(kept, base, series, sparse, masks, np.cumsum(steps > limit), log.cells, probes, carry, unused)


def _together(masks: BoolArray, sparse: BoolArray) -> list[Int64Array]:
    """Columns that are in the same tables belong together; those of a sparse table are each for themselves."""
    alone = masks[sparse].any(axis=0)
    _, which = np.unique(masks, axis=1, return_inverse=True)
    shared = [np.flatnonzero((which.ravel() == k) & ~alone) for k in range(int(which.max()) + 1)]
    return [*(columns for columns in shared if len(columns)), *(np.array([k]) for k in np.flatnonzero(alone))]


def _series(log: Log, columns: Int64Array, own: Int64Array, masks: BoolArray, sparse: BoolArray, spans: dict[int, tuple[int, int]]) -> Series:  # fmt: skip
    """How one series ticks. own: instants at which it says something, of a sparse table the first ones."""
    some = own[:LOOKED_AT]
    told = sampling(log.time_ns[own], np.array([log.column(some, int(k)) for k in columns[:8]]).T)
    mine = [int(g) for g in np.unique(log.source[own])]
    begin, end = min(spans[g][0] for g in mine), max(spans[g][1] for g in mine)
    allowed = np.zeros(len(masks), bool)
    for g, (first, last) in spans.items():
        together = min(end, last) - max(begin, first)
        own_row = bool(masks[g, columns[0]]) and not sparse[g]
        allowed[g] = not own_row and together > min(round(STEPS * told.step_s * 1e9), (last - first) // 2)
    names = tuple(dict.fromkeys(name for g in mine for name in log.sources[g].names))
    return Series(columns, names, told, allowed)


def _instants(log: Log, series: list[Series], masks: BoolArray, sparse: BoolArray) -> tuple[BoolArray, str]:
    """(N,) which instants stay: those of the time base with most cells, and of another only where that one is silent."""
    bases = []
    for group in _sharing(masks[:, : log.cells]):
        mine = np.isin(log.source, group) & log.with_cells
        ticking = [s for s in series if s.columns[0] < log.cells and masks[group][:, s.columns[0]].any()]
        if not mine.any() or not ticking:
            continue
        if sparse[group].all() and len(ticking) > 1 and not any(s.on_change for s in ticking):
            last = ticking[-1]  # polled in rounds: the last of a round closes it
            there = np.isfinite(log.column(np.arange(len(log.order)), int(last.columns[0]))) & mine
            bases += [(len(ticking) + 1, there, last), (len(ticking), mine & ~there, last)]
        else:
            bases.append((sum(len(s.columns) for s in ticking), mine, ticking[0]))
    bases.sort(key=lambda base: (-base[0], -int(base[1].sum()), -int(base[2].columns[-1])))  # of equals the last, which closes a round
    kept = np.zeros(len(log.order), bool)
    reach = max(STEPS * bases[0][2].sampling.step_s * 1e9, 1.0) if bases else 0.0
    for _, mine, _ in bases:
        times = log.time_ns[kept]
        if not len(times):
            kept |= mine
            continue
        after = np.searchsorted(times, log.time_ns)
        before_ns = log.time_ns - times[np.maximum(after - 1, 0)]
        until_ns = times[np.minimum(after, len(times) - 1)] - log.time_ns
        near = ((after > 0) & (before_ns <= reach)) | ((after < len(times)) & (until_ns <= reach))
        kept |= mine & ~near
    return kept, ", ".join(bases[0][2].names[:1]) if bases else ""


def _sharing(cells: BoolArray) -> list[Int64Array]:
    """Sources that share a cell are one time base: parts in time, or a logger that grew. cells: (sources, C)."""
    name = np.arange(len(cells))
    for column in cells.T:
        members = np.flatnonzero(column)
        if len(members) > 1:
            name[np.isin(name, name[members])] = name[members].min()
    return [np.flatnonzero((name == k) & cells.any(axis=1)) for k in np.unique(name)]


def _column(rows: Rows, at: Int64Array, column: int) -> FloatArray:
    cells, probes = rows.dtype["v"].shape[0], rows.dtype["p"].shape[0]
    if column >= cells + probes:
        return np.asarray(rows["s"][:, column - cells - probes][at], np.float64)
    name, place = ("v", column) if column < cells else ("p", column - cells)
    values = rows[name][:, place][at].astype(np.float64)
    values[values == MISSING_INT16] = np.nan
    return values


def _copied(to: Rows, of: Rows, columns: Int64Array, rows: Int64Array, last: Int64Array, cells: int, probes: int) -> None:
    """What rows `last` say in some columns, written into rows `rows`."""
    for names, low, high in ((("v", "q"), 0, cells), (("p",), cells, cells + probes), (("s",), cells + probes, 2**31)):
        some = columns[(columns >= low) & (columns < high)] - low
        if len(some):
            for name in names:
                to[name][np.ix_(rows, some)] = of[name][np.ix_(last, some)]
            if low >= cells:
                to["o"][np.ix_(rows, some + low - cells)] = of["o"][np.ix_(last, some + low - cells)]
