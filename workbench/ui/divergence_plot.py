"""The rack-divergence plot: lines, fleet band, a limit that can be dragged, cursors A and B, one shared time cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.ui import plots
from workbench.ui.crowd_item import CrowdItem
from workbench.ui.phrases import spoken
from workbench.ui.plot_keys import moved_by_key
from workbench.ui.theme import colour
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import DivergencePicture, Line

NAMES_WIDTH = 140  # names stand in the gutter, at the ends of their lines
NAME_SHARE = 0.06  # of the highest spread: what a name needs in height
NEAR = 0.04  # of the height: how near to a line the pointer points at it
MOST_LINES = 40  # beyond that all are drawn as one picture


class DivergencePlot(QWidget):
    """Emits what the person did; the stage decides. region_changed: cursors moved (UTC ns). limit_changed: mV."""

    region_changed = Signal(object, object)
    limit_changed = Signal(float)
    rack_clicked = Signal(str)
    cursor_moved = Signal(object)
    pin_wanted = Signal(object)
    rack_opened = Signal(str)  # a double click
    rack_pointed = Signal(str)
    span_changed = Signal(object, object)
    keyed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Spread inside each rack over time; the table below shows the same")
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self.plot: Any = None
        self.cursors: list[Any] = []
        self.limit: Any = None
        self._time: Any = None
        self._pin: Any = None
        self._pin_ns: int | None = None
        self._curves: dict[str, tuple[Line, Any]] = {}  # as drawn, by rack
        self._lit = ""
        self._chosen = ""
        self._crowd: CrowdItem | None = None  # more lines than curves
        self._over: Any = None  # the one line of a crowd that is pointed at

    def show_picture(
        self,
        picture: DivergencePicture,
        chosen: str,
        *,
        alone: bool,
        limit_mv: float | None,
        span: tuple[int, int],
        others: Sequence[Line] = (),
    ) -> None:
        """Draw anew; cursors, time span and limit stay where they were. alone: only the chosen rack and the band."""
        kept = [int(c.value() * plots.NS) for c in self.cursors]
        seen = self.plot.getPlotItem().vb.viewRange()[0] if self.plot is not None else None
        fresh = plots.plot(picture.caption.time_zone, self.accessibleName(), NAMES_WIDTH)
        condition = (f"compared at: {picture.caption.condition}",) if picture.caption.condition else ()
        head = (f"{picture.caption.title}, {numbers.unit_sign(picture.caption.unit)}", *condition)
        plots.name_plot(fresh, " · ".join(map(spoken, head)))  # each by itself: together they could be read as a phrase with a name in it
        fresh.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._chosen = chosen
        self._lines(fresh, picture, chosen, alone=alone)
        for line in others:
            if not alone or line.name.startswith(chosen):
                plots.add_line(fresh, line)
        self._replace(fresh)
        top = max((float(line.high.max()) for line in (*picture.lines, *others) if len(line.high)), default=1.0)
        self._named(fresh, picture, chosen, top, alone=alone)
        self._limit(fresh, limit_mv, picture.limit_source)
        low = min((float(line.low.min()) for line in (*picture.lines, *others) if len(line.low)), default=0.0)
        fresh.setYRange(min(low * 1.12, 0), max(top, limit_mv or 0) * 1.12, padding=0)  # below nothing only against a baseline
        low, high = seen if seen is not None else (span[0] / plots.NS, span[1] / plots.NS)
        fresh.setXRange(low, high, padding=0)
        self._cursors(fresh, kept or [int(t) for t in _ends(picture, span)])
        view = fresh.getPlotItem().vb
        view.sigXRangeChanged.connect(lambda _, seen: self.span_changed.emit(int(seen[0] * plots.NS), int(seen[1] * plots.NS)))
        fresh.scene().sigMouseMoved.connect(self._moved)
        fresh.scene().sigMouseClicked.connect(self._twice)

    def set_cursor(self, time_ns: int | None) -> None:
        """The shared time cursor."""
        if self._time is not None and time_ns is not None:
            plots.stand(self._time, time_ns / plots.NS)

    def set_pin(self, time_ns: int | None) -> None:
        """The pinned instant, or none."""
        self._pin_ns = time_ns
        if self._pin is not None:
            plots.stand(self._pin, None if time_ns is None else time_ns / plots.NS)

    def light(self, rack: str, cell: int) -> None:
        """The line of a rack that is pointed at, here or in another view, is drawn strong; over a crowd it is drawn once more."""
        for name in {self._lit, rack} & self._curves.keys():
            self._curves[name][1].setShadowPen(pg.mkPen(colour("accent_soft"), width=9) if name == rack else None)
        self._lit = rack
        if self._crowd is not None:
            line = next((line for line in self._crowd.lines if line.name == rack), None)
            self._over.setPen(pg.mkPen(colour("accent" if rack == self._chosen else "text"), width=2))
            self._over.setData(*((line.time_ns / plots.NS, line.mid) if line is not None else ([], [])))

    def region(self) -> tuple[int, int]:
        """Instants of A and B in order."""
        one, two = sorted(int(c.value() * plots.NS) for c in self.cursors)
        return one, two

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """W and S zoom, A and D pan; B, F, I, L, M, P, Enter and Esc are for the stage."""
        key = Qt.Key(event.key())
        names = {
            Qt.Key.Key_Return: "enter",
            Qt.Key.Key_Enter: "enter",
            Qt.Key.Key_Escape: "esc",
            Qt.Key.Key_M: "M",
            Qt.Key.Key_I: "I",
            Qt.Key.Key_L: "L",
            Qt.Key.Key_F: "F",
            Qt.Key.Key_P: "P",
            Qt.Key.Key_B: "B",
        }
        if moved_by_key(self.plot, key):
            return
        if key in names:
            self.keyed.emit(names[key])
        else:
            super().keyPressEvent(event)

    def _replace(self, fresh: Any) -> None:
        if self.plot is not None:
            self._box.removeWidget(self.plot)
            self.plot.deleteLater()
        self.plot = fresh
        self._box.addWidget(fresh)

    def _lines(self, fresh: Any, picture: DivergencePicture, chosen: str, *, alone: bool) -> None:
        self._curves, self._crowd = {}, None
        lines = [replace(line, role=_role(line, chosen)) for line in picture.lines if not alone or line.name == chosen]
        if len(lines) > MOST_LINES:
            self._crowd = crowd = CrowdItem(lines, picture.band)
            crowd.clicked.connect(self.rack_clicked)
            fresh.addItem(crowd, ignoreBounds=True)
            self._over = pg.PlotCurveItem(pen=pg.mkPen(colour("text"), width=2), shadowPen=pg.mkPen(colour("accent_soft"), width=9))
            fresh.addItem(self._over, ignoreBounds=True)
            return
        if picture.band is not None:
            plots.add_band(fresh, picture.band)
        for line in lines:
            curve = plots.add_line(fresh, line, points=True)
            self._curves[line.name] = (line, curve)
            curve.curve.setClickable(True, 10)
            curve.sigClicked.connect(lambda _, event, name=line.name: None if event.double() else self.rack_clicked.emit(name))

    def _named(self, fresh: Any, picture: DivergencePicture, chosen: str, top: float, *, alone: bool) -> None:
        readings = {r.rack: r.reading for r in picture.rows}
        names = [
            (float(line.mid[-1]), f"{line.name} {readings[line.name]}")
            for line in picture.lines
            if len(line.mid) and (line.name == chosen or (line.role == "subject" and not alone))
        ]
        fresh.getAxis("right").show_names(names, top * NAME_SHARE)

    def _limit(self, fresh: Any, limit_mv: float | None, source: str) -> None:
        self.limit = None
        if limit_mv is None:
            return
        pen = pg.mkPen(colour("bad"), style=Qt.PenStyle.DashLine)
        label = {"position": 0.02, "color": colour("bad"), "anchors": [(0, 1), (0, 1)]}
        self.limit = pg.InfiniteLine(
            limit_mv, angle=0, movable=True, pen=pen, label=f"limit {{value:.0f}}{numbers.NARROW}mV, {source}", labelOpts=label
        )
        self.limit.setBounds((0, None))
        self.limit.setHoverPen(pg.mkPen(colour("bad"), width=2))
        self.limit.sigPositionChangeFinished.connect(lambda line: self.limit_changed.emit(float(round(line.value()))))
        fresh.addItem(self.limit)

    def _cursors(self, fresh: Any, instants: Sequence[int]) -> None:
        self.cursors = []
        for name, instant in zip("AB", instants, strict=False):
            pen = pg.mkPen(colour("text"), style=Qt.PenStyle.DotLine)
            label = {"position": 0.97, "color": colour("text"), "fill": colour("surface")}
            line = pg.InfiniteLine(instant / plots.NS, angle=90, movable=True, pen=pen, label=name, labelOpts=label)
            line.setHoverPen(pg.mkPen(colour("accent"), width=2))
            line.sigPositionChanged.connect(lambda _: self.region_changed.emit(*self.region()))
            fresh.addItem(line)
            self.cursors.append(line)
        self._time, self._pin = plots.instant_lines(fresh)
        plots.clicked_beside(fresh, lambda x: self.pin_wanted.emit(int(x * plots.NS)))
        self.set_pin(self._pin_ns)
        self.light(self._lit, 0)

    def _moved(self, at: QPointF) -> None:
        view = self.plot.getPlotItem().vb
        if not view.sceneBoundingRect().contains(at):
            return
        self.cursor_moved.emit(int(view.mapSceneToView(at).x() * plots.NS))
        if rack := self.rack_at(at):
            self.rack_pointed.emit(rack)

    def rack_at(self, at: QPointF) -> str:
        """The rack whose line is near to a place of the scene, or empty."""
        view = self.plot.getPlotItem().vb
        here, reach = view.mapSceneToView(at), NEAR * (view.viewRange()[1][1] - view.viewRange()[1][0])
        if self._crowd is not None:
            name, away = self._crowd.nearest(here.x(), here.y())
        else:
            near = nearest_line([line for line, _ in self._curves.values()], here.x() * plots.NS, here.y())
            name, away = (near[0], abs(near[1] - here.y())) if near else ("", 0.0)
        return name if away <= reach else ""

    def _twice(self, event: Any) -> None:
        """A double click on a line."""
        if event.double() and (rack := self.rack_at(event.scenePos())):
            event.accept()
            self.rack_opened.emit(rack)


def nearest_line(lines: Sequence[Line], time_ns: float, value: float) -> tuple[str, float] | None:
    """Name and value of the line that stands nearest to a value at an instant, or None where no line reaches it."""
    found = [
        (line.name, float(np.interp(time_ns, line.time_ns, line.mid)))
        for line in lines
        if len(line.time_ns) and line.time_ns[0] <= time_ns <= line.time_ns[-1]
    ]
    return min(found, key=lambda pair: abs(pair[1] - value), default=None)


def _role(line: Line, chosen: str) -> str:
    if line.name == chosen:
        return "subject"
    return "second" if line.role == "subject" else line.role


def _ends(picture: DivergencePicture, span: tuple[int, int]) -> tuple[int, int]:
    """First and last period of any rack: where the cursors stand at first."""
    starts = [int(line.time_ns[0]) for line in picture.lines if len(line.time_ns)]
    ends = [int(line.time_ns[-1]) for line in picture.lines if len(line.time_ns)]
    return min(starts, default=span[0]), max(ends, default=span[1])
