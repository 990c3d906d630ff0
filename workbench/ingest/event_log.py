"""From what happened when do alarms become intervals? Rows of a log, in any order, paired by element and code.

Nothing is invented: an alarm that is never cleared lasts until the log ends and says so; a clear whose raise is not in the log is an instant
and says so; a second raise of what is raised already changes nothing and is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

RAISED, CLEARED, NO_STATE = 1, 0, -1


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a log. end_ns is None where the log has no such column or the field is empty. state: RAISED, CLEARED or NO_STATE."""

    time_ns: int
    element: str
    code: str
    text: str = ""
    severity: str = ""
    end_ns: int | None = None
    state: int = NO_STATE
    latched: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What must agree for two rows to speak of the same alarm."""
        return self.element, self.code or self.text


@dataclass(frozen=True, slots=True)
class Span:
    """A row with its interval. note: what the log does not say about it."""

    row: Row
    start_ns: int
    end_ns: int
    note: str = ""


@dataclass
class Counts:
    """What was odd in a log, for the list of repairs."""

    unsorted: int = 0
    raised_twice: int = 0
    cleared_only: int = 0
    unclosed: int = 0
    backwards: int = 0  # rows that end before they begin


@dataclass
class Pairing:
    """The intervals of a log in order of time, and what was odd."""

    spans: list[Span] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)


UNCLOSED, NO_START, NO_END = "not cleared when the log ends", "its start is not in the log", "the log gives no end"


def paired(rows: Sequence[Row]) -> Pairing:
    """Intervals of rows that say raised or cleared, of rows with start and end, or of rows with a time alone."""
    made = Pairing()
    ordered = _ordered(rows, made.counts)
    if not ordered:
        return made
    last = max(max(row.time_ns, row.end_ns or row.time_ns) for row in ordered)
    if any(row.state != NO_STATE for row in ordered):
        _by_state(ordered, last, made)
    elif any(row.end_ns is not None for row in ordered):
        _by_end(ordered, last, made)
    elif any(_silent(row) for row in ordered):
        _by_change(ordered, last, made)
    else:
        made.spans = [Span(row, row.time_ns, row.time_ns, NO_END) for row in ordered]
    made.spans.sort(key=lambda span: (span.start_ns, span.end_ns, span.row.key))
    return made


def _ordered(rows: Sequence[Row], counts: Counts) -> list[Row]:
    """By time; rows of one time keep the order in which they happened, which is the file's, or its reverse where the newest stands first."""
    steps = [after.time_ns - before.time_ns for before, after in pairwise(rows)]
    down = sum(step < 0 for step in steps)
    newest_first = down > sum(step > 0 for step in steps)
    counts.unsorted = down if not newest_first else sum(step > 0 for step in steps)
    return sorted(reversed(rows) if newest_first else rows, key=lambda row: row.time_ns)


def _by_state(rows: Iterable[Row], last: int, made: Pairing) -> None:
    standing: dict[tuple[str, str], Row] = {}
    for row in rows:
        if row.state == RAISED:
            made.counts.raised_twice += row.key in standing
            standing.setdefault(row.key, row)
        elif row.state == CLEARED and row.key in standing:
            begun = standing.pop(row.key)
            made.spans.append(Span(begun, begun.time_ns, row.time_ns))
        elif row.state == CLEARED:
            made.counts.cleared_only += 1
            made.spans.append(Span(row, row.time_ns, row.time_ns, NO_START))
        else:
            made.spans.append(Span(row, row.time_ns, row.time_ns, NO_END))
    _close(standing.values(), last, made)


def _by_end(rows: Iterable[Row], last: int, made: Pairing) -> None:
    for row in rows:
        if row.end_ns is None:
            _close((row,), last, made)
        elif row.end_ns < row.time_ns:
            made.counts.backwards += 1
        else:
            made.spans.append(Span(row, row.time_ns, row.end_ns))


def _by_change(rows: Iterable[Row], last: int, made: Pairing) -> None:
    """Each code of an element holds until the element says another; a code of silence ends it."""
    standing: dict[str, Row] = {}
    for row in rows:
        begun = standing.get(row.element)
        if begun is not None and begun.key == row.key:
            continue
        if begun is not None:
            made.spans.append(Span(begun, begun.time_ns, row.time_ns))
            del standing[row.element]
        if not _silent(row):
            standing[row.element] = row
    _close(standing.values(), last, made)


def _close(rows: Iterable[Row], last: int, made: Pairing) -> None:
    for row in rows:
        made.counts.unclosed += 1
        made.spans.append(Span(row, row.time_ns, max(last, row.time_ns), UNCLOSED))


def _silent(row: Row) -> bool:
    return (row.code or row.text).strip().lower() in ("0", "0x0", "0x0000", "ok", "normal", "none", "no alarm", "no fault", "healthy")
