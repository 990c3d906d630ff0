"""A line to type in over a list that shrinks as one types: Up and Down move in the list, Enter takes the chosen row, Esc closes only this box."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QVBoxLayout, QWidget

from workbench.ui.theme import font
from workbench.ui.translation import tr
from workbench.ui.widgets import Label


class PickBox(QDialog):
    """Opens over the window. Who inherits fills the list in `look` and acts in `take`. said: a sentence between line and list, hidden while empty."""

    def __init__(self, parent: QWidget, name: str, hint: str, of_line: str, of_list: str) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFixedSize(520, 360)
        self.setAccessibleName(tr(name))
        self.line, self.list, self.said = QLineEdit(), QListWidget(), Label("", "small", "muted", wrap=True)
        self.line.setPlaceholderText(hint)
        self.line.setAccessibleName(tr(of_line))
        self.line.setFont(font())
        self.list.setAccessibleName(tr(of_list))
        self.list.setToolTip(tr(of_list))
        self.list.setFont(font())
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 10, 10, 10)
        for widget in (self.line, self.said, self.list):
            box.addWidget(widget)
        self.say("")
        self.line.textChanged.connect(self.look)
        self.line.returnPressed.connect(self.take)
        self.list.itemActivated.connect(lambda _: self.take())

    def look(self, text: str) -> None:
        """List what fits."""
        raise NotImplementedError

    def take(self) -> None:
        """Act on the chosen row."""
        raise NotImplementedError

    def say(self, sentence: str) -> None:
        """A sentence above the list, or none."""
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down move in the list while typing."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
        else:
            super().keyPressEvent(event)
