"""What stands in the context bar opens the control that changes it; the same acts are in the palette."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from workbench.ui.actions import Actions

if TYPE_CHECKING:
    from workbench.ui.desk import Desk
    from workbench.ui.heatmap_controls import Choice
    from workbench.ui.inspector import Inspector
    from workbench.ui.population_view import PopulationView
    from workbench.ui.widgets import Panel


class Opened(Protocol):
    """What these acts need of the project on screen."""

    desk: Desk
    population: PopulationView
    inspector: Inspector
    side: Panel

    def go(self, stage: str) -> None:
        """To a stage."""

    def show_only(self, panels: Sequence[str]) -> None:
        """These panels where they serve, and no others."""


class Host(Protocol):
    """What these acts need of the window they belong to."""

    actions_: Actions

    def on_workspace(self, act: Callable[[Any], None]) -> None:
        """Do something with the open project."""


def register(window: Host) -> None:
    """Add the acts to the window's registry."""
    for caption, words in (
        ("Selection", "Change the selection"), ("Quantity", "Change the quantity"), ("Reduction", "Change the reduction"), ("Scale", "Change the scale"),
    ):  # fmt: skip
        act = partial(open_control, caption=caption)
        window.actions_.add(f"change {caption.lower()}", "&View", words, "", partial(window.on_workspace, act))


def open_control(workspace: Opened, caption: str) -> None:
    """The control of a fact of the bar, by its caption as stored."""
    what = caption.split(" · ", maxsplit=1)[0].split(",", maxsplit=1)[0]
    acts: dict[str, Callable[[Opened], object]] = {
        "Window": lambda w: w.go("Intake"), "Asset": lambda w: w.go("Scope"), "Selection": _selection, "Pinned": lambda w: w.desk.pointed.let_go(),
        "Quantity": _quantity, "Reduction": lambda w: _choice(w, "reduction"), "Scale": lambda w: _choice(w, "scale"),
    }  # fmt: skip
    if what in acts:
        acts[what](workspace)


def _selection(workspace: Opened) -> None:
    if workspace.desk.selection is None:
        workspace.desk.notice.emit("nothing is selected: press R and drag over cells and time")
        return
    if not workspace.side.isVisible():
        workspace.show_only(("timeline", "inspector"))
    if not workspace.side.isVisible():
        workspace.go("Population")
    workspace.inspector.editor.cells.setFocus()
    workspace.inspector.editor.cells.selectAll()


def _quantity(workspace: Opened) -> None:
    workspace.go("Population")
    workspace.population.controls.quantity.setFocus()


def _choice(workspace: Opened, name: str) -> None:
    workspace.go("Population")
    choice: Choice = getattr(workspace.population.controls, name)
    if choice.isVisible() and choice.isEnabled():
        choice.setFocus()
        choice.showPopup()
    else:
        workspace.desk.notice.emit("this quantity has no such choice")
