"""What would racks of known cells show if they were cycled?

The generator of the truth suite (methods.md 5.2-5.4): a daily duty, limits by the leading cell, taper at the top; parallel racks share one
current. What a BMS makes of it is `bms`, what a logger spoils `corruption`. Shapes: C cells of a rack, N of a bank, S racks, T samples.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from msgspec import structs

from workbench.asset.half_cell_curves import HalfCells
from workbench.asset.window import BoolArray, FloatArray, Int16Array, Int64Array, RackSeries
from workbench.jobs.progress import Progress
from workbench.simulation.duty import Order, duty
from workbench.simulation.rack_spec import RackSpec, believed_ah, draw, rack_of
from workbench.simulation.sensors import measured, millivolts
from workbench.simulation.string_model import Bleed, Block, Cells, Strings
from workbench.simulation.truth_table import TAPER_END_C, TruthTable, operated_ends_ah, truth_table
from workbench.simulation.varied_curves import curves_of

BLOCK_S, REST_BLOCK_S, SHARED_BLOCK_S, SHARED_NEAR_S, NEAR_V = 600.0, 6000.0, 300.0, 60.0, 0.25
TAPER_MOST_S = 3600.0
NEAR_END_V, NEAR_SAMPLES = 0.10, 3  # from the limit: so near, the leading cell of a parallel rack is within 1 % of its own end
CELL_WARMS = 0.3  # of what the same ohms in a joint warm a probe
HELD_BLOCK_S = 60.0  # how often a BMS that holds back looks again


@dataclass(frozen=True)
class Lived:
    """One rack's telemetry with its truth, and what only the simulation knows: true current [A] and bled cells (T,).

    bled: stretches in which a cell was bled, as its row, first sample and the one after the last.
    allowed_a: (2, T) charge and discharge current its BMS allows, requested_a: (T,) what was asked of it; both None where nothing holds it back.
    held_by: (T,) which rule of `HoldingBack` leaves least of it, as a place in `holding_back.RULES`, -1 for none.
    soc: (T,) what the string could still give over what it could hold, between the ends it is operated to. warmer_k: (C,) place of each cell.
    ends: samples by which a limit had ended a pass of its bank, whether it was the upper one, and whether this rack stood at a limit of its own.
    """

    series: RackSeries
    truth: TruthTable
    true_current_a: FloatArray
    bleeding_cells: FloatArray
    cell_degc: FloatArray  # (T,) mean of the rack
    allowed_a: FloatArray | None = None
    requested_a: FloatArray | None = None
    bled: tuple[tuple[int, int, int], ...] = ()
    held_by: Int64Array | None = None
    soc: FloatArray = field(default_factory=lambda: np.empty(0))
    warmer_k: FloatArray = field(default_factory=lambda: np.empty(0))
    ends: tuple[tuple[int, bool, bool], ...] = ()


def simulate_rack(spec: RackSpec, progress: Progress | None = None) -> Lived:
    """One rack alone."""
    return simulate_bank((spec,), progress)[0]


def simulate_bank(specs: tuple[RackSpec, ...], progress: Progress | None = None) -> tuple[Lived, ...]:
    """Racks in parallel on one current: each takes its share, and the first that reaches a limit ends the pass for all.

    Period, days, rate, limits and curves are those of the first; all of one size of cell.
    """
    progress = progress or Progress()
    first = specs[0]
    half_cells = HalfCells(curves_of(first))
    drawn = [draw(spec, half_cells) for spec in specs]
    cells = _joined([cells for cells, _ in drawn])
    strings = Strings(
        half_cells, cells, np.concatenate([stored for _, stored in drawn]), first.rated_ah, first.period_s,
        Bleed(first.bleed_a, by_charge_ah=first.bleed_by_charge_ah, believed_ah=np.concatenate([believed_ah(spec) for spec in specs])), first.ambient_degc, first.spell,
    )  # fmt: skip
    ohm = cells.r0_ohm + cells.r1_ohm + cells.r2_ohm
    life = _Life(specs, strings, operated_ends_ah(first, half_cells, cells, ohm), progress)
    life.run(duty(first.days, first.rate_c, first.full_every, np.random.default_rng([first.seed, 77])))
    truths = [
        truth_table(spec, half_cells, *one, life.lost_ah[cells.string == number], life.operated_ah(number), life.swings_lost_ah(number))
        for number, (spec, one) in enumerate(zip(specs, drawn, strict=True))
    ]
    if len(specs) > 1:
        truths = [structs.replace(truth, bank_swings=life.bank_swings()) for truth in truths]
    return tuple(life.lived(number, truth) for number, truth in enumerate(truths))


def _joined(parts: list[Cells]) -> Cells:
    """The cells of all racks of a bank in one row."""
    number = np.repeat(np.arange(len(parts)), [len(p.string) for p in parts])
    names = ("negative_ah", "positive_ah", "lithium_ah", "r0_ohm", "r1_ohm", "r2_ohm", "leak_a", "warmer_k")
    return Cells(number, *(np.concatenate([getattr(p, name) for p in parts]) for name in names))


class _Life:
    """Follows the orders of a duty and writes down what the sensors of each rack show."""

    def __init__(self, specs: tuple[RackSpec, ...], strings: Strings, ends_ah: tuple[FloatArray, FloatArray], progress: Progress) -> None:
        first = specs[0]
        self.specs, self.strings, self.ends_ah, self.progress = specs, strings, ends_ah, progress
        self.period_s = first.period_s
        self.samples = round(first.days * 86400 / first.period_s)
        self.done = 0
        self.volts = np.empty((len(strings.cells.string), self.samples), np.int16)
        self.ampere = np.empty((len(specs), self.samples))
        self.degc = np.empty((len(specs), self.samples))
        self.bleeding = np.zeros((len(specs), self.samples))
        self.bled: list[tuple[int, int, BoolArray]] = []  # first sample, the one after the last, (N,) which cells
        self.lost_ah = np.zeros(len(strings.cells.string))  # until the middle of the window
        self.ends: list[tuple[int, bool]] = []  # samples by which a limit had ended a pass, and whether it was the upper one
        self.lost_at: list[FloatArray] = []  # (N,) what each cell had lost by itself and to balancing at each of these ends
        self.allowed_a = np.full((2, self.samples), np.nan)
        self.requested_a = np.zeros(self.samples)
        self.held_by = np.full(self.samples, -1, np.int64)
        self.headroom: list[tuple[int, FloatArray, FloatArray]] = []  # samples done, (S,) what each string can still give and take [Ah]
        self._share = 1.0  # what the voltage of the leading cell has left of the current in this pass
        self.rng = np.random.default_rng([first.seed, 78])
        self.offset_mv = np.concatenate(
            [
                np.random.default_rng([s.seed, 79, *s.rack.encode()]).normal(0, s.sensors.offset_mv, s.modules * s.cells_per_module)
                for s in specs
            ]
        )

    def run(self, orders: tuple[Order, ...]) -> None:
        """All orders, with rests between them, to the end of the window."""
        self.progress.stage("simulating")
        for order in orders:
            self._hold(0.0, self._sample(order.start_h))
            self._pass(order)
        self._hold(0.0, self.samples)

    def _sample(self, hour: float) -> int:
        return min(round(hour * 3600 / self.period_s), self.samples)

    def _hold(self, total: float, end: int) -> None:
        while self.done < end:
            self._step(total, end)

    def _pass(self, order: Order) -> None:
        first = self.specs[0]
        total = order.rate_c * first.rated_ah * len(self.specs)
        end = self._sample(order.end_h)
        self._share = 1.0
        while self.done < end:
            if self._step(self._held_back(total), end, asked=total):
                if total > 0:
                    self._taper(total, end)
                self.ends.append((self.done, total > 0))
                self.lost_at.append(self._lost())
                return

    def _taper(self, total: float, end: int) -> None:
        """Constant voltage of the leading cell, until the current is small or the patience is over."""
        first, c = self.specs[0], self.strings.cells
        least = TAPER_END_C * first.rated_ah * len(self.specs)
        end = min(end, self.done + round(TAPER_MOST_S / self.period_s))
        while self.done < end:
            share = self._shared(total, self.period_s)
            lead = int(np.argmax(np.where(share[c.string] > 0, self.strings.standing_v() + c.r0_ohm * share[c.string], -1.0)))
            per_a = float(c.r0_ohm[lead]) + self._stiffness(lead) * self.period_s / 3600
            volts = self.strings.block(share, 1).voltage_v[lead, 0]
            total *= float(np.clip(1 + (first.upper_v - volts) / (per_a * float(share[c.string[lead]])), 0.0, 1.0))  # it never grows again
            if total < least:
                return
            self._step(total, self.done + 1, limited=False)

    def _stiffness(self, cell: int) -> float:
        """dOCV/dq [V/Ah] of one cell where it stands."""
        stored = self.strings.state.stored_ah
        return float((self.strings.open_circuit_v(stored + 0.05)[cell] - self.strings.open_circuit_v(stored)[cell]) / 0.05)

    def _held_back(self, total: float) -> float:
        """The current that is left of an order once the BMS of the (first) rack has held it back."""
        rule, first = self.specs[0].holding_back, self.specs[0]
        if rule is None:
            return total
        charge, discharge = rule.allowed(*self._condition())
        self._share = min(self._share, charge if total > 0 else discharge) if rule.low_v or rule.high_v else 1.0
        share = min(self._share, charge if total > 0 else discharge)
        most = share * rule.full_c * first.rated_ah * len(self.specs)
        return float(np.sign(total) * min(abs(total) * rule.obeyed(self.done * self.period_s / 3600), most))

    def _condition(self) -> tuple[float, float, float, float]:
        """Temperature, lowest and highest cell as last written, and the hour."""
        last = max(self.done - 1, 0)
        shown = self.volts[:, last] if self.done else np.full(1, 3300)
        degc = float(self.degc[0, last]) if self.done else 25.0
        return degc, float(shown.min()) / 1000, float(shown.max()) / 1000, self.done * self.period_s / 3600

    def _step(self, total: float, end: int, *, limited: bool = True, asked: float | None = None) -> bool:
        """One block with this current through the bank; whether a limit of a leading cell ended it (a taper has seen to that itself)."""
        self.progress.checkpoint()
        switches = [self._sample(hour) for spec in self.specs for hour in spec.opened_h or ()]
        end = min([end, *(place for place in switches if place > self.done)])
        samples = min(end - self.done, max(1, round(self._longest_s(total) / self.period_s)))
        ampere = self._shared(total, samples * self.period_s)
        block = self.strings.block(ampere, samples)
        reached = np.zeros(samples, bool)
        under_load = np.flatnonzero(ampere[self.strings.cells.string] != 0)
        if total > 0 and limited and len(under_load):
            reached = block.voltage_v[under_load].max(axis=0) >= self.specs[0].upper_v
        elif total < 0 and len(under_load):
            reached = block.voltage_v[under_load].min(axis=0) <= self.specs[0].lower_v
        stop = int(np.argmax(reached)) + (total < 0) if reached.any() else samples  # charge ends before its limit, and then tapers
        if stop:
            self._note(stop, total if asked is None else asked)
            self._write(block, ampere, stop)
            if not self.headroom:
                self.headroom.append((0, *self._headroom()))
            self.strings.take(block, stop)
            self.headroom.append((self.done, *self._headroom()))
            if self.done <= self.samples / 2:
                self.lost_ah = self._lost()
        return bool(reached.any())

    def _headroom(self) -> tuple[FloatArray, FloatArray]:
        """(S,) charge [Ah] that each string can still give, and take, until its first cell is at its end."""
        (top, bottom), stored = self.ends_ah, self.strings.state.stored_ah
        down, up = (np.full(len(self.specs), np.inf) for _ in range(2))
        np.minimum.at(down, self.strings.cells.string, stored - bottom)
        np.minimum.at(up, self.strings.cells.string, top - stored)
        return down, up

    def _soc(self, number: int) -> FloatArray:
        """(T,) state of charge of one string; between two looks its current stands still."""
        done, can_give, can_take = (list(part) for part in zip(*self.headroom, strict=True))
        at = np.array(done) - 1
        down, up = (np.interp(np.arange(self.samples), at, np.array(way)[:, number]) for way in (can_give, can_take))
        result: FloatArray = down / (down + up)
        return result

    def _lost(self) -> FloatArray:
        """(N,) what each cell has lost until now [Ah]."""
        result: FloatArray = self.strings.cells.leak_a * self.strings.state.seconds / 3600 + self.strings.state.bled_ah
        return result

    def _longest_s(self, total: float) -> float:
        """How long current and bleeding may be taken as constant: shares between racks move with their stiffness, most near the ends."""
        if self.specs[0].holding_back is not None:
            return HELD_BLOCK_S
        if len(self.specs) == 1 and not self.strings.bleed.ampere:
            return BLOCK_S if total else REST_BLOCK_S
        volts = self.strings.standing_v()
        near = volts.max() > self.specs[0].upper_v - NEAR_V or volts.min() < self.specs[0].lower_v + NEAR_V
        return SHARED_NEAR_S if near else SHARED_BLOCK_S

    def _note(self, samples: int, asked: float) -> None:
        """What is allowed and asked for in the samples to come."""
        rule, first = self.specs[0].holding_back, self.specs[0]
        if rule is None:
            return
        charge, discharge = rule.allowed(*self._condition())
        if asked > 0:
            charge = min(charge, self._share)
        elif asked < 0:
            discharge = min(discharge, self._share)
        place = slice(self.done, self.done + samples)
        self.held_by[place] = rule.binding(*self._condition(), self._share, charging=asked > 0) if asked else -1
        self.allowed_a[:, place] = rule.full_c * first.rated_ah * np.array([[charge], [discharge]])
        self.requested_a[place] = asked

    def _write(self, block: Block, ampere: FloatArray, samples: int) -> None:
        place = slice(self.done, self.done + samples)
        each = max(1, round(BLOCK_S / self.period_s))  # noise is drawn in pieces of one length, however long a rest is computed at once
        for first in range(0, samples, each):
            part = block.voltage_v[:, first : min(first + each, samples)]
            at = self.done + first
            self.volts[:, at : at + part.shape[1]] = millivolts(part, self.offset_mv, self.specs[0].sensors, self.rng)
        self.ampere[:, place] = ampere[:, None]
        self.degc[:, place] = block.string_degc[:, :samples]
        self.bleeding[:, place] = np.bincount(self.strings.cells.string, block.bleeding, len(self.specs))[:, None]
        if block.bleeding.any():
            self.bled.append((self.done, self.done + samples, block.bleeding))
        self.done += samples

    def _shared(self, total: float, seconds: float) -> FloatArray:
        """How racks in parallel share a current (S,): equal voltage at their ends, each behind its own resistance and stiffness."""
        closed = np.array([not self._open(spec) for spec in self.specs])
        if len(self.specs) == 1:
            return np.array([total if closed[0] else 0.0])
        s, c = self.strings, self.strings.cells
        here = s.open_circuit_v(s.state.stored_ah)
        stiff = (s.open_circuit_v(s.state.stored_ah + 0.05) - here) / 0.05
        behind = c.r0_ohm + c.r1_ohm + 0.5 * c.r2_ohm + np.maximum(stiff, 0) * seconds / 3600
        inner = np.bincount(c.string, s.standing_v())
        ohm = np.bincount(c.string, behind) + np.array([spec.sensors.busbar_ohm for spec in self.specs])
        conductance = np.where(closed, 1 / ohm, 0.0)
        if not closed.any():
            return np.zeros(len(self.specs))
        volts = (total + (inner * conductance).sum()) / conductance.sum()
        result: FloatArray = (volts - inner) * conductance
        return result

    def _open(self, spec: RackSpec) -> bool:
        return spec.opened_h is not None and self._sample(spec.opened_h[0]) <= self.done < self._sample(spec.opened_h[1])

    def operated_ah(self, number: int) -> float | None:
        """What truly flowed through a rack between its own ends, mean of both directions; None without one of each."""
        passed = np.r_[0.0, np.cumsum(self.ampere[number])] * self.period_s / 3600
        ways = [[abs(float(passed[self.ends[b][0]] - passed[self.ends[a][0]])) for a, b in way] for way in self._own_swings(number)]
        return round(float(np.mean([np.mean(way) for way in ways])), 4) if all(ways) else None

    def swings_lost_ah(self, number: int) -> tuple[tuple[FloatArray, ...], tuple[FloatArray, ...]]:
        """What each cell of a rack had lost half way through each of its swings: upwards, downwards."""
        rows = self.strings.cells.string == number
        up, down = self._own_swings(number)
        return tuple((self.lost_at[a] + self.lost_at[b])[rows] / 2 for a, b in up), tuple(
            (self.lost_at[a] + self.lost_at[b])[rows] / 2 for a, b in down
        )

    def _own_swings(self, number: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Places among the ends at which a rack went from one of its own ends to the other: upwards, downwards."""
        own = [place for place, one in enumerate(self.ends) if self._at_end(number, *one)]
        pairs = [(a, b) for a, b in itertools.pairwise(own) if self.ends[a][1] is not self.ends[b][1]]
        return [pair for pair in pairs if self.ends[pair[1]][1]], [pair for pair in pairs if not self.ends[pair[1]][1]]

    def bank_swings(self) -> tuple[tuple[int, float], ...]:
        """When the bank came to an empty end [UTC ns] from a full one with all its racks closed, and what they together truly gave."""
        passed = np.r_[0.0, np.cumsum(self.ampere.sum(axis=0))] * self.period_s / 3600
        found = []
        for (full, up), (empty, again) in itertools.pairwise(self.ends):
            hours = full * self.period_s / 3600, empty * self.period_s / 3600
            closed = all(spec.opened_h is None or hours[1] <= spec.opened_h[0] or hours[0] >= spec.opened_h[1] for spec in self.specs)
            if up and not again and closed:
                found.append((self.specs[0].start_ns + round(empty * self.period_s * 1e9), round(float(passed[full] - passed[empty]), 4)))
        return tuple(found)

    def _at_end(self, number: int, done: int, full: bool) -> bool:
        """Whether this rack was closed and one of its own cells near the limit, where the bank was stopped."""
        shown = self.volts[self.strings.cells.string == number, max(done - NEAR_SAMPLES, 0) : done] / 1000
        near = shown.max() >= self.specs[0].upper_v - NEAR_END_V if full else shown.min() <= self.specs[0].lower_v + NEAR_END_V
        return bool(near and abs(self.ampere[number, done - 1]) > 0)

    def lived(self, number: int, truth: TruthTable) -> Lived:
        """What rack number 0, 1, ... leaves behind."""
        spec = self.specs[number]
        rows = np.flatnonzero(self.strings.cells.string == number)
        rng = np.random.default_rng([spec.seed, 80, *spec.rack.encode()])
        shown: Int16Array = self.volts[rows[0] : rows[-1] + 1]
        warmer = self.strings.cells.warmer_k[rows]
        joints = _warm_ohms(spec, self.strings.cells.r0_ohm[rows])
        series = measured(
            rack_of(spec), spec.start_ns, self.period_s, shown, self.ampere[number], self.degc[number], warmer, joints, spec.sensors, rng
        )
        ends = tuple((done, full, self._at_end(number, done, full)) for done, full in self.ends)
        lived = Lived(
            series, truth, self.ampere[number], self.bleeding[number], self.degc[number],
            bled=self._bled_spans(rows), soc=self._soc(number), warmer_k=warmer, ends=ends,
        )  # fmt: skip
        if spec.holding_back is None:
            return lived
        return replace(lived, allowed_a=self.allowed_a, requested_a=self.requested_a, held_by=self.held_by)

    def _bled_spans(self, rows: Int64Array) -> tuple[tuple[int, int, int], ...]:
        """The stretches in which each of these cells was bled, in order of time; blocks that follow each other are one."""
        found: list[tuple[int, int, int]] = []
        open_since: dict[int, tuple[int, int]] = {}
        for first, stop, bleeding in self.bled:
            for row in np.flatnonzero(bleeding[rows]).tolist():
                since, until = open_since.get(row, (first, first))
                if until != first:
                    found.append((row, since, until))
                    since = first
                open_since[row] = (since, stop)
        found += [(row, since, until) for row, (since, until) in open_since.items()]
        return tuple(sorted(found, key=lambda one: (one[1], one[0])))


def _warm_ohms(spec: RackSpec, r0_ohm: FloatArray) -> dict[int, float]:
    """Cell -> ohms of a joint that would warm its probe as much. A cell that resists makes the same heat, spread through its own mass."""
    found: dict[int, float] = {}
    middle = float(np.median(r0_ohm))
    for fault in (f for f in spec.faults if f.rack == spec.rack):
        if fault.kind == "hot-joint":
            found[fault.cell] = found.get(fault.cell, 0.0) + fault.size
        elif fault.kind in ("high-resistance", "lost-parallel"):
            found[fault.cell] = found.get(fault.cell, 0.0) + CELL_WARMS * max(float(r0_ohm[fault.cell - 1]) - middle, 0.0)
    return found


def simulate_racks(specs: tuple[RackSpec, ...], progress: Progress | None = None) -> Iterator[Lived]:
    """Racks one after the other, each on a current of its own: bounded memory for large sites."""
    for spec in specs:
        yield simulate_rack(spec, progress)
