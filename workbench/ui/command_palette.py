"""Type what you want to do: every registered act, filtered as you type, run with Enter."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from workbench.ui.actions import Actions
from workbench.ui.theme import font
from workbench.ui.translation import tr


class CommandPalette(QDialog):
    """Opens over the window; Esc closes only itself."""

    def __init__(self, parent: QWidget, actions: Actions) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._actions = actions
        self.setFixedSize(520, 360)
        self.setAccessibleName(tr("Acts"))
        self.line, self.list = QLineEdit(), QListWidget()
        self.line.setPlaceholderText(tr("type an act"))
        self.line.setAccessibleName(tr("Act"))
        self.list.setToolTip(tr("Acts"))
        self.list.setAccessibleName(tr("Acts"))
        self.list.setFont(font())
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 10, 10, 10)
        box.addWidget(self.line)
        box.addWidget(self.list)
        self.line.textChanged.connect(self.filter)
        self.line.returnPressed.connect(self.run)
        self.list.itemActivated.connect(lambda _: self.run())
        self.filter("")

    def filter(self, text: str) -> None:
        """Acts whose words contain everything typed."""
        self.list.clear()
        words = text.lower().split()
        for act in self._actions.acts.values():
            if self._actions.items[act.name].isEnabled() and all(w in f"{act.menu} {act.text}".lower() for w in words):
                item = QListWidgetItem(f"{act.text.replace('&', '')}{'    ' + act.key if act.key else ''}")
                item.setData(Qt.ItemDataRole.UserRole, act.name)
                self.list.addItem(item)
        self.list.setCurrentRow(0)

    def run(self) -> None:
        """Do the chosen act."""
        item = self.list.currentItem()
        self.close()
        if item is not None:
            self._actions.acts[item.data(Qt.ItemDataRole.UserRole)].run()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down move in the list while typing."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
        else:
            super().keyPressEvent(event)
