"""Which events do the samples themselves record? Gaps, alarm words and contactor states as intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np

from workbench.asset.events import Event
from workbench.asset.sunspec import CELL_IS_BALANCING, CONTACTOR_BITS, EVENT_BITS, event_bits
from workbench.asset.window import RackSeries

GAP_FACTOR = 3.0
MIN_GAP_S = 60.0
MAX_EVENTS = 10_000  # per rack and lane; a window with more has no use for a list

WORDS: dict[str, tuple[str, tuple[str, ...]]] = {  # signal -> lane, names of its bits where they are not the vendor's secret
    "alarm_word": ("alarm", ()),
    "sunspec_event_word": ("alarm", EVENT_BITS),
    "contactor_word": ("contactor", CONTACTOR_BITS),
}


class EventFinder:
    """Sees the blocks of one rack in order of time."""

    def __init__(self, rack: str, period_s: float, gap_s: float | None = None) -> None:
        """gap_s: steps that are longer are gaps, and none is where it is 0; without it, three periods."""
        self._rack = rack
        limit_s = max(GAP_FACTOR * period_s, MIN_GAP_S) if gap_s is None else gap_s
        self._gap_ns = int(limit_s * 1e9) or 2**62
        self._period_ns = int(period_s * 1e9)
        self._last_ns = 0
        self._events: list[Event] = []
        self._counts: Counter[str] = Counter()
        self._open: dict[str, tuple[float, int]] = {}  # lane -> value, since when
        self._words: dict[str, int] = {}  # signal -> its last word
        self._open_bits: dict[tuple[str, int], int] = {}  # signal and bit -> since when

    def see(self, block: RackSeries) -> None:
        """The next samples."""
        time_ns = block.time_ns
        before = np.r_[self._last_ns or time_ns[0], time_ns[:-1]]
        for place in np.flatnonzero(time_ns - before > self._gap_ns):
            self._add("gap", int(before[place]) + self._period_ns, int(time_ns[place]), "gap", "info", "nothing was recorded")
        self._states("alarm", block, "alarm_code", lambda v: v != 0)
        self._states("contactor", block, "contactor_closed", lambda v: v == 1)
        self._states("protection", block, "interlock_open", lambda v: v == 1)
        self._states("balancing", block, "balancing_cells", lambda v: v > 0)
        for signal in WORDS:
            self._bits(block, signal)
        self._last_ns = int(time_ns[-1])

    def found(self, last: RackSeries | None = None) -> list[Event]:
        """All events, open ones closed at the last sample."""
        for lane, (value, since) in self._open.items():
            self._close(lane, value, since, self._last_ns + self._period_ns)
        self._open.clear()
        for (signal, bit), since in sorted(self._open_bits.items()):
            self._close_bit(signal, bit, since, self._last_ns + self._period_ns)
        self._open_bits.clear()
        return self._events

    def _states(self, lane: str, block: RackSeries, signal: str, active: Callable[[float], bool]) -> None:
        values = block.signal(signal)
        if values is None:
            return
        known = np.flatnonzero(np.isfinite(values))
        if not len(known):
            return
        held = values[known]
        changes = np.flatnonzero(np.r_[True, np.diff(held) != 0])
        for place in changes:
            value, at = float(held[place]), int(block.time_ns[known[place]])
            if lane in self._open and self._open[lane][0] != value:
                self._close(lane, *self._open.pop(lane), at)
            if active(value) and lane not in self._open:
                self._open[lane] = (value, at)

    def _bits(self, block: RackSeries, signal: str) -> None:
        """Each bit of a word is an event of its own; a word that was not received changes nothing."""
        values = block.signal(signal)
        if values is None:
            return
        known = np.flatnonzero(np.isfinite(values))
        words = values[known].astype(np.int64)
        before = np.r_[self._words.get(signal, 0), words[:-1]]
        for place in np.flatnonzero(words != before):
            at, now = int(block.time_ns[known[place]]), int(words[place])
            for bit in event_bits(now ^ int(before[place])):
                if now >> bit & 1:
                    self._open_bits[signal, bit] = at
                else:
                    self._close_bit(signal, bit, self._open_bits.pop((signal, bit)), at)
        if len(words):
            self._words[signal] = int(words[-1])

    def _close_bit(self, signal: str, bit: int, since: int, until: int) -> None:
        lane, names = WORDS[signal]
        canonical = names[bit] if bit < len(names) else ""
        severity = "info" if lane == "contactor" else "bad" if canonical.endswith("_ALARM") else "warning"
        text = canonical.replace("_", " ").lower() if canonical else f"bit {bit} of the {signal.replace('_', ' ')}"
        self._add(lane, since, until, f"bit {bit}", severity, text, canonical if lane == "alarm" else "")

    def _close(self, lane: str, value: float, since: int, until: int) -> None:
        if lane == "alarm":
            self._add(lane, since, until, f"{int(value)}", "warning", f"alarm word {int(value)}")
        elif lane == "protection":
            self._add(lane, since, until, "open", "bad", "interlock open")
        elif lane == "balancing":
            self._add(lane, since, until, f"{int(value)}", "info", f"{int(value)} cells balancing", CELL_IS_BALANCING)
        else:
            self._add(lane, since, until, "closed", "info", "contactor closed")

    def _add(self, lane: str, start: int, end: int, code: str, severity: str, text: str, canonical: str = "") -> None:
        self._counts[lane] += 1
        if self._counts[lane] <= MAX_EVENTS:
            self._events.append(
                Event(
                    lane=lane, start_ns=start, end_ns=end, element=self._rack, code=code, severity=severity, text=text, canonical=canonical
                )
            )
