"""Type what you want to do: every registered act, filtered as you type, run with Enter."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidgetItem, QWidget

from workbench.ui.actions import Actions
from workbench.ui.pick_box import PickBox
from workbench.ui.translation import tr


class CommandPalette(PickBox):
    """Offers what can be done now."""

    def __init__(self, parent: QWidget, actions: Actions) -> None:
        super().__init__(parent, "Acts", tr("type an act"), "Act", "Acts")
        self._actions = actions
        self.look("")

    def look(self, text: str) -> None:
        """Acts whose words contain everything typed."""
        self.list.clear()
        words = text.lower().split()
        for act in self._actions.acts.values():
            if self._actions.items[act.name].isEnabled() and all(w in f"{act.menu} {act.text}".lower() for w in words):
                item = QListWidgetItem(f"{act.words}{'    ' + act.key if act.key else ''}")
                item.setData(Qt.ItemDataRole.UserRole, act.name)
                self.list.addItem(item)
        self.list.setCurrentRow(0)

    def take(self) -> None:
        """Do the chosen act."""
        item = self.list.currentItem()
        self.close()
        if item is not None:
            self._actions.acts[item.data(Qt.ItemDataRole.UserRole)].run()
