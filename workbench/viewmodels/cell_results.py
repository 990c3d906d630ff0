"""Which value does a study hold for every single cell, so that a map of cells can be coloured by it?

A result holds for the whole window; a cell about which the study says nothing has NaN and is hatched, never zero. What the data can say about a
cell (measured, bounded, nothing) is a colouring of its own, per estimate. Shapes: C cells of a rack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace as dataclass_replace
from math import isfinite

import numpy as np
from msgspec.structs import replace

from workbench.analysis.estimates import CellEstimates, Observability
from workbench.analysis.results import Answer, CellResult, Estimate, StudyResult
from workbench.asset.topology import cell_name
from workbench.asset.window import FloatArray, WindowFacts
from workbench.errors import Reason, ReportError
from workbench.viewmodels import numbers
from workbench.viewmodels.colours import STATE_WORDS
from workbench.viewmodels.folded_racks import folded, folded_of, joined, open_rows
from workbench.viewmodels.heatmap import Extremes, heatmap_picture
from workbench.viewmodels.heatmap_quantities import RESULTS, STATE, HeatQuantity, farthest, farthest_from_column, quantity_named
from workbench.viewmodels.pictures import HeatmapPicture, Readout, TablePicture
from workbench.viewmodels.requests import HeatmapRequest
from workbench.viewmodels.snapshot import SnapshotPicture, site_picture
from workbench.viewmodels.tables import made_table

NOTHING = float("nan")
STATE_VALUES = {
    Observability.NOT_OBSERVABLE: STATE_WORDS.index("nothing"),
    Observability.BOUNDED: STATE_WORDS.index("bounded"),
    Observability.MEASURED: STATE_WORDS.index("measured"),
}


def result_values(study: StudyResult, name: str) -> dict[str, FloatArray]:
    """Rack -> (C,) the result of this name (of `RESULTS`) for every cell, in the unit of its quantity."""
    found: dict[str, list[tuple[int, float]]] = {}
    for rack, cell, value in _each(study, name):
        found.setdefault(rack, []).append((cell, value))
    return {rack: _spread(pairs) for rack, pairs in found.items()}


def available(study: StudyResult | None) -> tuple[str, ...]:
    """Names of the results that this study holds for at least one cell, in their fixed order; none without a study."""
    if study is None:
        return ()
    return tuple(name for name in RESULTS if any(map(isfinite, _values(study, name))))


def _values(study: StudyResult, name: str) -> Iterator[float]:
    """Every value, in the order of the study: a look for the first may have to look at all, while a person waits."""
    if _is_estimate(name):
        return (value for rack in (study.estimates.racks if study.estimates else ()) for value in map(_of_estimates(name), rack.cells))
    return map(_of_cell(name), study.cells)


def _each(study: StudyResult, name: str, only: str = "") -> Iterator[tuple[str, int, float]]:
    """Rack, one-based cell and value; one by one, so that a look for a single cell stays short. only: this rack."""
    if _is_estimate(name):
        of_estimates = _of_estimates(name)
        for rack in study.estimates.racks if study.estimates else ():
            if only in ("", rack.rack):
                yield from ((rack.rack, cell.cell, of_estimates(cell)) for cell in rack.cells)
        return
    of_cell = _of_cell(name)
    yield from ((cell.rack, cell.cell, of_cell(cell)) for cell in study.cells if only in ("", cell.rack))


def _is_estimate(name: str) -> bool:
    return quantity_named(name).source == STATE or name in _FROM_ESTIMATES


def result_picture(request: HeatmapRequest, facts: WindowFacts, root: str, study: StudyResult, marks: Mapping[str, str]) -> HeatmapPicture:
    """Cells x the interval in view, every row in the colour of its result: the same rows, order and brush as over time."""
    request = replace(request, reduction="worst")  # one value per row: no reduction over samples applies to it
    racks = [r for r in facts.plant.racks if not request.racks or r.id in request.racks]
    single = len(racks) == 1
    spans = [
        (r.id, (request.first_cell or 1) if single else 1, (request.last_cell or len(r.cells)) if single else len(r.cells)) for r in racks
    ]
    shut = folded_of(request, racks)
    opened = [span for span in spans if span[0] not in shut]
    step = max(1, -(-sum(last - first + 1 for _, first, last in opened) // open_rows(request, len(shut), len(opened))))
    values = result_values(study, request.quantity)
    made = [_extremes(request, values, opened, step, study.method)] if opened else []
    made += [folded(request, _extremes(request, values, [span], 1, study.method)) for span in spans if span[0] in shut]
    return heatmap_picture(request, facts, root, joined(made, racks), marks)


def _extremes(
    request: HeatmapRequest, values: Mapping[str, FloatArray], spans: Sequence[tuple[str, int, int]], step: int, method: str
) -> Extremes:
    """One column of values: of the cells that share a row the one that says most."""
    quantity = quantity_named(request.quantity)
    rows: list[tuple[str, int]] = []
    low: list[float] = []
    high: list[float] = []
    for rack, first, last in spans:
        mine = values.get(rack, np.full(last, NOTHING))
        for cell in range(first, last + 1, step):
            seen = mine[cell - 1 : min(cell - 1 + step, last)]
            seen = seen[np.isfinite(seen)]
            rows.append((rack, cell))
            low.append(float(seen.min()) if seen.size else NOTHING)
            high.append(float(seen.max()) if seen.size else NOTHING)
    lows, highs = np.array(low).reshape(-1, 1), np.array(high).reshape(-1, 1)
    shown = lows if quantity.source == STATE else farthest(lows, highs) if quantity.signed else farthest_from_column(lows, highs)
    return Extremes(
        rows=rows, low=shown, high=shown, spike=np.zeros(shown.shape), count=np.isfinite(shown).astype(np.int64),
        edges_ns=np.array([request.start_ns, request.end_ns], np.int64), cells_per_row=float(step),
        bucket_s=(request.end_ns - request.start_ns) / 1e9, exact=True, method=method,
    )  # fmt: skip


def result_site(
    facts: WindowFacts, root: str, study: StudyResult, name: str, time_ns: int, limits: tuple[float, float] | None
) -> SnapshotPicture:
    """The site, racks beside each other, in the colours of a result; the instant only says where the scrubber stands."""
    quantity = quantity_named(name)
    reduction = "one value per cell for the whole window"
    return site_picture(facts, root, result_values(study, name), time_ns, quantity, limits, quantity.title, reduction, study.method)


def needed(study: StudyResult | None) -> StudyResult:
    """The study. Raises ReportError where it was not run."""
    if study is None:
        raise ReportError(Reason.PICTURE_MISSING, "A result of the cells needs the study, which was not run yet.", "Run the study.")
    return study


def result_words(study: StudyResult, rack: str, cell: int, name: str) -> str:
    """A result of one cell in words; where the data cannot say it, that and why."""
    quantity = quantity_named(name)
    if quantity.source == STATE:
        racks = study.estimates.racks if study.estimates else ()
        found = next((c for r in racks if r.rack == rack for c in r.cells if c.cell == cell), None)
        part = next((p for p in found.parts if p.quantity == name.removeprefix("known:")), None) if found else None
        return "no estimate" if part is None else f"{part.state.value}{': ' + part.why if part.why else ''}"
    return _number(next((value for _, at, value in _each(study, name, rack) if at == cell), NOTHING), quantity)


def with_result(found: Readout, study: StudyResult | None, rack: str, cell: int, name: str) -> Readout:
    """A read-out that also says the result which colours the cells; as it was for a quantity of telemetry, a folded rack (cell 0) or without a study."""
    if study is None or name not in RESULTS or not cell:
        return found
    return dataclass_replace(found, lines=(*found.lines, (quantity_named(name).title, result_words(study, rack, cell, name))))


def result_table(facts: WindowFacts, study: StudyResult, name: str) -> TablePicture:
    """Every cell with the result that colours it: the picture as a table."""
    quantity = quantity_named(name)
    values = result_values(study, name)
    rows: list[tuple[str, tuple[str, ...]]] = []
    for rack in facts.plant.racks:
        for cell in rack.cells:
            title = cell_name(rack, cell.index)
            if quantity.source == STATE:
                state, _, why = result_words(study, rack.id, cell.index, name).partition(": ")
                rows.append((title, (title, cell.label, state, why or "–")))
            else:
                mine = values.get(rack.id, np.empty(0))
                value = float(mine[cell.index - 1]) if cell.index <= len(mine) else NOTHING
                rows.append((title, (title, cell.label, _number(value, quantity))))
    heads = "|state:What the data can say|why:Why not more" if quantity.source == STATE else "|value:Value::r"
    return made_table(quantity.title, f"cell:Cell|label:Owner's label{heads}", rows, f"Method {study.method}; one value for the window.")


def _number(value: float, quantity: HeatQuantity) -> str:
    if not np.isfinite(value):
        return "not established"
    return numbers.number(value, quantity.digits + 1, numbers.unit_sign(quantity.unit), sign=quantity.signed)


def _spread(pairs: Sequence[tuple[int, float]]) -> FloatArray:
    """(C,) from one-based cells and their values."""
    made = np.full(max(cell for cell, _ in pairs), NOTHING)
    for cell, value in pairs:
        made[cell - 1] = value
    return made


def _value(answer: Answer, factor: float = 1.0, minus: float = 0.0) -> float:
    return factor * (answer.value - minus) if isinstance(answer, Estimate) else NOTHING


def _known(value: float | None, factor: float = 1.0) -> float:
    return NOTHING if value is None else factor * value


_FROM_ESTIMATES: dict[str, Callable[[CellEstimates], float]] = {
    "result:capacity": lambda c: _value(c.capacity_share, 100.0),
    "result:at least": lambda c: _known(c.at_least_share, 100.0),
    "result:ahead": lambda c: _value(c.ahead_share, 100.0),
    "result:leakage": lambda c: _value(c.leakage_ma),
    "result:leakage z": lambda c: _known(c.leakage_z),
    "result:resistance": lambda c: _value(c.resistance_ratio, 100.0, 1.0),
    "result:resistance z": lambda c: _known(c.resistance_z),
}


def _of_estimates(name: str) -> Callable[[CellEstimates], float]:
    if name in _FROM_ESTIMATES:
        return _FROM_ESTIMATES[name]
    quantity = name.removeprefix("known:")

    def state(cell: CellEstimates) -> float:
        part = next((p for p in cell.parts if p.quantity == quantity), None)
        return NOTHING if part is None else float(STATE_VALUES[part.state])

    return state


_FROM_CELLS: dict[str, Callable[[CellResult], float]] = {
    "trend": lambda c: _value(c.trend_mv_per_day),
    "received": lambda c: 100.0 * c.received_share,
    "minimum": lambda c: _known(c.minimum_v),
    "maximum": lambda c: _known(c.maximum_v),
}


def _of_cell(name: str) -> Callable[[CellResult], float]:
    short = name.removeprefix("result:")
    return _FROM_CELLS[short] if short in _FROM_CELLS else lambda c: _known(c.deviation_mv.get(short))
