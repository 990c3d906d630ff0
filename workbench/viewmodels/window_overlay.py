"""Two windows over each other, for example before and after maintenance: did each rack change by more than a tolerance?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from workbench.analysis.trends import t_95
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import DivergencePicture, Line, TableCell, TableColumn, TablePicture

MIN_POINTS = 3  # in each window, for an interval


@dataclass(frozen=True, slots=True)
class Change:
    """One rack in both windows: means, difference (now minus then) with a 95 % interval (Welch), verdict and its status."""

    rack: str
    then: float
    now: float
    difference: float
    low: float
    high: float
    verdict: str
    status: str


def changes(now: DivergencePicture, then: DivergencePicture, tolerance: float) -> tuple[Change, ...]:
    """Racks of the present window against the other. tolerance [mV]: the change that would matter."""
    others = {line.name: line for line in then.lines}
    same = now.caption.condition == then.caption.condition
    return tuple(_change(line, others.get(line.name), tolerance, same=same) for line in now.lines)


def _change(line: Line, other: Line | None, tolerance: float, *, same: bool) -> Change:
    nan = float("nan")
    here = line.mid[np.isfinite(line.mid)]
    there = other.mid[np.isfinite(other.mid)] if other is not None else np.empty(0)
    means = (float(there.mean()) if len(there) else nan, float(here.mean()) if len(here) else nan)
    if other is None:
        return Change(line.name, *means, nan, nan, nan, "only in this window", "none")
    if not same:
        return Change(line.name, *means, nan, nan, nan, "compared at other moments: not comparable", "none")
    if min(len(here), len(there)) < MIN_POINTS:
        return Change(line.name, *means, means[1] - means[0], nan, nan, "too few periods for an interval", "none")
    difference, error = means[1] - means[0], _welch(here, there)
    low, high = difference - error, difference + error
    if low > tolerance or high < -tolerance:
        verdict, status = ("grew" if difference > 0 else "shrank") + " beyond tolerance", "bad" if difference > 0 else "warning"
    elif -tolerance <= low and high <= tolerance:
        verdict, status = "within tolerance", "good"
    else:
        verdict, status = "open: the interval reaches over the tolerance", "none"
    return Change(line.name, *means, difference, low, high, verdict, status)


def _welch(one: np.ndarray, two: np.ndarray) -> float:
    """Half width of the 95 % interval of the difference of two means."""
    a, b = one.var(ddof=1) / len(one), two.var(ddof=1) / len(two)
    if a + b == 0:
        return 0.0
    freedom = (a + b) ** 2 / (a**2 / (len(one) - 1) + b**2 / (len(two) - 1))
    return float(t_95(max(int(freedom), 1)) * np.sqrt(a + b))


def shifted(then: DivergencePicture, onto_start_ns: int) -> tuple[Line, ...]:
    """Lines of the other window moved so that both windows begin together, dashed."""
    starts = [int(line.time_ns[0]) for line in then.lines if len(line.time_ns)]
    by = onto_start_ns - min(starts, default=onto_start_ns)
    return tuple(replace(line, time_ns=line.time_ns + by, role="reference", name=f"{line.name}, other window") for line in then.lines)


def overlay_table(found: tuple[Change, ...], tolerance: float) -> TablePicture:
    """The verdict per rack."""
    columns = (
        TableColumn("rack", "Rack"), TableColumn("then", "Other window, mean", "mV", "r"), TableColumn("now", "This window, mean", "mV", "r"),
        TableColumn("change", "Change [95 %]", "mV", "r"), TableColumn("verdict", f"Against a tolerance of {numbers.number(tolerance, 0, 'mV')}"),
    )  # fmt: skip
    rows = tuple(
        (
            TableCell(c.rack),
            TableCell(numbers.number(c.then, 1)),
            TableCell(numbers.number(c.now, 1)),
            TableCell(f"{numbers.number(c.difference, 1, sign=True)} [{numbers.number(c.low, 1)}, {numbers.number(c.high, 1)}]"),
            TableCell(c.verdict, c.status),
        )
        for c in found
    )
    return TablePicture("Two windows", columns, rows, tuple(c.rack for c in found))
