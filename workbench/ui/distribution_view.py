"""Histogram and rank order of one figure over the cells, the chosen ones named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.ui import plots
from workbench.ui.phrases import spoken
from workbench.ui.split import Split
from workbench.ui.theme import colour
from workbench.viewmodels import numbers
from workbench.viewmodels.distribution import DistributionPicture

HEADROOM = 0.25  # of the height, above the highest


class DistributionView(QWidget):
    """Rank above, histogram below; both read from one picture."""

    def __init__(self) -> None:
        super().__init__()
        self.picture: DistributionPicture | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._body: QWidget | None = None

    def show_picture(self, picture: DistributionPicture) -> None:
        """Another figure, rack or selection."""
        self.picture = picture
        unit = numbers.unit_sign(picture.unit)
        head = f"{picture.title}{', ' + unit if unit else ''}"
        body = Split(Qt.Orientation.Vertical, (_rank(picture, head), _histogram(picture, head)), (240, 240))
        body.setStretchFactor(1, 1)
        if self._body is not None:
            self._box.removeWidget(self._body)
            self._body.deleteLater()
        self._body = body
        self._box.addWidget(body)


def _rank(picture: DistributionPicture, head: str) -> Any:
    widget = plots.plain_plot(f"{head}: cells in rank order, lowest first")
    plots.name_plot(widget, f"{head}, cells of {picture.scope} in rank order")
    x = np.arange(1, len(picture.values) + 1)
    widget.addItem(pg.ScatterPlotItem(x, picture.values, size=4, pen=None, brush=colour("quiet")))
    for i in picture.chosen:
        widget.addItem(pg.ScatterPlotItem([i + 1], [picture.values[i]], size=10, pen=pg.mkPen(colour("surface")), brush=colour("accent")))
        label = pg.TextItem(
            spoken(f"{picture.names[i]}, {i + 1} of {len(picture.values)}"),
            color=colour("accent"),
            fill=colour("surface"),
            anchor=(0 if i < len(x) / 2 else 1, 1),
        )
        label.setPos(i + 1, picture.values[i])
        widget.addItem(label)
    if len(picture.values):
        low, high = float(np.min(picture.values)), float(np.max(picture.values))
        widget.setYRange(low, high + HEADROOM * max(high - low, 1e-9), padding=0.06)  # a name above the highest stays inside
    return widget


def _histogram(picture: DistributionPicture, head: str) -> Any:
    widget = plots.plain_plot(f"{head}: how many cells have which value")
    plots.name_plot(widget, f"cells per class of {head}")
    middle, wide = (picture.edges[1:] + picture.edges[:-1]) / 2, np.diff(picture.edges)
    widget.addItem(pg.BarGraphItem(x=middle, height=picture.counts, width=wide * 0.92, brush=colour("quiet"), pen=None))
    for i in picture.chosen:
        line = pg.InfiniteLine(picture.values[i], angle=90, pen=pg.mkPen(colour("accent"), width=2))
        widget.addItem(line)
    return widget
