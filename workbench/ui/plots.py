"""pyqtgraph dressed in tokens: axes of the site's clock, lines, bands, limits, names at the lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from itertools import pairwise
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF

from workbench.asset.runs import stretches
from workbench.ui.phrases import spoken
from workbench.ui.theme import LEFT_GUTTER, RIGHT_GUTTER, colour, font
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import Line, TracePanel, TracesPicture
from workbench.viewmodels.ticks import step_digits, time_ticks, value_ticks

NS = 1e9
OVERHANG = 8  # pixels
TICK_ROOM = 34  # pixels from one figure of a value axis to the next, about
NAME_GAP = 8  # pixels of a gutter that a name leaves free
LEAST_TICKS = 4  # asked for on a short axis: with fewer a panel may end up with a single figure
DENSE = 400  # points of a line beyond which dots on it would only make it thicker
ROLES = {"subject": ("accent", 2.0), "second": ("text", 1.2), "reference": ("muted", 1.3), "quiet": ("quiet", 1.0), "limit": ("bad", 1.2)}


class _Axis(pg.AxisItem):  # type: ignore[misc]
    """An axis in tokens whose grid is quick to draw."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.setStyle(tickFont=font("axis"), tickLength=0, tickTextOffset=6)
        self.setTextPen(colour("muted"))
        self.setPen(pg.mkPen(colour("line")))

    def drawPicture(self, p: Any, axis: Any, ticks: Any, texts: Any) -> None:
        """The same pixels: Qt blends a line of the grid seven times as quickly where it knows within which rectangle."""
        p.setClipRect(self.boundingRect().toAlignedRect())
        super().drawPicture(p, axis, ticks, texts)


class ClockAxis(_Axis):
    """Seconds since the epoch as round instants of the site's clock."""

    def __init__(self, zone: str) -> None:
        super().__init__("bottom")
        self._zone = zone

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Round instants."""
        return [(1.0, [t / NS for t, _ in time_ticks(int(low * NS), int(high * NS), self._zone, max(int(size / 70), 2))])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Their labels."""
        low, high = (int(v * NS) for v in self.range)
        known = dict(time_ticks(low, high, self._zone, max(int(self.size().width() / 70), 2)))
        near = {round(t / NS): text for t, text in known.items()}
        return [spoken(near.get(round(v), "")) for v in values]


class ValueAxis(_Axis):
    """Round values with the program's own typography."""

    def __init__(self) -> None:
        super().__init__("left")
        self.setWidth(LEFT_GUTTER)

    def boundingRect(self) -> QRectF:
        """Half a figure more above and below: the library drops a figure that would stick out, on a short axis often the zero."""
        return QRectF(super().boundingRect()).adjusted(0, -OVERHANG, 0, OVERHANG)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Round values."""
        return [(1.0, value_ticks(low, high, max(int(size / TICK_ROOM), LEAST_TICKS))[0])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Their figures, all with the same digits."""
        return _figures(values)


class NamesAxis(_Axis):
    """The right gutter: names at the ends of their lines, moved apart where they would overlap."""

    def __init__(self, width: int) -> None:
        super().__init__("right")
        self.setWidth(width)
        self._room = width - NAME_GAP
        self.setStyle(tickFont=font("small_strong"))
        self.setTextPen(colour("text"))
        self.setPen(pg.mkPen(None))
        self.setTicks([[]])

    def boundingRect(self) -> QRectF:
        """Half a name more above and below, as `ValueAxis` has for its figures."""
        return QRectF(super().boundingRect()).adjusted(0, -OVERHANG, 0, OVERHANG)

    def show_names(self, names: Sequence[tuple[float, str]], apart: float) -> None:
        """(value at the line's end, name); names keep at least `apart` from each other."""
        placed: list[tuple[float, str]] = []
        metrics = QFontMetricsF(font("small_strong"))
        for value, name in sorted((value, spoken(name)) for value, name in names):
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, self._room)  # the library leaves out what is wider than its axis
            placed.append((max(value, placed[-1][0] + apart) if placed else value, text))
        self.setTicks([placed])


