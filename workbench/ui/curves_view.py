"""Voltage over charge with its slope below, or charge per volt, of chosen cells in one pass; the shared cursor stands in every plot."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.asset.runs import stretches
from workbench.ui import plots
from workbench.ui.plot_keys import moved_by_key
from workbench.ui.split import Split
from workbench.ui.theme import RIGHT_GUTTER, colour
from workbench.ui.widgets import EmptyState, Label
from workbench.viewmodels import numbers
from workbench.viewmodels.charge_curves import Curve, CurvePanel, CurvesPicture

OVER_CHARGE, PER_VOLT = ("vq", "dvdq"), ("dqdv",)
NAME_SHARE = 0.14  # of the height that a name at the end of a curve takes, where one plot stands alone


class CurvesView(QWidget):
    """cursor_moved: the pointer stands at this instant of the pass (UTC ns)."""

    cursor_moved = Signal(object)
    pin_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Curves of one pass; W and S zoom, A and D pan, F shows all; the table button shows them as a table")
        self.picture: CurvesPicture | None = None
        self.plots: dict[str, Any] = {}
        self.refusal: EmptyState | None = None
        self._cursors: dict[str, tuple[Any, Any]] = {}  # of each panel: the shared cursor and the pin
        self._pin_ns: int | None = None
        self._body: QWidget | None = None
        self.keys: tuple[str, ...] = OVER_CHARGE
        self.condition = Label("", "small", "muted", wrap=True)  # printed on the figure: a curve without it says nothing
        self.condition.setContentsMargins(16, 2, 16, 4)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._box.addWidget(self.condition)

    def show_picture(self, picture: CurvesPicture, keys: tuple[str, ...]) -> None:
        """The panels of these keys; where a slope was refused, why and what would settle it."""
        self.picture, self.plots, self._cursors, self.refusal, self.keys = picture, {}, {}, None, keys
        parts: list[QWidget] = []
        for key in keys:
            panel = picture.panel(key)
            if panel is not None:
                parts.append(self._plot(panel, NAME_SHARE * len(keys)))
        if len(self.plots) < len(keys) and picture.refused is not None:
            self.refusal = EmptyState("The slope is not established", f"{picture.refused.why} What settles it: {picture.refused.settles}")
            parts.append(self.refusal)
        for key, linked in self.plots.items():
            if key == "dvdq" and "vq" in self.plots:
                linked.setXLink(self.plots["vq"])
        self._stand(1, self._pin_ns)
        body = Split(Qt.Orientation.Vertical, parts, [240, 200][: len(parts)])
        for place in range(len(parts)):
            body.setStretchFactor(place, 1)
        if self._body is not None:
            self._box.removeWidget(self._body)
            self._body.deleteLater()
        self._body = body
        self._box.insertWidget(0, body, 1)
        how = picture.caption.reduction
        self.condition.setText(f"{picture.caption.condition.rstrip('.')}. {how[0].upper()}{how[1:]}.")
        self.setAccessibleDescription(f"{picture.caption.title}; {picture.caption.condition}")

    def _plot(self, panel: CurvePanel, apart: float) -> Any:
        x_name = f"{panel.x_title}, {numbers.unit_sign(panel.x_unit)}"
        widget = plots.plain_plot(f"{panel.title} over {x_name}", RIGHT_GUTTER)
        widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plots.name_plot(widget, f"{panel.title}, {numbers.unit_sign(panel.unit)}, over {x_name[0].lower()}{x_name[1:]}")
        for curve in panel.curves:
            _draw(widget, curve)
        low, high = panel.reach()
        widget.setYRange(low, high, padding=0.04)
        if self.picture is not None and self.picture.along is not None:
            widget.setXRange(*self.picture.along, padding=0)
        else:
            widget.setXRange(*panel.length(), padding=0.02)
        widget.getAxis("right").show_names(_names(panel, low, high, (high - low) * apart), (high - low) * apart)
        self.plots[panel.key], self._cursors[panel.key] = widget, plots.instant_lines(widget)
        plots.clicked_beside(widget, partial(self._pinned, panel.key))
        widget.scene().sigMouseMoved.connect(lambda at, key=panel.key: self._pointed(key, at))
        return widget

    def _pointed(self, key: str, at: QPointF) -> None:
        """The instant at which the first cell stood where the pointer is."""
        view, picture = self.plots[key].getPlotItem().vb, self.picture
        if picture is None or not len(picture.time_ns) or not view.sceneBoundingRect().contains(at):
            return
        self.cursor_moved.emit(picture.instant_at(key, view.mapSceneToView(at).x()))

    def _pinned(self, key: str, x: float) -> None:
        if self.picture is not None:
            self.pin_wanted.emit(self.picture.instant_at(key, x))

    def along(self) -> tuple[float, float] | None:
        """The stretch of the bottom axis in view, or None where all of it is."""
        first = next(iter(self.plots), None)
        panel = self.picture.panel(first) if self.picture is not None and first is not None else None
        if first is None or panel is None:
            return None
        low, high = self.plots[first].getPlotItem().vb.viewRange()[0]
        start, end = panel.length()
        return None if low <= start and high >= end else (float(low), float(high))

    def set_cursor(self, time_ns: int | None) -> None:
        """The shared cursor, where the first cell stood at that instant; away outside of the pass."""
        self._stand(0, time_ns)

    def set_pin(self, time_ns: int | None) -> None:
        """The pinned instant likewise."""
        self._pin_ns = time_ns
        self._stand(1, time_ns)

    def _stand(self, which: int, time_ns: int | None) -> None:
        picture = self.picture
        inside = picture is not None and time_ns is not None and len(picture.time_ns) > 0 and picture.start_ns <= time_ns <= picture.end_ns
        for key, lines in self._cursors.items():
            place = picture.place_at(key, time_ns) if inside and picture is not None and time_ns is not None else None
            plots.stand(lines[which], place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """W and S zoom, A and D pan, F shows all; other keys are for the stage."""
        first = next(iter(self.plots.values()), None)
        if moved_by_key(first, Qt.Key(event.key())):
            return
        if event.key() == Qt.Key.Key_F and first is not None and self.picture is not None:
            self.show_picture(self.picture, self.keys)
        else:
            super().keyPressEvent(event)


def _draw(widget: Any, curve: Curve) -> None:
    token, width = plots.ROLES[curve.role]
    pen = pg.mkPen(colour(token), width=width, style=Qt.PenStyle.DashLine if curve.role == "reference" else Qt.PenStyle.SolidLine)
    item = pg.PlotDataItem(curve.x, curve.y, pen=pen, connect="finite")
    item.setZValue({"subject": 10, "second": 5}.get(curve.role, 3))
    widget.addItem(item)
    if curve.role == "subject" and len(curve.low):
        for first, last in stretches(np.isfinite(curve.low) & np.isfinite(curve.high)):
            part = slice(first, last)
            ends = (pg.PlotCurveItem(curve.x[part], edge[part]) for edge in (curve.low, curve.high))
            band = pg.FillBetweenItem(*ends, brush=colour("band"))
            band.setZValue(-10)
            widget.addItem(band)


def _names(panel: CurvePanel, bottom: float, top: float, apart: float) -> list[tuple[float, str]]:
    """Names where their curves end, moved apart so that none covers another or leaves the plot."""
    ends = [(float(c.y[np.flatnonzero(np.isfinite(c.y))[-1]]), c.name.split(" · ")[-1]) for c in panel.curves if np.isfinite(c.y).any()]
    placed: list[tuple[float, str]] = []
    for value, name in sorted(ends, reverse=True):
        placed.append((min(value, placed[-1][0] - apart if placed else top), name))
    under = bottom - placed[-1][0] if placed else 0.0  # curves that end at the bottom: the lowest stands there, the others above it
    if under > 0:
        raised: list[tuple[float, str]] = []
        for value, name in reversed(placed):
            raised.append((max(value, raised[-1][0] + apart if raised else bottom), name))
        return raised[::-1]
    return placed
