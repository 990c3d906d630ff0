"""Where was the person before? A light history of looking, apart from undo of edits: it changes nothing in the review."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.ui.brush import Brush, View

KEPT = 200


@dataclass(frozen=True, slots=True)
class Place:
    """What is in view: stage, view of the heatmap, selection, quantity and the ends of a locked scale."""

    stage: str
    view: View
    selection: Brush | None = None
    quantity: str = "deviation"
    limits: tuple[float, float] | None = None


class ViewHistory:
    """Like that of a browser: going somewhere new forgets what lay ahead."""

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._here = -1

    def visit(self, place: Place, *, merge: bool = False) -> None:
        """The person is here now. merge: this only continues the last move (a drag, a wheel), so it takes its place."""
        if self._here >= 0 and place == self._places[self._here]:
            return
        del self._places[self._here + 1 :]
        if merge and self._places and self._places[-1].stage == place.stage:
            self._places[-1] = place
        else:
            self._places = [*self._places, place][-KEPT:]
        self._here = len(self._places) - 1

    def back(self) -> Place | None:
        """The place before, or None at the beginning."""
        return self._step(-1)

    def forward(self) -> Place | None:
        """The place after, or None at the end."""
        return self._step(1)

    def _step(self, by: int) -> Place | None:
        if not 0 <= self._here + by < len(self._places):
            return None
        self._here += by
        return self._places[self._here]