def plot(zone: str, name: str, right: int = 0) -> Any:
    """An empty plot; time below, values left, wheel zooms time only; `right` pixels stay free for names at the lines."""
    widget = _bare(name, {"bottom": ClockAxis(zone), "left": ValueAxis(), **({"right": NamesAxis(right)} if right else {})})
    widget.getPlotItem().vb.setDefaultPadding(0.02)
    return widget


def _bare(name: str, axes: dict[str, Any]) -> Any:
    widget = pg.PlotWidget(axisItems=axes, background=colour("surface"))
    widget.setAccessibleName(spoken(name))
    widget.setFrameShape(widget.Shape.NoFrame)
    item = widget.getPlotItem()
    item.setMenuEnabled(False)
    item.hideButtons()
    item.showGrid(x=False, y=True, alpha=0.12)
    item.vb.setMouseEnabled(True, False)
    return widget


def show_time(widget: Any, *, shown: bool) -> None:
    """Whether the figures of the time axis stand below this plot; of several below each other only the last needs them."""
    axis = widget.getPlotItem().getAxis("bottom")
    axis.setStyle(showValues=shown)
    axis.setHeight(None if shown else 6)


def name_plot(widget: Any, title: str) -> None:
    """The name above a plot; the library would read markup in it."""
    widget.setTitle(escape(spoken(title)), size="11px", color=colour("muted"), justify="left")


def panel_plot(picture: TracesPicture, panel: TracePanel, right: int = RIGHT_GUTTER) -> Any:
    """One panel of a traces picture as a plot over the whole span of the picture."""
    widget = plot(picture.caption.time_zone, f"{panel.title} over time", right)
    widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    name_plot(widget, f"{panel.title}, {numbers.unit_sign(panel.unit)}" if panel.unit else panel.title)
    if panel.band is not None:
        add_band(widget, panel.band)
    for line in panel.lines:
        add_line(widget, line)
    widget.setXRange(picture.start_ns / NS, picture.end_ns / NS, padding=0)
    return widget


def name_lines(widget: Any, lines: Sequence[Line], apart: float) -> None:
    """The name of each line at its last point. apart: share of the height that names keep between them."""
    last = [(line.mid[np.isfinite(line.mid)], line.name) for line in lines]
    values = np.concatenate([v for v, _ in last]) if last else np.empty(0)
    if len(values):
        tall = max(float(np.ptp(values)), 1e-9)
        widget.getPlotItem().getAxis("right").show_names([(float(v[-1]), name) for v, name in last if len(v)], apart * tall)


class NumberAxis(_Axis):
    """Round values along the bottom."""

    def __init__(self) -> None:
        super().__init__("bottom")

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Round values."""
        return [(1.0, value_ticks(low, high, max(int(size / 80), 3))[0])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Their figures."""
        return _figures(values)


def plain_plot(name: str, right: int = 0) -> Any:
    """An empty plot of values over values; the wheel zooms along the bottom; `right` pixels stay free for names at the curves."""
    return _bare(name, {"bottom": NumberAxis(), "left": ValueAxis(), **({"right": NamesAxis(right)} if right else {})})


def add_line(widget: Any, line: Line, *, points: bool = False) -> Any:
    """One line; extremes of each column are both drawn, so that one sample survives decimation. Returns the item."""
    token, width = ROLES[line.role]
    width *= max(1.0, widget.devicePixelRatioF())  # the library counts a pen in pixels of the device
    pen = pg.mkPen(colour(token), width=width, style=Qt.PenStyle.DashLine if line.role == "reference" else Qt.PenStyle.SolidLine)
    x, y = _both_extremes(line)
    symbol: dict[str, Any] = (
        {"symbol": "o", "symbolSize": 6, "symbolBrush": colour(token), "symbolPen": None}
        if points and line.role == "subject" and len(x) <= DENSE
        else {}
    )
    curve = pg.PlotDataItem(x, y, pen=pen, connect="finite", **symbol)
    curve.setZValue({"subject": 10, "second": 5, "reference": 3}.get(line.role, 0))
    widget.addItem(curve)
    return curve


