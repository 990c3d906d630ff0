"""All marks of a heatmap as one painted layer: only those in view, one box per place on the screen, drawn once per view."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPixmap

from workbench.asset.window import FloatArray
from workbench.ui.theme import colour, font
from workbench.viewmodels.marks import Mark, MarkIndex, MarkTable

SMALLEST = 7.0  # a mark is never smaller than this on screen
SIDES = 8192  # half the pixels of the widest screen, and one for what begins before it
LABELS = 24  # more labels than this cannot be read beside each other
TOKENS = {"bad": "bad", "warning": "warning", "good": "good", "none": "selection"}
Boxes = tuple[FloatArray, FloatArray, FloatArray, FloatArray]  # left, top, right, bottom; NaN while out of view
Place = Callable[[MarkIndex, MarkTable], Boxes]


class MarksLayer:
    """Keeps the layer as pixels until view, size or marks change. place: where marks stand."""

    def __init__(self) -> None:
        self._index = MarkIndex()
        self._pixels: QPixmap | None = None
        self._key: object = None
        self._shown: list[tuple[QRectF, Mark]] = []
        self._over: QRectF | None = None

    def show_marks(self, index: MarkIndex) -> None:
        """Other marks."""
        self._index, self._pixels = index, None

    def at(self, where: QPointF) -> Mark | None:
        """The smallest mark under the pointer."""
        hit = [(box.width() * box.height(), i) for i, (box, _) in enumerate(self._shown) if box.contains(where)]
        return self._shown[min(hit)[1]][1] if hit else None

    def paint(self, p: QPainter, box: QRectF, span: tuple[int, int], key: object, place: Place, over: QRectF | None = None) -> None:
        """Draw the layer into the plot box; `key` tells when the geometry changed. over: what will be drawn over it, which no word may lie under."""
        if not len(self._index):
            return
        ratio = p.device().devicePixelRatioF()
        key = (key, over.getRect() if over is not None else None)
        if self._pixels is None or key != self._key:
            self._key, self._over = key, over
            self._pixels = self._drawn(box, span, place, ratio)
        p.drawPixmap(box.topLeft(), self._pixels)

    def _drawn(self, box: QRectF, span: tuple[int, int], place: Place, ratio: float) -> QPixmap:
        pixels = QPixmap(max(int(box.width() * ratio), 1), max(int(box.height() * ratio), 1))
        pixels.setDevicePixelRatio(ratio)
        pixels.fill(Qt.GlobalColor.transparent)
        self._shown = self._placed(span, place)
        p = QPainter(pixels)
        p.translate(-box.left(), -box.top())
        p.setClipRect(box)
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(QPen(colour("selection_halo"), 1))
        for out in (1, -1):  # the halo as two thin frames: one broad pen takes twice as long
            p.drawRects([b.adjusted(-out, -out, out, out) for b, _ in self._shown])
        for status, token in TOKENS.items():
            p.setPen(QPen(colour(token), 1))
            p.drawRects([b for b, mark in self._shown if mark.status == status])
        self._labels(p, box)
        p.end()
        return pixels

    def _placed(self, span: tuple[int, int], place: Place) -> list[tuple[QRectF, Mark]]:
        """One box per place: marks that would cover each other pixel by pixel are drawn once."""
        places = self._index.places(*span)
        left, top, right, bottom = place(self._index, self._index.table(places))
        seen = np.isfinite(left) & np.isfinite(top)
        places, left, top, right, bottom = places[seen], left[seen], top[seen], right[seen], bottom[seen]
        grow_x, grow_y = np.maximum(SMALLEST - (right - left), 0) / 2, np.maximum(SMALLEST - (bottom - top), 0) / 2
        left, top, right, bottom = left - grow_x, top - grow_y, right + grow_x, bottom + grow_y
        status = self._index.status(places, tuple(TOKENS))
        key = status
        for side in (left, top, right, bottom):  # one number per place, to two pixels
            key = key * SIDES + np.clip(np.rint(side / 2), -1, SIDES - 2).astype(np.int64) + 1
        _, first = np.unique(key, return_index=True)
        boxes = zip(*(side[np.sort(first)].tolist() for side in (left, top, right - left, bottom - top)), strict=True)
        return [(QRectF(*box), self._index.marks[places[i]]) for box, i in zip(boxes, np.sort(first), strict=True)]

    def _labels(self, p: QPainter, box: QRectF) -> None:
        named = [(b, m) for b, m in self._shown if m.label]
        if len(named) > LABELS:
            return
        p.setFont(font("caption"))
        metrics = QFontMetricsF(font("caption"))
        for where, mark in named:
            wide = metrics.horizontalAdvance(mark.label) + 8
            flag = QRectF(min(max(where.left(), box.left()), box.right() - wide), max(where.top() - 17, box.top()), wide, 15)
            if self._over is not None and self._over.intersects(flag):
                above = self._over.top() - flag.height() - 2
                flag.moveTop(above if above >= box.top() else self._over.bottom() + 2)
            p.fillRect(flag, colour("surface"))
            p.setPen(QPen(colour(TOKENS[mark.status]), 1))
            p.drawRect(flag)
            p.drawText(flag, Qt.AlignmentFlag.AlignCenter, mark.label)
