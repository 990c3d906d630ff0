"""Does a minus on a cell voltage mean anything? Some systems write it while the balancing shunt is on: then it is a state, never a voltage."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from msgspec.structs import replace

from workbench.asset.events import Event
from workbench.asset.quality import Quality
from workbench.asset.topology import cell_name
from workbench.asset.window import FloatArray, Int64Array, RackSeries
from workbench.ingest.csv_source import Layout
from workbench.ingest.event_spans import GAP_FACTOR, MAX_EVENTS, MIN_GAP_S
from workbench.ingest.mapping import ColumnRule
from workbench.ingest.values import NUMBER_SENTINELS, exact

PLAUSIBLE_V = (1.5, 4.5)
STEADY_V = 0.3  # a magnitude that goes on where the one before was


def decided(rules: list[ColumnRule], numbers: dict[str, FloatArray]) -> list[ColumnRule]:
    """Rules in which a minus is a flag for every cell of a rack where it is one for any, with the evidence."""
    racks: dict[int, str] = {}
    for rule in rules:
        if rule.quantity == "cell_voltage_v" and rule.rack not in racks and (text := _evidence(rule, numbers.get(rule.source))):
            racks[rule.rack] = text
    return [
        replace(rule, flag_sign=True, evidence=f"{rule.evidence}; {racks[rule.rack]}")
        if rule.quantity == "cell_voltage_v" and rule.rack in racks
        else replace(rule, flag_sign=False)
        if rule.flag_sign
        else rule
        for rule in rules
    ]


def of_file(rules: dict[str, ColumnRule], form: Layout) -> dict[str, ColumnRule]:
    """The rules of one file, in which a minus is a flag where its own first rows say so: another file of the family may have had none."""
    comma = form.decimal == ","
    place = {name: i for i, name in enumerate(form.header)}
    cells = [r for name, r in rules.items() if r.quantity == "cell_voltage_v" and not r.flag_sign and name in place]
    texts = {r.source: [row[place[r.source]] for row in form.sample] for r in cells}
    texts = {name: column for name, column in texts.items() if "-" in "".join(column)}  # most have none, and most plants many files
    signed = {name for name, column in texts.items() if any(text.lstrip().startswith("-") for text in column)}
    if not signed:
        return rules
    raw = {name: [exact(text.strip(), comma=comma) for text in texts[name]] for name in signed}
    numbers = {
        name: np.array([np.nan if v is None or v in NUMBER_SENTINELS else float(v) for v in column], np.float64)
        for name, column in raw.items()
    }
    return rules | {r.source: r for r in decided(cells, numbers) if r.flag_sign}


def _evidence(rule: ColumnRule, raw: FloatArray | None) -> str:
    if raw is None:
        return ""
    volts = raw * float(Decimal(rule.scale))
    size = np.abs(volts)
    real = np.isfinite(size) & (size >= PLAUSIBLE_V[0]) & (size <= PLAUSIBLE_V[1])
    volts, size = volts[real], size[real]
    minus = np.flatnonzero(volts < 0)
    if not len(minus) or len(minus) == len(volts):
        return "every value of it has a minus" if len(minus) else ""
    steady = np.abs(size[minus] - size[np.maximum(minus - 1, 0)]) < STEADY_V
    if steady.mean() < 0.9:
        return ""
    return f"{len(minus)} of {len(volts)} values of {rule.source} have a minus before a voltage that goes on as before: a flag"


class BalancingFinder:
    """Intervals in which a cell carried the flag. Sees the blocks of one rack in order of time."""

    def __init__(self, period_s: float) -> None:
        self._gap_ns, self._period_ns = int(max(GAP_FACTOR * period_s, MIN_GAP_S) * 1e9), int(period_s * 1e9)
        self._open: dict[int, tuple[int, int]] = {}  # cell -> since, last seen
        self._events: list[Event] = []
        self.left_out = 0
        self.code, self.text, self.canonical = "shunt-on", "minus on the voltage: balancing shunt on", ""

    def see(self, block: RackSeries) -> None:
        """The next samples."""
        if not self._open and not block.cell_quality.any():
            return
        flagged = (block.cell_quality & int(Quality.REPAIRED)) > 0
        known = (block.cell_quality & int(Quality.MISSING)) == 0
        for cell in np.flatnonzero(flagged.any(axis=1) | np.isin(np.arange(len(flagged)), list(self._open))).tolist():
            self._cell(block, cell, block.time_ns[known[cell]], flagged[cell][known[cell]])

    def opened(self, cell: int) -> bool:
        """Whether an interval of a cell has begun and not ended."""
        return cell in self._open

    def found(self, rack: RackSeries | None) -> list[Event]:
        """All intervals; those still open end with the last flagged sample."""
        if rack is not None:
            for cell, (since, last) in sorted(self._open.items()):
                self._add(rack, cell, since, last + self._period_ns)
        self._open.clear()
        return self._events

    def _cell(self, block: RackSeries, cell: int, time_ns: Int64Array, on: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> None:
        if not len(on):
            return
        edges = np.flatnonzero(np.r_[True, (on[1:] != on[:-1]) | (np.diff(time_ns) > self._gap_ns)])
        ends = np.r_[edges[1:], len(on)]
        for first, end in zip(edges.tolist(), ends.tolist(), strict=True):
            if not on[first]:
                if cell in self._open:
                    self._add(block, cell, self._open.pop(cell)[0], int(time_ns[first]))
                continue
            start, last = int(time_ns[first]), int(time_ns[end - 1])
            if cell in self._open and start - self._open[cell][1] > self._gap_ns:
                since, seen = self._open.pop(cell)
                self._add(block, cell, since, seen + self._period_ns)
            self._open[cell] = (self._open.get(cell, (start, 0))[0], last)

    def _add(self, block: RackSeries, cell: int, start: int, end: int) -> None:
        if len(self._events) >= MAX_EVENTS:
            self.left_out += 1
            return
        name = cell_name(block.rack, block.rack.cells[cell].index)
        self._events.append(
            Event(
                lane="balancing",
                start_ns=start,
                end_ns=end,
                element=name,
                code=self.code,
                severity="info",
                text=self.text,
                canonical=self.canonical,
            )
        )
