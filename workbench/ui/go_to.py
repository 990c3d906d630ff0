"""Type where you want to be: a cell, rack, instant, finding or alarm; the places that fit are listed as you type, Enter goes to the chosen one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from workbench.ui.pick_box import PickBox
from workbench.ui.translation import tr
from workbench.viewmodels.places import EXAMPLES, Known, Spot, nothing_here, spots


class GoTo(PickBox):
    """reached: what to do with the chosen place."""

    def __init__(self, parent: QWidget, known: Known, reached: Callable[[Spot], object]) -> None:
        super().__init__(parent, "Go to", f"{tr('go to')}: {EXAMPLES}", "Where to go", "Places that fit")
        self._known, self._reached = known, reached
        self._found: tuple[Spot, ...] = ()
        self.look("")

    def look(self, text: str) -> None:
        """List what fits; where nothing does, one sentence says so."""
        self._found = spots(text, self._known)
        self.list.clear()
        self.list.addItems([place.words for place in self._found])
        self.list.setCurrentRow(0)
        self.say("" if self._found or not text.strip() else nothing_here(text.strip(), self._known))

    def take(self) -> None:
        """To the chosen place; without one the box stays open with its sentence."""
        row = self.list.currentRow()
        if 0 <= row < len(self._found):
            self.close()
            self._reached(self._found[row])
