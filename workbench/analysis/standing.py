"""Where does each cell stand against the middle of its rack, as the end of a pass shows it?

A cell that had less to go until full stands ahead, one that had more to go until empty does, too. Near an end a position is read ten times finer than at
the graphite step, and only of cells that come near it; the middle is that of the cells which came near it every time. Shapes: C cells.
Source: methods.md 2.2 and 2.9. Validity: as `end_reading`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from workbench.analysis.end_reading import End
from workbench.analysis.regimes import Pass
from workbench.analysis.results import Regime
from workbench.asset.window import BoolArray, FloatArray, Int64Array

LEAST_CELLS = 5  # read at every end of a kind: fewer are no middle
LEAST_SHARE = 1 / 3  # of the rack's cells


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """One look. ahead_ah: (C,) how far each cell is ahead of the rack's middle, NaN where not found. error_ah: (C,) standard uncertainty of this look
    alone. channel_ah: (C,) what a channel that reads wrong by its standard uncertainty adds, zeros where it does not matter: as a cell moves along a curve that grows flatter, an error
    that stays the same looks like a drift. lost: (C,) received, and yet no position that can be believed. start_ns: when. regime: the kind of moment; looks of one kind are compared with each other."""

    ahead_ah: FloatArray
    error_ah: FloatArray
    channel_ah: FloatArray
    lost: BoolArray
    start_ns: int
    regime: Regime


def end_standings(read: Mapping[Pass, End | None], time_ns: Int64Array, accuracy_mv: float, random_mv: float) -> tuple[Standing, ...]:
    """Where the cells stood when these passes ended. accuracy_mv, random_mv: standard uncertainty of one channel, of one reading."""
    found: list[Standing] = []
    for way, moment, sign in ((Regime.CHARGE, Regime.CHARGE_END, -1.0), (Regime.DISCHARGE, Regime.DISCHARGE_END, 1.0)):
        ends = [(one, end) for one, end in read.items() if one.regime is way and end is not None]
        if not ends:
            continue
        always = np.all([end.open for _, end in ends], axis=0)
        if always.sum() < max(LEAST_CELLS, LEAST_SHARE * len(always)):
            continue
        for one, end in ends:
            ahead = sign * (np.where(end.open, end.h_ah, np.nan) - float(np.median(end.h_ah[always])))
            error = np.hypot(2**0.5 * random_mv / end.slope, end.error_ah)
            per_mv = np.where(
                np.arange(len(always)) == end.lead, 0.0, 1 / end.slope
            )  # the leading cell is not read on a curve, but all others on its own
            channel = accuracy_mv * np.hypot(per_mv, float(np.median(1 / end.slope[always])) - per_mv)
            found.append(Standing(ahead, error, channel, np.zeros(len(always), bool), int(time_ns[one.last - 1]), moment))
    return tuple(found)
