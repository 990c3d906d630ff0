"""From the curves of one pass to a picture: voltage over charge, its slope, and charge per volt; or the reason why the slope is not told.

Shapes: N places of a curve. Every place has its instant, so that the shared cursor stands in all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.analysis.charge_curves import ChargeCurves
from workbench.analysis.regimes import Pass
from workbench.analysis.results import Regime
from workbench.asset.estimate import NotEstablished
from workbench.asset.topology import cell_name
from workbench.asset.window import FloatArray, Int64Array, RackSeries, WindowFacts
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import Caption, TablePicture
from workbench.viewmodels.requests import CurvesRequest
from workbench.viewmodels.tables import made_table

MEDIAN = "rack median"
FEW = 1200  # points of a drawn curve; every place keeps its lowest and highest sample
PANELS = {  # key: title, unit, name and unit of the bottom axis
    "vq": ("Cell voltage", "V", "Charge since the start of the pass", "Ah"),
    "dvdq": ("Slope dV/dQ", "mV/Ah", "Charge since the start of the pass", "Ah"),
    "dqdv": ("Charge per volt dQ/dV", "Ah/V", "Cell voltage", "V"),
}
BOUNDARY = "shape and change only: no ageing mode is read from it without half-cell curves and a baseline of the same cells"


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One curve. x, y: (N,); low, high: (N,) 95 % of y, or empty; NaN breaks the curve. role as of a line."""

    name: str
    x: FloatArray
    y: FloatArray
    low: FloatArray
    high: FloatArray
    role: str


@dataclass(frozen=True, slots=True, eq=False)
class CurvePanel:
    """Curves on one pair of axes. key: vq, dvdq or dqdv."""

    key: str
    title: str
    unit: str
    x_title: str
    x_unit: str
    curves: tuple[Curve, ...]

    def reach(self) -> tuple[float, float]:
        """Lowest and highest value drawn; slopes from zero, without the outermost percent that the ends of a pass would take."""
        every = np.concatenate([c.y[np.isfinite(c.y)] for c in self.curves] or [np.zeros(1)])
        if not len(every):
            return 0.0, 1.0
        low, high = (float(every.min()), float(every.max())) if self.key == "vq" else (0.0, 1.4 * float(np.percentile(every, 97)))
        return low, high if high > low else low + 1.0

    def length(self) -> tuple[float, float]:
        """First and last place of the bottom axis at which something is drawn."""
        known = np.concatenate([c.x[np.isfinite(c.x) & np.isfinite(c.y)] for c in self.curves] or [np.empty(0)])
        start, end = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
        return start, end if end > start else start + 1.0


@dataclass(frozen=True, slots=True, eq=False)
class CurvesPicture:
    """One pass of one rack. passes: start [UTC ns] and words of every pass that can be chosen. refused: why the slopes are absent, or None.

    time_ns, charge_ah, voltage_v: (N,) where the first curve stands at which instant, for the cursor. along: stretch of the bottom axis that is
    shown, or None for all of it.
    """

    caption: Caption
    panels: tuple[CurvePanel, ...]
    passes: tuple[tuple[int, str], ...]
    start_ns: int
    end_ns: int
    refused: NotEstablished | None
    time_ns: Int64Array
    charge_ah: FloatArray
    voltage_v: FloatArray
    along: tuple[float, float] | None = None
    pass_ends: tuple[int, ...] = ()  # UTC ns of the last sample of each of `passes`

    def panel(self, key: str) -> CurvePanel | None:
        """The panel of this key, or None where it was refused."""
        return next((panel for panel in self.panels if panel.key == key), None)

    def place_at(self, key: str, time_ns: int) -> float | None:
        """Along the bottom of a panel, where the first curve stood at an instant; the nearest of its ends outside of the pass, None without samples."""
        along = self.voltage_v if key == "dqdv" else self.charge_ah
        if not len(along):
            return None
        return float(along[min(int(np.searchsorted(self.time_ns, time_ns)), len(along) - 1)])

    def instant_at(self, key: str, place: float) -> int | None:
        """When the first curve stood nearest to a place along the bottom of a panel (UTC ns); None without samples."""
        along = self.voltage_v if key == "dqdv" else self.charge_ah
        return int(self.time_ns[int(np.nanargmin(np.abs(along - place)))]) if len(along) else None


def curves_picture(
    request: CurvesRequest, facts: WindowFacts, root: str, seen: RackSeries, passed_ah: FloatArray, passes: Sequence[tuple[int, int, Pass]],
    found: ChargeCurves | NotEstablished, method: str,
) -> CurvesPicture:  # fmt: skip
    """seen: samples of the chosen pass; passed_ah: (T,) charge since its start. passes: start and end [UTC ns] of every pass, with the pass."""
    names = [cell_name(seen.rack, cell) for cell in request.cells]
    volts = seen.cell_voltage_v()
    median = _median(volts)
    rows = [*(volts[cell - 1] for cell in request.cells), median]
    roles = [*("subject" if i == 0 else "second" for i in range(len(names))), "reference"]
    labels = [*names, MEDIAN]
    charge = np.abs(passed_ah)
    panels = [CurvePanel("vq", *PANELS["vq"], tuple(map(_thinned, labels, [charge] * len(rows), rows, roles)))]
    if isinstance(found, ChargeCurves):
        start = float(np.interp(float(found.sample_time_ns[0]), seen.time_ns.astype(np.float64), charge))
        panels += _slopes(found, labels, roles, start)
    known = np.isfinite(rows[0])
    first = next((words for begin, words in _words(passes, facts.time_zone) if begin == int(seen.time_ns[0])), "")
    return CurvesPicture(
        caption=_caption(request, facts, root, names, first, found, method),
        panels=tuple(panel for panel in panels if not request.panels or panel.key in request.panels),
        passes=_words(passes, facts.time_zone),
        start_ns=int(seen.time_ns[0]),
        end_ns=int(seen.time_ns[-1]),
        refused=found if isinstance(found, NotEstablished) else None,
        time_ns=seen.time_ns[known],
        charge_ah=charge[known],
        voltage_v=rows[0][known],
        along=request.along,
        pass_ends=tuple(end for _, end, _ in passes),
    )


