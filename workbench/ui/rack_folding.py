"""Fold a rack to its median row, fold all but one, open them again: by the sign beside its name, by C and Shift+C, and from the palette."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from workbench.ui.actions import Actions

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.ui.desk import Desk
    from workbench.ui.heatmap_canvas import HeatmapCanvas


class Folded(Protocol):
    """A stage whose racks can be folded."""

    folding: RackFolding


class Opened(Protocol):
    """What these acts need of the project on screen."""

    population: Folded

    def go(self, stage: str) -> None:
        """To a stage."""


class Host(Protocol):
    """What these acts need of the window they belong to."""

    actions_: Actions

    def on_workspace(self, act: Callable[[Any], None]) -> None:
        """Do something with the open project."""


def register(window: Host) -> None:
    """Add the acts to the window's registry."""
    for name, words in (("fold", "Fold the rack, or open it"), ("fold others", "Fold all other racks, or open all")):
        window.actions_.add(name, "&View", words, "", partial(window.on_workspace, partial(_act, name=name)))


def _act(workspace: Opened, name: str) -> None:
    workspace.go("Population")
    folding = workspace.population.folding
    (folding.toggle if name == "fold" else folding.others)()


class RackFolding:
    """Of one canvas. What is folded belongs to what is looked at, so that going back opens it again."""

    def __init__(self, canvas: HeatmapCanvas, desk: Desk) -> None:
        self._canvas, self._desk = canvas, desk
        canvas.fold_wanted.connect(self.toggle)

    def named(self) -> str:
        """The rack under the pointer, else that of the selection, or empty."""
        return self._canvas.rack_at_pointer() or (self._canvas.brush.rack if self._canvas.brush is not None else "")

    def toggle(self, rack: str = "") -> None:
        """Fold this rack (without a name the one pointed at or chosen), or open it again."""
        name = rack or self.named()
        if len(self._shown()) < 2:
            self._desk.notice.emit("a rack that stands alone is not folded")
        elif not name:
            self._desk.notice.emit("point at a rack or choose cells of it first: C folds it, Shift+C all others")
        else:
            self._canvas.set_view(self._canvas.view.folding(name))
            self._say()

    def others(self) -> None:
        """Every rack but the one pointed at or chosen becomes one row; where any is folded, all are opened."""
        view, shown = self._canvas.view, self._shown()
        kept = () if view.folded else tuple(sorted(set(shown) - {self.named()}))
        if len(shown) < 2:
            self._desk.notice.emit("a rack that stands alone is not folded")
            return
        self._canvas.set_view(replace(view, folded=kept))
        self._say()

    def reveal(self, rack: str) -> None:
        """Open a rack whose cells are asked for."""
        if rack in self._canvas.view.folded:
            self._canvas.set_view(self._canvas.view.folding(rack))

    def _shown(self) -> tuple[str, ...]:
        facts = self._desk.facts
        if facts is None:
            return ()
        return self._canvas.view.racks or tuple(rack.id for rack in facts.plant.racks)

    def _say(self) -> None:
        folded = len(self._canvas.view.folded)
        self._desk.notice.emit("every rack is open" if not folded else "a folded rack is the median of its cells; its marks stay")
