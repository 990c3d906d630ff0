"""A field of several lines that is as tall as its text: nothing is hidden behind a scroll bar, and no empty field pushes the next out of sight."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

MOST_LINES = 16  # longer text scrolls


class TextField(QPlainTextEdit):
    """Tab leaves it. name: for the screen reader; lines: the height it has at least."""

    def __init__(self, name: str, lines: int) -> None:
        super().__init__()
        self._least = lines
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._fit())
        self._fit()

    def _fit(self) -> None:
        """A bar only where text must scroll: one that came for a moment would take width, break a line more, and stay."""
        bar = (
            Qt.ScrollBarPolicy.ScrollBarAsNeeded if self.document().size().height() > MOST_LINES else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        self.setVerticalScrollBarPolicy(bar)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """The lines of the text at the present width; a plain document counts its height in lines."""
        lines = min(max(round(self.document().size().height()), self._least), MOST_LINES)
        margins = self.contentsMargins()
        inside = 2 * self.document().documentMargin() + margins.top() + margins.bottom()
        return QSize(super().sizeHint().width(), int(lines * self.fontMetrics().lineSpacing() + inside + 2))

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width breaks the lines elsewhere."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
