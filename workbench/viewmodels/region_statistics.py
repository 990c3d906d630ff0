"""What happened between cursor A and cursor B? Difference, slope with interval, area, extremes of each line, as figures and as TSV."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from workbench.analysis.trends import slope_per_day
from workbench.asset.estimate import Answer, Estimate
from workbench.asset.window import DAY_NS
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import Line, TableCell, TableColumn, TablePicture


@dataclass(frozen=True, slots=True)
class Region:
    """One line between two instants. area: trapezoids over days, in unit x d. NaN and None where there is no point."""

    name: str
    count: int
    first: float
    last: float
    lowest: float
    mean: float
    highest: float
    area: float
    slope: Answer | None

    @property
    def difference(self) -> float:
        """Last minus first."""
        return self.last - self.first


def region_of(line: Line, start_ns: int, end_ns: int, unit: str) -> Region:
    """Statistics of the points in [start_ns, end_ns] (order of the cursors does not matter)."""
    low, high = sorted((start_ns, end_ns))
    use = (line.time_ns >= low) & (line.time_ns <= high) & np.isfinite(line.mid)
    time, value = line.time_ns[use], line.mid[use]
    if not len(value):
        nan = float("nan")
        return Region(line.name, 0, nan, nan, nan, nan, nan, nan, None)
    days = (time - time[0]) / DAY_NS
    area = float(((value[1:] + value[:-1]) / 2 * np.diff(days)).sum())
    slope = slope_per_day(tuple(int(t) for t in time), value, f"{unit}/d", "region 1", "between the cursors")
    return Region(
        line.name, len(value), float(value[0]), float(value[-1]), float(value.min()), float(value.mean()), float(value.max()), area, slope
    )


def region_facts(region: Region, unit: str) -> tuple[tuple[str, str], ...]:
    """The figures of one line for the panel beside the plot."""
    if not region.count:
        return (("Points", "none between A and B"),)
    slope = region.slope
    return (
        ("Difference", numbers.number(region.difference, 0, unit, sign=True)),
        ("Slope", numbers.number(slope.value, 1, f"{unit}/d", sign=True) if isinstance(slope, Estimate) else "not established"),
        ("95 %", f"[{numbers.number(slope.low, 1)}, {numbers.number(slope.high, 1)}]" if isinstance(slope, Estimate) else "–"),
        ("Mean", numbers.number(region.mean, 0, unit)),
        ("Min, max", f"{numbers.number(region.lowest)}, {numbers.number(region.highest)}"),
        ("Area", numbers.number(region.area, 0, f"{unit}·d")),
        ("Points", str(region.count)),
    )


def region_table(regions: Iterable[Region], unit: str) -> TablePicture:
    """All lines between the cursors; copied as TSV it opens in any spreadsheet."""
    columns = (
        TableColumn("name", "Line"), TableColumn("n", "Points", "", "r"), TableColumn("difference", "Difference", unit, "r"), TableColumn("slope", "Slope", f"{unit}/d", "r"),
        TableColumn("low", "Slope low", f"{unit}/d", "r"), TableColumn("high", "Slope high", f"{unit}/d", "r"), TableColumn("mean", "Mean", unit, "r"),
        TableColumn("min", "Min", unit, "r"), TableColumn("max", "Max", unit, "r"), TableColumn("area", "Area", f"{unit}·d", "r"),
    )  # fmt: skip
    rows, keys = [], []
    for r in regions:
        slope = (r.slope.value, r.slope.low, r.slope.high) if isinstance(r.slope, Estimate) else (float("nan"),) * 3
        figures = (r.difference, *slope, r.mean, r.lowest, r.highest, r.area)
        rows.append((TableCell(r.name), TableCell(str(r.count)), *(TableCell(numbers.number(f, 1)) for f in figures)))
        keys.append(r.name)
    return TablePicture("Between the cursors", columns, tuple(rows), tuple(keys))
