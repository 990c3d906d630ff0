"""How far does each cell stand ahead of the middle of its rack in charge, in the middle of the window?

The shifts of all passes through the graphite step (`step_matching`) are taken together: a line over time, so that a cell that leaks stands where it
stood half way, with a level for charges and one for discharges, because they see different branches of the curve; their mean is the position and half of
what parts them is in its interval. A cell for which most passes found no shift has none: the best of wrong shifts is no position.
Shapes: C cells, N passes. Source: methods.md 2.3. Validity: LFP; as `step_matching`.
"""

from __future__ import annotations

import numpy as np

from workbench.analysis.cell_capacity import FINE_MV
from workbench.analysis.results import Answer, Estimate, NotEstablished, Regime
from workbench.analysis.self_discharge import since_reset, trends
from workbench.analysis.step_matching import SEARCH, SETTLES, StepMatch

SHAPE_SHARE = (
    0.0038  # standard uncertainty from electrodes that differ from cell to cell (methods.md, finding 3; 0.35 to 0.40 % on known truth)
)
ORDINARY, STRAY = (
    0.02,
    0.015,
)  # of capacity: a cell further from its rack strays, and may be as fresh or as worn as none of the others: graphite that differs by 5 % moves its step by 3 %
FAR = 0.06  # of capacity: a position beyond this must be found in every pass in which the cell was received
COARSE_SHARE_PER_MV = 0.005  # what rounding adds that repeats at every charge (0.8 % at 5 mV, 1.3 % at 10 mV)


def positions(matches: tuple[StepMatch, ...], capacity_ah: float, rounding_mv: float, method: str) -> tuple[Answer, ...]:
    """How far each cell stands ahead of (+) or behind the middle of its rack, as a share of capacity."""
    coarse_mv = max(rounding_mv**2 - FINE_MV**2, 0.0) ** 0.5  # what whole millivolts add is in the share already: it was measured with them
    found = trends(since_reset(matches))
    level, error = found.level_ah / capacity_ah, found.level_error_ah / capacity_ah
    seen, passes = found.seen.sum(axis=1), found.seen.shape[1]
    stray = STRAY * np.clip(2 * np.abs(level) / ORDINARY - 1, 0.0, 1.0)
    steady = np.sqrt(SHAPE_SHARE**2 + (COARSE_SHARE_PER_MV * coarse_mv) ** 2 + stray**2)
    half = 1.96 * np.hypot(steady, error)
    charges = int(sum(m.regime is Regime.CHARGE for m in matches))
    condition = (
        f"charge above empty at the graphite step, beyond the rack's middle cell, half way through the window; {charges} charges"
        f" and {len(matches) - charges} discharges"
    )
    answers: list[Answer] = []
    for row, lost in enumerate(found.lost.sum(axis=1)):
        far = abs(float(level[row])) > FAR  # a plateau alone lies over another plateau in some passes, hardly in all
        if not seen[row] or (lost and (far or lost >= seen[row])):
            beyond = lost > 0
            why = (
                f"In {lost} of {passes} passes no shift within {100 * SEARCH:g} % of capacity lays the cell over its rack."
                if beyond
                else "The cell was not received through the step."
            )
            answers.append(NotEstablished(reason="beyond-search" if beyond else "not-received", why=why, settles=SETTLES))
            continue
        value, wide = float(level[row]), float(half[row])
        answers.append(Estimate(value, value - wide, value + wide, "1", method, condition, int(seen[row])))
    return tuple(answers)
