"""How much charge does each cell of a series string hold, read from how far it still was from both ends when the leading cell stopped the rack?

All cells of a string see the same charge, so Q_cell = Q_string + h_top + h_bottom, where h is the charge the cell still had to go. It is read
from the leading cell's own curve of voltage over charge, corrected for resistance, and only where that curve is steep: elsewhere a millivolt
is many ampere-hours and the cell has a lower bound instead of a capacity. Shapes: C cells. Source: charge-voltage-curve matching, methods.md 2.2.
Validity: LFP or any chemistry with steep ends; rates up to about C/2; several samples of the leading cell inside its steep end.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from workbench.analysis.charge_balance import StringCapacity
from workbench.analysis.charge_count import ChargeCount
from workbench.analysis.divergence import nan_median
from workbench.analysis.end_reading import MIN_CURVE_SAMPLES, NOISE_MV, STEEP_ENDS, End, Gate, reading_mv
from workbench.analysis.regimes import Pass
from workbench.analysis.results import Answer, Estimate, NotEstablished, Regime
from workbench.analysis.trends import t_95
from workbench.asset.window import BoolArray, FloatArray

MAX_HALF_SHARE = 0.01  # an interval wider than this is no measurement of a cell against its rack
LEAST_OPEN = 0.25  # of the looks at a cell in which it must have come near both ends
LEAST_LINE, STANDS_OUT = 4, 3.0  # looks; standard uncertainties by which a line must rise or fall
SIZE_SHARE = (
    0.007  # of the charge to go: electrodes of two cells differ by so much in size (0.5 % each, made and aged), and with them their ends
)
CORNER_LEFT = 0.1  # of what a straight line between two samples would cut off a bend, a cubic leaves less than this
FINE_MV = 1 / 12**0.5  # rounding that noise breaks up; what goes beyond it repeats in every look
FULL_CYCLE = "One full charge and one full discharge at C/4 or less, cells at 1 to 2 mV every 10 s, after the BMS has balanced the rack."


@dataclass(frozen=True, slots=True)
class CellCapacity:
    """One cell. share: capacity over that of its string. to_full_share, to_empty_share: charge still to go at the two ends over the string's
    capacity, as the rack was stopped. at_least_share: what the cell surely holds (95 %) where there is only a bound, else None. above_share: charge above empty beyond the
    rack's middle cell. common_share: the part of the half width of `share` that all cells read on the same leading curve have in common.
    stopped_share: what the resistance of the leading cells kept the string from giving, by which it stopped before any cell was full or empty."""

    share: Answer
    to_full_share: Answer
    to_empty_share: Answer
    at_least_share: float | None
    above_share: Answer
    common_share: float = 0.0
    stopped_share: float = 0.0


def cell_capacity(
    read: Mapping[Pass, End | None],
    count: ChargeCount,
    string: StringCapacity,
    accuracy_mv: float,
    rounding_mv: float,
    method: str,
    *,
    gate: Gate = STEEP_ENDS,
    channel_mv: FloatArray | None = None,
    most_ah: float | None = None,
) -> tuple[CellCapacity, ...] | NotEstablished:
    """Capacity of every cell relative to its string, or why none can be read.

    read: the ends of all passes in order of time (`end_reading.read_ends`); accuracy_mv, rounding_mv, gate and channel_mv as they were read with. most_ah: what no cell of this make holds more than; twice the string if None.
    """
    random_mv = reading_mv(rounding_mv)
    pairs = [(a, b) for a, b in itertools.pairwise(read.items()) if a[0].regime is not b[0].regime]
    if not any(isinstance(end, End) for end in read.values()) or not pairs:
        return NotEstablished(
            reason="ends-too-coarse",
            why=f"It needs {MIN_CURVE_SAMPLES} samples of the leading cell inside its steep end, at both ends of one cycle.",
            settles=FULL_CYCLE,
        )
    looks, passed, hours = [], [], []
    for (one, first), (other, second) in pairs:
        if isinstance(first, End) and isinstance(second, End):
            looks.append((first, second) if one.regime is Regime.CHARGE else (second, first))
            span = slice(one.last - 1, other.last - 1)
            lasted = float(count.hours[span].sum())
            passed.append(abs(float(count.ah[span].sum()) - string.offset_a * lasted))
            hours.append(float(count.hours[: one.last - 1].sum()) + lasted / 2)
    if not looks:
        return NotEstablished(
            reason="ends-too-coarse",
            why="At no cycle were both ends sampled finely enough to read a cell from its leading cell.",
            settles=FULL_CYCLE,
        )
    cells = len(looks[0][0].h_ah)
    channel_mv = np.zeros(cells) if channel_mv is None else channel_mv
    table = _Table(
        looks,
        string,
        accuracy_mv,
        random_mv,
        gate,
        method,
        channel_mv,
        most_ah or 2 * string.ah,
        count.edge_ah,
        _moved(np.array(passed), np.array(hours)),
    )
    return tuple(table.cell(row) for row in range(cells))


def _moved(passed: FloatArray, hours: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(N,) how much more than on average over the window the string gave at each look [Ah], by a line through all of them, and the standard uncertainty of that.

    Where a cell leaks its string gives less from day to day; a cell that was near its end in the first days only was so in a string that still gave more.
    """
    away = hours - hours.mean()
    run = float((away**2).sum())
    if len(passed) < LEAST_LINE or run <= 0:
        return np.zeros(len(passed)), np.zeros(len(passed))
    slope = float((away * passed).sum()) / run
    left = passed - passed.mean() - slope * away
    error = float(np.sqrt((left**2).sum() / (len(passed) - 2) / run))
    return (slope if abs(slope) >= STANDS_OUT * error else 0.0) * away, error * away


