"""How is one figure spread over the cells of a rack or of the site? Histogram, rank order, and where the chosen cells stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.analysis.results import CellResult, StudyResult
from workbench.asset.estimate import Estimate
from workbench.asset.window import FloatArray, Int64Array
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import TableCell, TableColumn, TablePicture

BINS = 41


@dataclass(frozen=True, slots=True, eq=False)
class DistributionPicture:
    """N cells in rank order. values: (N,) ascending, in unit. chosen: places of the chosen cells in that order. missing: cells without the figure."""

    title: str
    unit: str
    scope: str  # R01, or the site
    names: tuple[str, ...]
    values: FloatArray
    edges: FloatArray
    counts: Int64Array
    chosen: tuple[int, ...]
    missing: int


def metrics(result: StudyResult) -> tuple[tuple[str, str], ...]:
    """Figures a distribution can be made of: key and words."""
    regimes = list(dict.fromkeys(regime for cell in result.cells for regime in cell.deviation_mv))
    return (*((f"deviation {r}", f"Deviation, {r}") for r in regimes), *((f"z {r}", f"Robust z, {r}") for r in regimes), ("trend", "Trend"), ("resistance", "Response to load"))  # fmt: skip


def distribution(result: StudyResult, metric: str, rack: str, chosen: Sequence[int]) -> DistributionPicture:
    """The figure over the cells of a rack (empty: all racks). chosen: one-based cells of that rack."""
    cells = [c for c in result.cells if not rack or c.rack == rack]
    found = [(value, c) for c in cells if (value := _figure(c, metric)) is not None and np.isfinite(value)]
    found.sort(key=lambda pair: (pair[0], pair[1].name))
    values = np.array([value for value, _ in found])
    counts, edges = np.histogram(values, BINS) if len(values) else (np.zeros(BINS, np.int64), np.linspace(0, 1, BINS + 1))
    return DistributionPicture(
        title=dict(metrics(result)).get(metric, metric),
        unit={"d": "mV", "z": "1", "t": "mV/d", "r": "mohm"}[metric[0]],
        scope=rack or "all racks",
        names=tuple(c.name for _, c in found),
        values=values,
        edges=edges,
        counts=counts.astype(np.int64),
        chosen=tuple(i for i, (_, c) in enumerate(found) if c.rack == rack and c.cell in chosen),
        missing=len(cells) - len(found),
    )


def distribution_table(picture: DistributionPicture) -> TablePicture:
    """The twin: every cell in rank order."""
    columns = (TableColumn("rank", "Rank", "", "r"), TableColumn("cell", "Cell"), TableColumn("value", picture.title, picture.unit, "r"))
    rows = tuple(
        (TableCell(str(i + 1)), TableCell(name), TableCell(numbers.number(float(v), 3 if picture.unit == "mohm" else 1, sign=True)))
        for i, (name, v) in enumerate(zip(picture.names, picture.values, strict=True))
    )
    return TablePicture(picture.title, columns, rows, picture.names)


def _figure(cell: CellResult, metric: str) -> float | None:
    kind, _, regime = metric.partition(" ")
    if kind == "deviation":
        return next((v for r, v in cell.deviation_mv.items() if r == regime), None)
    if kind == "z":
        return next((v for r, v in cell.z.items() if r == regime), None)
    answer = cell.trend_mv_per_day if kind == "trend" else cell.resistance_mohm
    return answer.value if isinstance(answer, Estimate) else None