def add_band(widget: Any, band: Line) -> None:
    """5-95 % as a tint with its median dashed; where nothing was received there is no tint."""
    for part in _received(band):
        x = band.time_ns[part] / NS
        low, high = pg.PlotCurveItem(x, band.low[part]), pg.PlotCurveItem(x, band.high[part])
        fill = pg.FillBetweenItem(low, high, brush=colour("band"))
        fill.setZValue(-10)
        widget.addItem(fill)
    add_line(widget, Line(band.name, band.time_ns, band.mid, band.mid, band.mid, "reference"))


def _received(band: Line) -> list[slice]:
    """Stretches without a hole, each at least two points long."""
    return [slice(first, last) for first, last in stretches(np.isfinite(band.low) & np.isfinite(band.high), 2)]


def add_limit(widget: Any, value: float, text: str) -> None:
    """A dashed limit named at its line."""
    line = pg.InfiniteLine(
        value,
        angle=0,
        pen=pg.mkPen(colour("bad"), style=Qt.PenStyle.DashLine),
        label=text,
        labelOpts={"position": 0.05, "color": colour("bad"), "anchors": [(0, 1), (0, 1)]},
    )
    widget.addItem(line)


def _both_extremes(line: Line) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    if np.array_equal(line.low, line.high, equal_nan=True):
        return line.time_ns / NS, line.mid
    return np.repeat(line.time_ns / NS, 2), np.column_stack([line.low, line.high]).ravel()


def name_ends(widget: Any, ends: Sequence[tuple[Line, str]], apart: float) -> None:
    """Names of the person's choice at the last points of lines (see `name_lines`)."""
    name_lines(widget, [replace(line, name=name) for line, name in ends], apart)


def _figures(values: list[float]) -> list[str]:
    """Figures of round values, all with the digits that their own distance needs: asked for again, the axis might have another length."""
    digits = step_digits(min(abs(b - a) for a, b in pairwise(values))) if len(values) > 1 else step_digits(abs(values[0])) if values else 0
    return [spoken(numbers.number(v, digits)) for v in values]


def instant_lines(widget: Any) -> tuple[Any, Any]:
    """Both lines of a plot, hidden: the cursor and the pin."""
    ratio = max(1.0, widget.devicePixelRatioF())  # the library counts a pen in pixels of the device
    cursor = pg.InfiniteLine(0, angle=90, pen=pg.mkPen(colour("text"), width=ratio, style=Qt.PenStyle.DotLine))
    pin = pg.InfiniteLine(0, angle=90, pen=pg.mkPen(colour("accent"), width=2 * ratio))
    pin.addMarker("o", position=1.0, size=7)
    for line in (cursor, pin):
        line.setVisible(False)
        widget.addItem(line, ignoreBounds=True)
    return cursor, pin


def stand(line: Any, place: float | None) -> None:
    """A line of a plot at a place along the bottom, or out of sight."""
    line.setVisible(place is not None)
    if place is not None:
        line.setValue(place)


def clicked_beside(widget: Any, act: Callable[[float], object]) -> None:
    """Call act with the place along the bottom that was clicked, where the click was for no curve or line of the plot."""

    def clicked(event: Any) -> None:
        view = widget.getPlotItem().vb
        if not event.isAccepted() and event.button() == Qt.MouseButton.LeftButton and view.sceneBoundingRect().contains(event.scenePos()):
            act(float(view.mapSceneToView(event.scenePos()).x()))

    widget.scene().sigMouseClicked.connect(clicked)
