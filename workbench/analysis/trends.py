"""Does a value per period drift, and how surely? Ordinary least squares with a 95 % t interval."""

from __future__ import annotations

import numpy as np

from workbench.analysis.results import Answer, Estimate, NotEstablished
from workbench.asset.window import FloatArray

MIN_PERIODS = 4
MIN_DAYS = 3.0
FORMULA_R2 = 0.999  # a course that a line explains this well was computed from it, not measured
T_95 = {
    2: 4.303,
    3: 3.182,
    4: 2.776,
    5: 2.571,
    6: 2.447,
    7: 2.365,
    8: 2.306,
    9: 2.262,
    10: 2.228,
    12: 2.179,
    15: 2.131,
    20: 2.086,
    30: 2.042,
    60: 2.0,
}


def t_95(freedom: int) -> float:
    """Two-sided 95 % quantile of Student's t (the next smaller tabulated freedom: never too narrow)."""
    known = [n for n in T_95 if n <= freedom]
    return T_95[max(known)] if known else 12.706


def explained(x: FloatArray, y: FloatArray) -> float:
    """Share of the variance of y (N,) that a straight line in x explains (R²); 0 where one of them does not vary."""
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return 0.0
    return float(np.corrcoef(x, y)[0, 1] ** 2)


def slope_per_day(start_ns: tuple[int, ...], values: FloatArray, unit: str, method: str, condition: str, rounding: float = 0.0) -> Answer:
    """Slope of values (N,) over days, or why there is none. rounding: standard uncertainty of one value from its resolution alone."""
    days = (np.asarray(start_ns, np.float64) - start_ns[0]) / 86_400e9 if start_ns else np.empty(0)
    use = np.isfinite(values)
    x, y = days[use], values[use]
    if len(x) < MIN_PERIODS or np.ptp(x) < MIN_DAYS:
        return NotEstablished(
            reason="window-too-short",
            why=f"A trend needs {MIN_PERIODS} comparable moments over {MIN_DAYS:g} days; there are {len(x)}.",
            settles="A window with at least 7 full charges over 7 days.",
        )
    return mean_slope(x, y, unit, method, condition, rounding)


def mean_slope(x: FloatArray, y: FloatArray, unit: str, method: str, condition: str, rounding: float = 0.0) -> Estimate:
    """Least-squares slope with its 95 % interval: from the scatter about the line, never narrower than rounding alone would make it."""
    dx = x - x.mean()
    value = float((dx * y).sum() / (dx**2).sum())
    rest = y - y.mean() - value * dx
    scatter = float(np.sqrt((rest**2).sum() / max(len(x) - 2, 1))) * t_95(len(x) - 2)
    error = max(scatter, 1.96 * rounding) / float(np.sqrt((dx**2).sum()))
    return Estimate(value, value - error, value + error, unit, method, condition, len(x))


def mean_of(values: FloatArray, unit: str, method: str, condition: str, floor: float = 0.0) -> Answer:
    """Mean of repeated looks with a 95 % interval, never narrower than the declared floor (half width)."""
    use = values[np.isfinite(values)]
    if len(use) < 3:
        return NotEstablished(
            reason="too-few-looks",
            why=f"A mean with an interval needs three independent looks; there are {len(use)}.",
            settles="A window with three more full cycles.",
        )
    error = max(float(use.std(ddof=1) / np.sqrt(len(use))) * t_95(len(use) - 1), floor)
    middle = float(use.mean())
    return Estimate(middle, middle - error, middle + error, unit, method, condition, len(use))