def curves_table(picture: CurvesPicture, key: str) -> TablePicture:
    """A panel as a table: one line per place of the first curve, its interval, and the median of the rack at the same place."""
    panel = picture.panel(key)
    if panel is None:
        why = picture.refused
        words = (f"{why.why} {why.settles}" if why else "no curve of this kind",)
        return made_table("Slope", "why:Not established", [("none", words)], picture.caption.title)
    lead, last = panel.curves[0], panel.curves[-1]
    place = np.linspace(0, len(lead.x) - 1, min(len(lead.x), 400)).round().astype(int) if len(lead.x) else np.empty(0, int)
    rows = []
    for i in place.tolist():
        interval = f"{_figure(lead.low[i])} … {_figure(lead.high[i])}" if len(lead.low) else "–"
        same = float(last.y[i]) if len(last.y) == len(lead.y) else float("nan")
        rows.append((str(i), (_figure(lead.x[i]), _figure(lead.y[i]), interval, _figure(same))))
    unit, x_unit = numbers.unit_sign(panel.unit), numbers.unit_sign(panel.x_unit)
    heads = f"x:{panel.x_title}:{x_unit}:r|y:{lead.name}:{unit}:r|interval:95 %:{unit}:r|median:{last.name}:{unit}:r"
    return made_table(f"{panel.title} over {panel.x_title.lower()}", heads, rows, picture.caption.condition)


def _slopes(found: ChargeCurves, labels: Sequence[str], roles: Sequence[str], start_ah: float) -> list[CurvePanel]:
    middle, low, high = found.per_volt()
    x = start_ah + found.charge_ah
    climbs = [
        Curve(n, x, found.slope[i], found.slope[i] - found.half[i], found.slope[i] + found.half[i], r)
        for i, (n, r) in enumerate(zip(labels, roles, strict=True))
    ]
    spreads = [Curve(n, found.voltage_v[i], middle[i], low[i], high[i], r) for i, (n, r) in enumerate(zip(labels, roles, strict=True))]
    return [
        CurvePanel("dvdq", *PANELS["dvdq"], tuple(climbs)),
        CurvePanel("dqdv", *PANELS["dqdv"], tuple(spreads)),
    ]


def _caption(
    request: CurvesRequest,
    facts: WindowFacts,
    root: str,
    names: Sequence[str],
    words: str,
    found: ChargeCurves | NotEstablished,
    method: str,
) -> Caption:
    if isinstance(found, ChargeCurves):
        where = f"slope over {numbers.number(100 * found.window_share, 1)} % of the capacity; bands hold 95 %; where it is flatter than the channel can tell, dQ/dV is left out"
        heat = f"probes {numbers.number(found.spread_k, 1)} K apart" if found.spread_k is not None else "temperature not recorded"
        condition = "; ".join((f"{words} at {numbers.number(found.rate_c, 2)} C", heat, *found.weakened, BOUNDARY))
    else:
        where, condition = "every sample; slopes refused", f"{words}; {found.why}"
    quantity, unit = ("charge per volt", "Ah/V") if request.panels == ("dqdv",) else ("voltage over charge", "V")
    return Caption(
        title=f"{names[0] if len(names) == 1 else f'{len(names)} cells of {request.rack}'}: {quantity}",
        quantity=quantity,
        unit=unit,
        reduction=where,
        window_name=facts.name,
        window_root=root,
        time_zone=facts.time_zone,
        condition=condition,
        method=method,
    )


def _words(passes: Sequence[tuple[int, int, Pass]], zone: str) -> tuple[tuple[int, str], ...]:
    """``charge Tue 3 Mar 08:20, 4.1 h`` of every pass."""
    ways = {Regime.CHARGE: "charge", Regime.DISCHARGE: "discharge"}
    words = []
    for start, end, one in passes:
        when = numbers.moment(start, zone)
        at = f"{numbers.DAYS[when.weekday()]} {when.day} {numbers.MONTHS[when.month - 1]} {when:%H:%M}"
        words.append((start, f"{ways.get(one.regime, one.regime.value)} {at}, {numbers.duration((end - start) / 1e9)}"))
    return tuple(words)


def _median(volts: FloatArray) -> FloatArray:
    """(T,) median of the cells received."""
    made = np.full(volts.shape[1], np.nan)
    heard = np.isfinite(volts).any(axis=0)
    made[heard] = np.nanmedian(volts[:, heard], axis=0)
    return made


def _thinned(name: str, x: FloatArray, y: FloatArray, role: str) -> Curve:
    """At most `FEW` places, each with its lowest and highest sample: one bad sample stays."""
    known = np.isfinite(y)
    x, y = x[known], y[known]
    empty = np.empty(0)
    if len(x) <= FEW:
        return Curve(name, x, y, empty, empty, role)
    starts = np.linspace(0, len(x), FEW // 2 + 1).astype(int)[:-1]
    low, high = np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)
    return Curve(name, np.repeat(x[starts], 2), np.column_stack([low, high]).ravel(), empty, empty, role)


def _figure(value: float) -> str:
    if not np.isfinite(value):
        return "not told"
    size = abs(float(value))
    return numbers.number(float(value), 3 if size < 10 else 1 if size < 1000 else 0)