class _Table:
    """All looks of one rack as arrays (N looks, C cells), judged cell by cell."""

    def __init__(
        self, looks: list[tuple[End, End]], string: StringCapacity, steady_mv: float, random_mv: float, gate: Gate, method: str,
        channel_mv: FloatArray, most_ah: float, edge_ah: float, moved: tuple[FloatArray, FloatArray],
    ) -> None:  # fmt: skip
        self._moved, self._moved_error = moved
        self._channel, self._most_ah = channel_mv, most_ah
        stopped = np.array([[end.stopped_ah for end in look] for look in looks]).sum(axis=1)  # (N, 2)
        self._stopped, beyond = (float(v) for v in np.median(stopped, axis=0))
        self._stopped_error = float(
            np.hypot(beyond, edge_ah / 48**0.5 / len(looks) ** 0.5)
        )  # an end falls inside one period; half of that stands in the string, too
        self._string, self._method, self._gate = string, method, gate
        self._steady, self._random = steady_mv, random_mv
        self._coarse = max(random_mv**2 - NOISE_MV**2 - FINE_MV**2, 0.0) ** 0.5
        self._h = np.stack([[end.h_ah for end in look] for look in looks])  # (N, 2, C)
        self._open = np.stack([[end.open for end in look] for look in looks])
        self._slope = np.stack([[end.slope for end in look] for look in looks])
        self._bend = np.stack([[end.error_ah for end in look] for look in looks])
        rows = [[end.lead for end in look] for look in looks]
        self._lead = [int(np.bincount([pair[side] for pair in rows]).argmax()) for side in (0, 1)]  # the cell that mostly led
        sums = self._h.sum(axis=1)
        self._own_ah = string.ah + nan_median(sums.T)  # what each cell seems to hold
        sums = np.where(self._open.all(axis=1), sums, np.nan)
        own = [[sums[k, pair[side]] for k, pair in enumerate(rows)] for side in (0, 1)]  # what the leading cells hold beyond the string
        self._lead_ah = string.ah + nan_median(np.array(own))  # of the leading cell at top and bottom, NaN where it is only bounded
        both = np.broadcast_to(self._open.all(axis=1, keepdims=True), self._open.shape)
        self._at_both, self._at_side = self._typical(both), self._typical(self._open)

    def _typical(self, use: BoolArray) -> FloatArray:
        """(3, 2, C) median slope, median error at a bend and mean charge to go of each cell at each end, over the looks used (N, 2, C)."""
        looks, _, cells = use.shape
        middle = [nan_median(np.where(use, part, np.nan).reshape(looks, -1).T).reshape(2, cells) for part in (self._slope, self._bend)]
        mean = np.where(use, self._h, 0.0).sum(axis=0) / np.maximum(use.sum(axis=0), 1)
        return np.stack([*middle, mean])

    def cell(self, row: int) -> CellCapacity:
        """Measured where both gates were open in enough of the looks, bounded otherwise."""
        both = self._open[:, :, row].all(axis=1)
        seen = np.isfinite(self._h[:, :, row]).all(axis=1)
        top, bottom = (self._side(row, side) for side in (0, 1))
        if not seen.any():
            blind = NotEstablished(
                reason="not-received", why="The cell was not received at both ends of a cycle.", settles="Export this channel."
            )
            return CellCapacity(blind, top, bottom, None, blind)
        if both.sum() >= max(LEAST_OPEN * seen.sum(), 1):
            value, half, common = self._sum(row, both)
            if half <= MAX_HALF_SHARE:
                answer = Estimate(value, value - half, value + half, "1", self._method, self._condition(row), int(both.sum()))
                return CellCapacity(answer, top, bottom, None, self._above(row), common, self._stopped / self._string.ah)
        return self._bounded(row, top, bottom)

    def _condition(self, row: int) -> str:
        read = f"; {self._channel[row]:+.0f} mV of its channel taken off" if self._channel[row] else ""
        return f"relative to the string; {self._string.condition}{read}"

    def _errors_ah(self, row: int, sides: tuple[int, ...], typical: FloatArray) -> tuple[float, float, float]:
        """Standard uncertainties [Ah] of these ends together: the steady part of this cell alone, the steady part of all cells read on the same
        leading curves, and the random part of one look.

        A channel that reads too high shortens the charge to go at the top and lengthens it at the bottom, so its two errors partly cancel;
        that of a leading cell stands in every cell read on its curve, and so do the corners of that curve. Electrodes and coarse
        steps of both cells count alike.
        """
        slope, bend, h = ({side: float(typical[k, side, row]) for side in sides} for k in range(3))
        read = [side for side in sides if self._lead[side] != row]  # a leading cell is not read on a curve
        per_mv = {side: (2 * side - 1) / slope[side] for side in read}
        leading: dict[int, float] = {}
        for side, each in per_mv.items():
            leading[self._lead[side]] = leading.get(self._lead[side], 0.0) + each
        both = sum((self._size(row, side) * h[side]) ** 2 for side in sides) / 2 + sum(
            (self._coarse * each) ** 2 for each in per_mv.values()
        )
        own = (self._steady * sum(per_mv.values())) ** 2 + both
        common = self._steady**2 * sum(each**2 for each in leading.values()) + both + sum((CORNER_LEFT * bend[side]) ** 2 for side in read)
        return own**0.5, common**0.5, 2**0.5 * self._random * sum(1 / slope[side] ** 2 for side in sides) ** 0.5

    def _size(self, row: int, side: int) -> float:
        """By which share of the charge to go the curve of this cell may be longer than the leading one (standard uncertainty).

        Cells of one rack differ mostly in lithium, which slides the curves past each other and stretches nothing (methods.md, finding 6); a
        smaller cell would. Of a leading cell that only has a bound nobody knows the size, but that it is none larger than new;
        a smaller cell carries more for its size, too. So the curve is taken as it is, within what sizes differ by; of a capacity that differs more than those explain,
        all may be size, and 95 % reach it.
        """
        lead_ah = float(self._lead_ah[side])
        own_ah = float(self._own_ah[row])
        differs = abs(own_ah / lead_ah - 1) if np.isfinite(lead_ah) else 2 * max(1 - own_ah / self._most_ah, 0.0)
        return float(np.hypot(SIZE_SHARE, max(differs - 2 * SIZE_SHARE, 0.0) / 2))

    def _apart(self, difference: float, far: float) -> float:
        """Half width [Ah] that curves of another balance leave of a difference read along the leading one, so far from its end [Ah]."""
        return self._gate.shape * abs(difference * far) / self._string.ah

    def _sum(self, row: int, both: BoolArray) -> tuple[float, float, float]:
        """Capacity over the string's, half width (steady parts, and noise or the scatter of the looks if larger), and what of it is common to all cells."""
        looks = self._h[both, :, row].sum(axis=1) + self._moved[both]
        mean = float(looks.mean())
        own, common, random = self._errors_ah(row, (0, 1), self._at_both)
        common = float(np.hypot(common, self._stopped_error))
        independent = (len(looks) + 1) // 2  # one cycle and the next share an end
        scatter = float(looks.std(ddof=1)) * t_95(independent - 1) if independent > 1 else 0.0
        away = float(self._moved_error[both].mean())
        half = (1.96**2 * (own**2 + common**2 + away**2) + max(1.96 * random, scatter) ** 2 / independent) ** 0.5
        apart = self._apart(mean, mean)
        string = self._string.ah
        return 1 + (mean + self._stopped) / string, (half + apart) / string, (1.96 * common + apart) / string

    def _side(self, row: int, side: int) -> Answer:
        """Charge still to go at one end, over the string's capacity."""
        is_open = self._open[:, side, row]
        if 2 * is_open.sum() < len(is_open) or not is_open.any():
            return NotEstablished(
                reason="plateau",
                why="When the rack stopped, this cell stood where its voltage says nothing about its charge.",
                settles=FULL_CYCLE,
            )
        h, looks = float(self._at_side[2, side, row]), int(is_open.sum())
        own, common, random = self._errors_ah(row, (side,), self._at_side)
        half = 1.96 * (own**2 + common**2 + random**2 / looks) ** 0.5 + self._apart(h, h)
        value, half = h / self._string.ah, half / self._string.ah
        return Estimate(value, value - half, value + half, "1", self._method, self._condition(row), looks)

    def _above(self, row: int) -> Answer:
        """Charge above empty beyond the rack's middle cell, over the string's capacity: what both still had to go when the rack was empty.

        A curve that is balanced otherwise stretches the difference between two cells, not what both have in common.
        """
        is_open = 2 * self._open[:, 1].sum(axis=0) >= len(self._open)
        h = np.where(is_open, self._at_side[2, 1], np.inf)  # a cell that is not read had more to go than any that is
        middle = float(np.median(h))
        if not is_open[row] or not np.isfinite(middle):
            whose = "this cell" if not is_open[row] else "most cells"
            why = f"When the rack was empty, {whose} stood where a voltage says nothing about the charge left."
            return NotEstablished(reason="empty-end-not-read", why=why, settles=FULL_CYCLE)
        apart = float(h[row]) - middle
        near = int(np.argmin(np.abs(h - middle)))
        mine, theirs = (0.0 if self._lead[1] == k else 1 / float(self._at_side[0, 1, k]) for k in (row, near))
        channels = (self._steady**2 + self._coarse**2) * (mine**2 + (mine - theirs) ** 2)
        sizes = (self._size(row, 1) * float(h[row])) ** 2 + (SIZE_SHARE * apart) ** 2
        looks = self._h[self._open[:, 1, row], 1, row] - middle
        scatter = float(looks.std(ddof=1)) * t_95(len(looks) - 1) if len(looks) > 1 else 0.0
        random = max(1.96 * 2**0.5 * self._random * mine, scatter) ** 2 / len(looks)
        half = (1.96**2 * (channels + sizes) + random) ** 0.5 + self._apart(apart, float(h[row]) + middle)
        value, half = apart / self._string.ah, half / self._string.ah
        condition = f"charge above empty beyond the rack's middle cell, at the end of discharge; {self._string.condition}"
        condition += f"; {self._channel[row]:+.0f} mV of its channel taken off" if self._channel[row] else ""
        return Estimate(value, value - half, value + half, "1", self._method, condition, len(looks))

    def _bounded(self, row: int, top: Answer, bottom: Answer) -> CellCapacity:
        """Q_string plus what is surely known of both ends: the gate itself where a cell stood beyond it."""
        known = min(self._stopped / self._string.ah, 0.0)
        for side, answer in ((0, top), (1, bottom)):
            shut = ~self._open[:, side, row]
            if isinstance(answer, Estimate) and 2 * shut.sum() <= len(shut):
                known += max(answer.low, 0.0)
            elif shut.any():
                h = float(np.nanmedian(self._h[shut, side, row]))
                known += h / self._string.ah
        refusal = NotEstablished(
            reason="plateau" if NotEstablished in (type(top), type(bottom)) else "interval-too-wide",
            why=f"The cell never came near enough to an end: it holds at least {100 * (1 + known):.1f} % of what its string gives, and nothing says how much more.",
            settles=FULL_CYCLE,
        )
        return CellCapacity(refusal, top, bottom, 1 + known, self._above(row))
