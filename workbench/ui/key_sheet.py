"""The sheet of all keys: what each act's key is, and the place to give it another one. A clash is refused in one sentence; the choice is kept."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QDialog, QKeySequenceEdit, QVBoxLayout, QWidget

from workbench.ui.actions import Actions
from workbench.ui.own_keys import keep_own_keys
from workbench.ui.table import PictureTable
from workbench.ui.theme import font
from workbench.ui.translation import tr
from workbench.ui.widgets import Button, Label, row
from workbench.viewmodels.table_picture import TableCell, TableColumn, TablePicture

WIDTHS = {"menu": 100, "act": 280, "key": 130, "standard": 130}


class KeySheet(QDialog):
    """Not modal: the window can be tried while it is open. others: lines of the keys that act inside pictures only and stay as they are."""

    def __init__(self, parent: QWidget, actions: Actions, others: Sequence[str]) -> None:
        super().__init__(parent)
        self._actions, self._others, self._name = actions, tuple(others), ""
        self.setWindowTitle(tr("Keys"))
        self.resize(700, 620)
        self.setModal(False)
        self.table = PictureTable("Acts and their keys", 24)
        self.chosen, self.said = Label("", "strong"), Label("", "small", "muted", wrap=True)
        self.key = QKeySequenceEdit()
        self.key.setMaximumSequenceLength(1)
        self.key.setAccessibleName(tr("New key of the chosen act"))
        self.key.setToolTip(tr("Click here, then press the key you want"))
        self.key.setFont(font())
        self.change, self.none = Button("Use this key", "primary"), Button("No key")
        self.standard, self.all_standard, self.copy = Button("Standard key"), Button("All standard keys"), Button("Copy as text")
        inside = Label("\n".join(self._others), "axis", "muted")
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 12, 14, 12)
        box.setSpacing(8)
        box.addWidget(self.table, 1)
        box.addLayout(row(self.chosen, (self.key, 1), self.change, self.none, self.standard))
        box.addWidget(self.said)
        box.addWidget(inside)
        box.addLayout(row(self.copy, None, self.all_standard))
        self.table.chosen.connect(self._choose)
        self.change.clicked.connect(lambda: self._give(self.key.keySequence().toString(QKeySequence.SequenceFormat.PortableText)))
        self.none.clicked.connect(lambda: self._give(""))
        self.standard.clicked.connect(lambda: self._give(self._actions.acts[self._name].standard) if self._name else None)
        self.all_standard.clicked.connect(self._all_standard)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text()))
        self.fill()
        self.table.choose(next(iter(actions.acts)))
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def fill(self) -> None:
        """All acts, those of a person's own choice marked with the standard key beside it."""
        columns = (
            TableColumn("menu", "Menu"),
            TableColumn("act", "Act"),
            TableColumn("key", "Key"),
            TableColumn("standard", "Standard key"),
        )
        rows = tuple(
            (
                TableCell(a.menu.replace("&", "")),
                TableCell(a.words),
                TableCell(a.key or "–"),
                TableCell("" if a.key == a.standard else a.standard or "none"),
            )
            for a in self._actions.acts.values()
        )
        self.table.blockSignals(True)
        self.table.show_table(TablePicture("Keys", columns, rows, tuple(self._actions.acts)), widths=WIDTHS)
        if self._name:
            self.table.choose(self._name)
        self.table.blockSignals(False)

    def text(self) -> str:
        """The sheet as plain text, to print or to send."""
        lines = [f"{a.key:<16}{a.menu.replace('&', '')}: {a.words}" for a in self._actions.acts.values() if a.key]
        return "\n".join([*lines, "", *self._others])

    def _choose(self, name: str) -> None:
        act = self._actions.acts[name]
        self._name = name
        self.chosen.setText(act.words)
        self.key.setKeySequence(QKeySequence(act.key))
        self.said.setText("")

    def _give(self, key: str) -> None:
        if not self._name:
            return
        why = self._actions.change(self._name, key)
        act = self._actions.acts[self._name]
        self.said.setText(why or f"{act.words}: {act.key or 'no key'}")
        if not why:
            keep_own_keys(self._actions.own())
            self.fill()
        self.key.setKeySequence(QKeySequence(act.key))

    def _all_standard(self) -> None:
        self._actions.reset()
        keep_own_keys({})
        self.fill()
        self.said.setText("every act has its standard key")
