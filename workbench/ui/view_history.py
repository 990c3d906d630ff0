"""Where was the person before? A light history of looking, apart from undo of edits: it changes nothing in the review."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from workbench.ui.brush import Brush, View

if TYPE_CHECKING:
    from workbench.asset.window import WindowFacts

KEPT = 200


@dataclass(frozen=True, slots=True)
class Place:
    """What is in view: stage, view of the heatmap, selection, quantity and the ends of a locked scale."""

    stage: str
    view: View
    selection: Brush | None = None
    quantity: str = "deviation"
    limits: tuple[float, float] | None = None


def kept(place: Place) -> str:
    """A place as text, for the next time the project is opened."""
    return json.dumps(asdict(place))


def recalled(text: str) -> Place | None:
    """The place a text tells of, or None where it tells of none: what was remembered is disposable."""
    try:
        known = json.loads(text)
        view = View(**{**known["view"], **{name: tuple(known["view"].get(name, ())) for name in ("racks", "folded")}})
        chosen = known["selection"]
        selection = Brush(**{**chosen, "without": tuple(chosen["without"])}) if chosen is not None else None
        limits = tuple(float(end) for end in known["limits"]) if known["limits"] is not None else None
        place = Place(str(known["stage"]), view, selection, str(known["quantity"]), (limits[0], limits[1]) if limits else None)
    except (ValueError, TypeError, KeyError, IndexError):
        return None
    numbers = (view.start_ns, view.end_ns, view.first_cell, view.last_cell)
    return place if all(isinstance(number, int) for number in numbers) and view.end_ns > view.start_ns else None


def still_there(place: Place | None, facts: WindowFacts | None) -> Place | None:
    """The place as far as it exists in the window under review, or None where its span or racks do not."""
    if place is None or facts is None:
        return None
    cells = {rack.id: len(rack.cells) for rack in facts.plant.racks}
    if not (
        facts.start_ns <= place.view.start_ns < place.view.end_ns <= facts.end_ns and {*place.view.racks, *place.view.folded} <= set(cells)
    ):
        return None
    brush = place.selection
    chosen = brush is not None and 1 <= brush.first_cell <= brush.last_cell <= cells.get(brush.rack, 0) and brush.start_ns < brush.end_ns
    return place if chosen else replace(place, selection=None)


def _goes_on(last: Place, place: Place) -> bool:
    """Whether one looks on at the same racks, only at another interval or other cells of them."""
    return last.stage == place.stage and (last.view.racks, last.view.folded) == (place.view.racks, place.view.folded)


class ViewHistory:
    """Like that of a browser: going somewhere new forgets what lay ahead."""

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._here = -1

    def visit(self, place: Place, *, merge: bool = False) -> None:
        """The person is here now. merge: this only continues the last move (a drag, a wheel), so it takes its place; other racks or folds are no such move."""
        if self._here >= 0 and place == self._places[self._here]:
            return
        del self._places[self._here + 1 :]
        if merge and self._places and _goes_on(self._places[-1], place):
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
