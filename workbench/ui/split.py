"""Two or more parts beside or above each other, the border between them draggable, none of them collapsible to nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget


class Split(QSplitter):
    """parts in order; sizes as they should stand at first."""

    def __init__(self, orientation: Qt.Orientation, parts: Sequence[QWidget], sizes: Sequence[int]) -> None:
        super().__init__(orientation)
        self.setChildrenCollapsible(False)
        for part in parts:
            self.addWidget(part)
        self.setSizes(list(sizes))
        self.setStretchFactor(0, 1)

    def cap(self, place: int, height: int) -> None:
        """A part that needs no more than `height` leaves the rest to the others; where a person dragged the border it stays, unless the need changed."""
        part = self.widget(place)
        if part is None or part.maximumHeight() == height:
            return
        part.setMaximumHeight(height)
        sizes = self.sizes()
        spare = sizes[place] - height
        if spare > 0:
            sizes[place] -= spare
            sizes[0 if place else 1] += spare
            self.setSizes(sizes)
