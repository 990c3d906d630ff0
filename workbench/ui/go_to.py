"""Type where you want to be: a cell, rack, instant, finding or alarm; the places that fit are listed as you type, Enter goes to the chosen one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QVBoxLayout, QWidget

from workbench.ui.theme import font
from workbench.ui.translation import tr
from workbench.ui.widgets import Label
from workbench.viewmodels.places import EXAMPLES, Known, Spot, nothing_here, spots


class GoTo(QDialog):
    """Opens over the window; Esc closes only itself. reached: what to do with the chosen place."""

    def __init__(self, parent: QWidget, known: Known, reached: Callable[[Spot], object]) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._known, self._reached = known, reached
        self._found: tuple[Spot, ...] = ()
        self.setFixedSize(520, 320)
        self.setAccessibleName(tr("Go to"))
        self.line, self.list, self.said = QLineEdit(), QListWidget(), Label("", "small", "muted", wrap=True)
        self.line.setPlaceholderText(f"{tr('go to')}: {EXAMPLES}")
        self.line.setAccessibleName(tr("Where to go"))
        self.line.setFont(font())
        self.list.setAccessibleName(tr("Places that fit"))
        self.list.setToolTip(tr("Places that fit"))
        self.list.setFont(font())
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 10, 10, 10)
        for widget in (self.line, self.said, self.list):
            box.addWidget(widget)
        self.line.textChanged.connect(self.look)
        self.line.returnPressed.connect(self.go)
        self.list.itemActivated.connect(lambda _: self.go())
        self.look("")

    def look(self, text: str) -> None:
        """List what fits; where nothing does, one sentence says so."""
        self._found = spots(text, self._known)
        self.list.clear()
        self.list.addItems([place.words for place in self._found])
        self.list.setCurrentRow(0)
        self.said.setText("" if self._found or not text.strip() else nothing_here(text.strip(), self._known))
        self.said.setVisible(bool(self.said.text()))

    def go(self) -> None:
        """To the chosen place; without one the box stays open with its sentence."""
        row = self.list.currentRow()
        if 0 <= row < len(self._found):
            self.close()
            self._reached(self._found[row])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down move in the list while typing."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
        else:
            super().keyPressEvent(event)
