"""Type where you want to be: a cell, rack, instant, finding or alarm; the places that fit are listed as you type, Enter goes to the chosen one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from workbench.ui.brush import Brush
from workbench.ui.phrases import spoken
from workbench.ui.pick_box import PickBox
from workbench.ui.translation import tr
from workbench.viewmodels.places import EXAMPLES, Known, Spot, nothing_here, spots

if TYPE_CHECKING:
    from workbench.ui.desk import Desk
    from workbench.ui.population_view import PopulationView

AROUND_NS = 1_800_000_000_000  # half an hour to either side of an instant that was asked for


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
        self.list.addItems([spoken(place.words) for place in self._found])
        self.list.setCurrentRow(0)
        self.say("" if self._found or not text.strip() else nothing_here(text.strip(), self._known))

    def take(self) -> None:
        """To the chosen place; without one the box stays open with its sentence."""
        row = self.list.currentRow()
        if 0 <= row < len(self._found):
            self.close()
            self._reached(self._found[row])


def bring_into_view(population: PopulationView, desk: Desk, spot: Spot) -> None:
    """A place that was asked for: its cells are chosen, its instant is under the cursor."""
    canvas = population.canvas
    view, (first_ns, last_ns) = canvas.view, canvas.limits
    if spot.start_ns and not view.start_ns <= spot.start_ns < view.end_ns:
        half = min(view.end_ns - view.start_ns, last_ns - first_ns) // 2
        middle = min(max(spot.start_ns, first_ns + half), last_ns - half)
        canvas.set_view(replace(view, start_ns=middle - half, end_ns=middle + half))
    if spot.rack:
        start, end = canvas.view.start_ns, canvas.view.end_ns
        if spot.end_ns > spot.start_ns:
            start, end = spot.start_ns, spot.end_ns
        elif spot.start_ns:
            start, end = max(spot.start_ns - AROUND_NS, first_ns), min(spot.start_ns + AROUND_NS, last_ns)
        population.show_selection(Brush(spot.rack, *spot.cells, start, end))
    if spot.start_ns:
        canvas.cursor_ns = spot.start_ns
        desk.cursor_changed.emit(spot.start_ns)
        if population.at_instant:
            population.show_instant(spot.start_ns)
