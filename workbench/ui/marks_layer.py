"""All marks of a heatmap as one painted layer: only those in view, one box per place on the screen, drawn once per view."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPixmap

from workbench.ui.theme import colour, font
from workbench.viewmodels.marks import Mark, MarkIndex

SMALLEST = 7.0  # a mark is never smaller than this on screen
LABELS = 24  # more labels than this cannot be read beside each other
TOKENS = {"bad": "bad", "warning": "warning", "good": "good", "none": "selection"}
Place = Callable[[Mark], QRectF | None]


class MarksLayer:
    """Keeps the layer as pixels until view, size or marks change. place: where a mark stands, None while out of view."""

    def __init__(self) -> None:
        self._index = MarkIndex()
        self._pixels: QPixmap | None = None
        self._key: object = None
        self._shown: list[tuple[QRectF, Mark]] = []

    def show_marks(self, index: MarkIndex) -> None:
        """Other marks."""
        self._index, self._pixels = index, None

    def at(self, where: QPointF) -> Mark | None:
        """The smallest mark under the pointer."""
        hit = [(box.width() * box.height(), i) for i, (box, _) in enumerate(self._shown) if box.contains(where)]
        return self._shown[min(hit)[1]][1] if hit else None

    def paint(self, p: QPainter, box: QRectF, span: tuple[int, int], key: object, place: Place) -> None:
        """Draw the layer into the plot box; `key` tells when the geometry changed."""
        if not len(self._index):
            return
        ratio = p.device().devicePixelRatioF()
        if self._pixels is None or key != self._key:
            self._key = key
            self._pixels = self._drawn(box, span, place, ratio)
        p.drawPixmap(box.topLeft(), self._pixels)

    def _drawn(self, box: QRectF, span: tuple[int, int], place: Place, ratio: float) -> QPixmap:
        pixels = QPixmap(max(int(box.width() * ratio), 1), max(int(box.height() * ratio), 1))
        pixels.setDevicePixelRatio(ratio)
        pixels.fill(Qt.GlobalColor.transparent)
        self._shown = self._placed(span, place)
        p = QPainter(pixels)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.translate(-box.left(), -box.top())
        p.setClipRect(box)
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.setPen(QPen(colour("selection_halo"), 2.6))
        p.drawRects([b for b, _ in self._shown])
        for status, token in TOKENS.items():
            p.setPen(QPen(colour(token), 1.3))
            p.drawRects([b for b, mark in self._shown if mark.status == status])
        self._labels(p, box)
        p.end()
        return pixels

    def _placed(self, span: tuple[int, int], place: Place) -> list[tuple[QRectF, Mark]]:
        """One box per place: marks that would cover each other pixel by pixel are drawn once."""
        taken: dict[tuple[int, int, int, int, str], tuple[QRectF, Mark]] = {}
        for mark in self._index.between(*span):
            where = place(mark)
            if where is None:
                continue
            grow_x, grow_y = max(SMALLEST - where.width(), 0) / 2, max(SMALLEST - where.height(), 0) / 2
            where = where.adjusted(-grow_x, -grow_y, grow_x, grow_y)
            key = (round(where.left() / 2), round(where.top() / 2), round(where.right() / 2), round(where.bottom() / 2), mark.status)
            taken.setdefault(key, (where, mark))
        return list(taken.values())

    def _labels(self, p: QPainter, box: QRectF) -> None:
        named = [(b, m) for b, m in self._shown if m.label]
        if len(named) > LABELS:
            return
        p.setFont(font("caption"))
        metrics = QFontMetricsF(font("caption"))
        for where, mark in named:
            wide = metrics.horizontalAdvance(mark.label) + 8
            flag = QRectF(min(max(where.left(), box.left()), box.right() - wide), max(where.top() - 17, box.top()), wide, 15)
            p.fillRect(flag, colour("surface"))
            p.setPen(QPen(colour(TOKENS[mark.status]), 1))
            p.drawRect(flag)
            p.drawText(flag, Qt.AlignmentFlag.AlignCenter, mark.label)
