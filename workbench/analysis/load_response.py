"""How does each cell's deviation follow the current? A poor joint or a resistive cell strays to both sides and vanishes at rest.

Relative to the rack median cell: a resistance common to all cells does not show. Middle of the passes only, where open-circuit voltage is flat.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.analysis.divergence import RegimeDivergence, robust_z
from workbench.analysis.regimes import Regimes
from workbench.analysis.results import Answer, Estimate, NotEstablished, Regime
from workbench.analysis.trends import mean_of
from workbench.asset.window import FloatArray, RackSeries

MIN_SWING_C = 0.1
FLOOR_MOHM = 0.01
CONDITION = "middle of passes at the temperatures met, relative to the rack median cell; not a data-sheet resistance"
HALF_MV_STEP = 0.5 / 12**0.5  # deviations come in half millivolts


@dataclass(frozen=True, slots=True, eq=False)
class LoadResponse:
    """answers: one per cell [mohm relative to the rack median cell]. z: (C,) robust z among the cells, or None when refused."""

    answers: tuple[Answer, ...]
    z: FloatArray | None


def load_response(
    series: RackSeries, regimes: Regimes, per_regime: dict[Regime, RegimeDivergence], method: str, rounding_mv: float = HALF_MV_STEP
) -> LoadResponse:
    """Relative resistance per cell from pairs of charge and discharge periods, each pair one look.

    rounding_mv: standard uncertainty of one deviation from the resolution of the channels; no interval is narrower than it allows.
    """
    charge, discharge = per_regime.get(Regime.CHARGE), per_regime.get(Regime.DISCHARGE)
    current = series.signal("rack_current_a")
    n = len(series.rack.cells)
    refusal = NotEstablished(
        reason="no-load-pairs",
        why="It needs charges and discharges of at least five minutes at steady current, three of each.",
        settles="Three cycles at constant current, 0.25 C, logged every 10 s.",
    )
    if charge is None or discharge is None or current is None or min(charge.deviation_mv.shape[1], discharge.deviation_mv.shape[1]) < 3:
        return LoadResponse((refusal,) * n, None)
    amps = {regime: _amps(current, regimes, regime, per_regime[regime]) for regime in (Regime.CHARGE, Regime.DISCHARGE)}
    pairs = min(len(amps[Regime.CHARGE]), len(amps[Regime.DISCHARGE]))
    swing = amps[Regime.CHARGE][:pairs] - amps[Regime.DISCHARGE][:pairs]
    strong = swing > MIN_SWING_C * np.nanmax(np.abs(current))
    if strong.sum() < 3:
        return LoadResponse((refusal,) * n, None)
    looks = (charge.deviation_mv[:, :pairs] - discharge.deviation_mv[:, :pairs])[:, strong] / swing[strong]
    least = 1.96 * 2**0.5 * rounding_mv / float(np.median(swing[strong]))
    answers = tuple(mean_of(row, "mohm", method, CONDITION, least) for row in looks)
    values = np.array([a.value if isinstance(a, Estimate) else np.nan for a in answers])
    return LoadResponse(answers, robust_z(values, FLOOR_MOHM) if np.isfinite(values).any() else None)


def _amps(current: FloatArray, regimes: Regimes, regime: Regime, found: RegimeDivergence) -> FloatArray:
    """Mean current of each period, in the order of its deviations (by day where the divergence went by day)."""
    groups = regimes.groups[regime]
    if len(groups) == found.deviation_mv.shape[1]:
        return np.array([np.nanmean(current[index]) for index in groups])
    starts = np.array(regimes.start_ns[regime])
    place = np.clip(np.searchsorted(np.array(found.start_ns), starts, side="right") - 1, 0, len(found.start_ns) - 1)
    means = np.array([np.nanmean(current[index]) for index in groups])
    return np.array([means[place == k].mean() if (place == k).any() else np.nan for k in range(len(found.start_ns))])
