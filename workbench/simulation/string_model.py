"""What do the cells of series strings do while a known current flows through each string?

Per cell: lithium moves between two half cells, one ohmic resistance, two RC pairs, one hysteresis state, a leak, a passive bleed, Arrhenius
temperature. Current within a block is constant, so every state has a closed form and a whole block is computed at once.
Shapes: N cells of S strings (``string`` says which), k samples of a block. Source: methods.md 5.2 and 5.3.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from workbench.asset.half_cell_curves import HalfCells
from workbench.asset.window import FloatArray, Int64Array

ACTIVATION_K = 22_000 / 8.314  # Arrhenius: 22 kJ/mol over the gas constant
REFERENCE_K = 298.15
FAST_S, SLOW_S = 25.0, 1500.0  # time constants of the two RC pairs
HYSTERESIS_V = 0.006
HYSTERESIS_SHARE = 0.02  # of capacity: so much charge turns the branch by 63 %
THERMAL_S = 2400.0
LOAD_RISE_K = 4.0  # at C/4, when settled


@dataclass
class Cells:
    """What is true of each cell; all (N,). Resistances at 25 degC. warmer_k: place in the rack against its mean."""

    string: Int64Array
    negative_ah: FloatArray
    positive_ah: FloatArray
    lithium_ah: FloatArray
    r0_ohm: FloatArray
    r1_ohm: FloatArray
    r2_ohm: FloatArray
    leak_a: FloatArray
    warmer_k: FloatArray


@dataclass
class Bleed:
    """Passive balancing: cells above `above_v` that stand more than `spread_v` over the lowest of their string are bled while it charges.

    by_charge_ah: where it is not 0, the BMS counts instead of looking at voltages, and bleeds at any time the cells that lack so much less to full
    than the one that lacks most, until half of it is left. believed_ah: (N,) charge it wrongly believes a cell to hold.
    """

    ampere: float = 0.0
    above_v: float = 3.40
    spread_v: float = 0.010
    by_charge_ah: float = 0.0
    believed_ah: FloatArray | None = None


@dataclass
class State:
    """Where each cell stands; (N,), the rise of temperature by load per string (S,)."""

    stored_ah: FloatArray
    fast_v: FloatArray
    slow_v: FloatArray
    branch: FloatArray
    rise_k: FloatArray
    bled_ah: FloatArray
    seconds: float = 0.0


@dataclass
class Block:
    """What k samples brought: voltage (N, k), string temperature (S, k) [degC], which cells were bled (N,), and the states to take up."""

    voltage_v: FloatArray
    string_degc: FloatArray
    bleeding: np.ndarray[tuple[int], np.dtype[np.bool_]]
    state: tuple[FloatArray, ...] = field(repr=False, default=())


class Strings:
    """S strings of cells, their state, and how they go on."""

    def __init__(
        self, half_cells: HalfCells, cells: Cells, stored_ah: FloatArray, rated_ah: float, period_s: float, bleed: Bleed,
        ambient_degc: float = 23.0, spell: tuple[float, float, float] | None = None,
    ) -> None:  # fmt: skip
        self.half_cells, self.cells, self.rated_ah, self.period_s, self.bleed = half_cells, cells, rated_ah, period_s, bleed
        self._ambient_degc, self._spell = ambient_degc, spell
        self.strings = int(cells.string.max()) + 1
        self._switched = np.zeros(len(stored_ah), bool)  # shunts of a BMS that counts
        upper_v = np.full(len(stored_ah), half_cells.curves.upper_v)
        self._full_ah = half_cells.stored_ah_at(upper_v, cells.negative_ah, cells.positive_ah, cells.lithium_ah)
        zeros = np.zeros(len(cells.string))
        self.state = State(stored_ah.copy(), zeros.copy(), zeros.copy(), zeros - 1.0, np.zeros(self.strings), zeros.copy())

    def open_circuit_v(self, stored_ah: FloatArray) -> FloatArray:
        """OCV without hysteresis of all cells; (N,) or (N, k)."""
        c = self.cells
        if stored_ah.ndim == 1:
            return self.half_cells.open_circuit_v(stored_ah, c.negative_ah, c.positive_ah, c.lithium_ah)
        return self.half_cells.open_circuit_v(stored_ah, c.negative_ah[:, None], c.positive_ah[:, None], c.lithium_ah[:, None])

    def ambient_degc(self, seconds: FloatArray) -> FloatArray:
        """A container with a day in it, and perhaps a spell (from hour, to hour, K) that comes and goes within an hour."""
        result: FloatArray = self._ambient_degc + 2.0 * np.sin((seconds / 3600 - 9.0) / 24.0 * 2 * np.pi)
        if self._spell is not None:
            first, last, warmer = self._spell
            hours = seconds / 3600
            result = result + warmer * np.clip(np.minimum(hours - first, last - hours), 0.0, 1.0)
        return result

    def resistance_factor(self, degc: FloatArray) -> FloatArray:
        """Resistance at this temperature in units of the one at 25 degC."""
        result: FloatArray = np.exp(ACTIVATION_K * (1 / (degc + 273.15) - 1 / REFERENCE_K))
        return result

    def block(self, ampere: FloatArray, samples: int) -> Block:
        """How it would go on with these currents per string (S,) [A, charge positive] for so many samples; nothing is taken up yet."""
        s, c = self.state, self.cells
        t: FloatArray = self.period_s * np.arange(1.0, samples + 1)
        of_cell = ampere[c.string]
        bleeding = self._bleeding(ampere)
        lost = c.leak_a + np.where(bleeding, self.bleed.ampere, 0.0)
        stored = s.stored_ah[:, None] + ((of_cell - lost) / 3600)[:, None] * t
        settled_k = LOAD_RISE_K * (ampere / (0.25 * self.rated_ah)) ** 2
        cooled = np.exp(-t / THERMAL_S)
        rise = settled_k[:, None] + (s.rise_k - settled_k)[:, None] * cooled
        degc = self.ambient_degc(s.seconds + t) + rise
        factor = self.resistance_factor(degc)
        place = np.exp(-ACTIVATION_K / REFERENCE_K**2 * c.warmer_k)
        middle = factor.mean(axis=1)[c.string] * place * of_cell
        fast_end, slow_end = c.r1_ohm * middle, c.r2_ohm * middle
        fast_keep, slow_keep = np.exp(-t / FAST_S), np.exp(-t / SLOW_S)
        fast = fast_end[:, None] + (s.fast_v - fast_end)[:, None] * fast_keep
        slow = slow_end[:, None] + (s.slow_v - slow_end)[:, None] * slow_keep
        side = np.sign(of_cell)
        turned = np.exp(-np.abs(of_cell)[:, None] * t / 3600 / (HYSTERESIS_SHARE * self.rated_ah))
        branch = np.where(side[:, None] == 0, s.branch[:, None], side[:, None] + (s.branch - side)[:, None] * turned)
        ohmic = (c.r0_ohm * place * of_cell)[:, None] * (factor if self.strings == 1 else factor[c.string])
        volts = self.open_circuit_v(stored) + HYSTERESIS_V * branch + ohmic + fast + slow
        return Block(volts, degc, bleeding, (stored, fast, slow, branch, rise))

    def take(self, block: Block, samples: int) -> None:
        """Take up the first so many samples of a block."""
        last = samples - 1
        stored, fast, slow, branch, rise = block.state
        s = self.state
        s.bled_ah += np.where(block.bleeding, self.bleed.ampere * samples * self.period_s / 3600, 0.0)
        s.stored_ah, s.fast_v, s.slow_v = stored[:, last].copy(), fast[:, last].copy(), slow[:, last].copy()
        s.branch, s.rise_k = branch[:, last].copy(), rise[:, last].copy()
        s.seconds += samples * self.period_s

    def standing_v(self) -> FloatArray:
        """(N,) voltage of each cell but for its ohmic part, as it stands."""
        s = self.state
        return self.open_circuit_v(s.stored_ah) + HYSTERESIS_V * s.branch + s.fast_v + s.slow_v

    def _bleeding(self, ampere: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        c = self.cells
        if self.bleed.ampere and self.bleed.by_charge_ah:
            lacks = self._full_ah - self.state.stored_ah - (0.0 if self.bleed.believed_ah is None else self.bleed.believed_ah)
            most = np.full(self.strings, -np.inf)
            np.maximum.at(most, c.string, lacks)
            self._switched &= lacks < most[c.string] - self.bleed.by_charge_ah / 2
            self._switched |= lacks < most[c.string] - self.bleed.by_charge_ah
            return self._switched.copy()
        if not self.bleed.ampere or not (ampere > 0).any():
            return np.zeros(len(c.string), bool)
        volts = self.standing_v() + c.r0_ohm * ampere[c.string]
        lowest = np.full(self.strings, np.inf)
        np.minimum.at(lowest, c.string, volts)
        return (ampere[c.string] > 0) & (volts > self.bleed.above_v) & (volts > lowest[c.string] + self.bleed.spread_v)
