"""Which marks touch what is in view? An interval index over findings, candidates and notes, so that ten thousand cost no more than a hundred."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.analysis.results import Candidate
from workbench.asset.window import Int64Array
from workbench.review.finding import Finding, Severity

BLOCK = 64  # marks per step of the index


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark in data coordinates: cells of a rack x interval. status: bad, warning, good, none. label: a word beside it, or empty."""

    key: str
    rack: str
    first_cell: int
    last_cell: int
    start_ns: int
    end_ns: int
    label: str = ""
    status: str = "none"


@dataclass(frozen=True, slots=True, eq=False)
class MarkTable:
    """Marks as columns, all (N,): rack is a place in `MarkIndex.racks`, cells are one-based, times UTC nanoseconds."""

    rack: Int64Array
    first_cell: Int64Array
    last_cell: Int64Array
    start_ns: Int64Array
    end_ns: Int64Array


class MarkIndex:
    """Marks sorted by their start, with the latest end of each block: a query looks only at blocks that can reach into the view."""

    def __init__(self, marks: Sequence[Mark] = ()) -> None:
        self.marks = tuple(sorted(marks, key=lambda m: (m.start_ns, m.end_ns, m.key)))
        self._start: Int64Array = np.array([m.start_ns for m in self.marks], dtype=np.int64)
        self._end: Int64Array = np.array([m.end_ns for m in self.marks], dtype=np.int64)
        self._cells: Int64Array = np.array([(m.first_cell, m.last_cell) for m in self.marks], dtype=np.int64).reshape(-1, 2)
        self._status: Int64Array | None = None  # made when first asked for
        self._order: tuple[str, ...] = ()
        names = sorted({m.rack for m in self.marks})
        self.racks = tuple(names)
        self._rack: Int64Array = np.array([names.index(m.rack) for m in self.marks], dtype=np.int64)
        blocks = -(-len(self.marks) // BLOCK)
        padded = np.pad(self._end, (0, blocks * BLOCK - len(self.marks)), constant_values=np.iinfo(np.int64).min)
        self._block_end: Int64Array = padded.reshape(blocks, BLOCK).max(axis=1) if blocks else np.empty(0, np.int64)

    def __len__(self) -> int:
        return len(self.marks)

    def status(self, places: Int64Array, order: tuple[str, ...]) -> Int64Array:
        """Place of the status of some marks in an order of words."""
        if self._status is None or self._order != order:
            known = {word: place for place, word in enumerate(order)}
            self._status, self._order = np.array([known[m.status] for m in self.marks], dtype=np.int64), order
        return self._status[places]

    def between(self, start_ns: int, end_ns: int) -> list[Mark]:
        """Marks that touch [start_ns, end_ns), in order of their start."""
        return [self.marks[i] for i in self.places(start_ns, end_ns)]

    def table(self, places: Int64Array) -> MarkTable:
        """Marks at places, as columns."""
        cells = self._cells[places]
        return MarkTable(self._rack[places], cells[:, 0], cells[:, 1], self._start[places], self._end[places])

    def places(self, start_ns: int, end_ns: int) -> Int64Array:
        """Places in `marks` of those that touch [start_ns, end_ns)."""
        last = int(np.searchsorted(self._start, end_ns))
        blocks = np.flatnonzero(self._block_end[: -(-last // BLOCK)] > start_ns)
        places = (blocks[:, None] * BLOCK + np.arange(BLOCK)).ravel()
        places = places[places < last]
        found: Int64Array = places[self._end[places] > start_ns]
        return found


STATUS = {Severity.MAJOR: "bad", Severity.MODERATE: "warning"}


def finding_marks(window_id: str, findings: Sequence[Finding]) -> tuple[Mark, ...]:
    """Findings of a window with their number, in their order; a finding of a whole rack marks its first thousand cells at most."""
    marks: list[Mark] = []
    for found in findings:
        s = found.selection
        if s.window_id == window_id and s.rack:
            first, last = (min(s.cells), max(s.cells)) if s.cells else (1, 1000)
            marks.append(Mark(found.id, s.rack, first, last, s.start_ns, s.end_ns, found.id, STATUS.get(found.severity, "none")))
    return tuple(marks)


def marks_of(window_id: str, findings: Sequence[Finding], candidates: Sequence[Candidate]) -> MarkIndex:
    """Findings of a window with their number, open candidates without."""
    marks = list(finding_marks(window_id, findings))
    for one in candidates:
        first, last = (min(one.cells), max(one.cells)) if one.cells else (1, 1000)
        marks.append(
            Mark(
                one.id,
                one.rack,
                first,
                last,
                one.start_ns,
                one.end_ns,
                "",
                {"major": "bad", "moderate": "warning"}.get(one.severity, "none"),
            )
        )
    return MarkIndex(marks)
