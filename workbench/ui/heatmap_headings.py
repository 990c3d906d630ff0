"""The left gutter of a heatmap: rack headings that stay in view, severity glyphs, cell numbers when one rack fills the canvas."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from workbench.ui.theme import LEFT_GUTTER, STATUS, colour, font, icon_pixmap
from workbench.viewmodels.pictures import RackRows


def paint_heading(p: QPainter, rack: RackRows, place: QRectF, visible: QRectF, width: float, *, chosen: bool) -> None:
    """One rack's heading, in the middle of the part of it that is visible, with its separator."""
    if chosen:
        p.fillRect(QRectF(0, place.top(), LEFT_GUTTER - 2, place.height()), colour("accent_soft"))
        p.fillRect(QRectF(0, place.top(), 3, place.height()), colour("accent"))
    if rack.first_row:
        p.fillRect(QRectF(0, place.top(), width, 1), colour("surface"))
    seen = place.intersected(QRectF(place.left(), visible.top(), place.width(), visible.height()))
    if seen.height() >= 12:
        p.setFont(font("small_strong" if chosen else "small"))
        p.setPen(colour("accent" if chosen else "text"))
        p.drawText(QRectF(16, seen.top(), 34, seen.height()), Qt.AlignmentFlag.AlignVCenter, rack.rack)
        if rack.mark and seen.height() >= 14:
            name, token, _ = STATUS[rack.mark]
            p.drawPixmap(QPointF(48, seen.center().y() - 6), icon_pixmap(name, token, 12))


def paint_numbers(p: QPainter, rack: RackRows, place: QRectF, prefix: str) -> None:
    """Cell (or probe) numbers at the image's edge, clear of the heading in the middle."""
    p.setFont(font("axis"))
    p.setPen(colour("muted"))
    every = max(1, round(rack.n_rows * 36 / place.height()))
    for i in range(0, rack.n_rows, every):
        y = place.top() + (i + 0.5) * place.height() / rack.n_rows
        if abs(y - place.center().y()) > 14:
            where = QRectF(LEFT_GUTTER - 46, y - 8, 40, 16)
            p.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{prefix}{rack.cells[i]:03d}")
