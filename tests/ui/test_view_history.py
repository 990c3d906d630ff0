"""Back and forward."""

from workbench.ui.brush import View
from workbench.ui.view_history import KEPT, Place, ViewHistory


def at(stage, start=0):
    return Place(stage, View(start, start + 10))


def test_back_forward_and_a_new_way_forgets_what_lay_ahead():
    history = ViewHistory()
    for stage in ("Population", "Racks", "Cells"):
        history.visit(at(stage))
    assert history.back() == at("Racks")
    assert history.back() == at("Population")
    assert history.back() is None
    assert history.forward() == at("Racks")
    history.visit(at("Claims"))
    assert history.forward() is None
    assert history.back() == at("Racks")


def test_a_drag_is_one_place_and_the_same_place_none():
    history = ViewHistory()
    history.visit(at("Racks"))
    history.visit(at("Population"))
    for start in range(1, 50):
        history.visit(at("Population", start), merge=True)
    history.visit(at("Population", 49))
    assert history.back() == at("Racks")


def test_it_does_not_grow_for_ever():
    history = ViewHistory()
    for start in range(3 * KEPT):
        history.visit(at("Population", start))
    assert len(history._places) == KEPT
