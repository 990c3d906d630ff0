"""Back and forward."""

import pytest

from workbench.ui.brush import Brush, View
from workbench.ui.view_history import KEPT, Place, ViewHistory, kept, recalled, still_there


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


def test_a_place_is_kept_as_text_and_told_again():
    place = Place("Cells", View(5, 95, ("R01",), 2, 8), Brush("R01", 2, 8, 10, 20, (4,)), "raw", (3.1, 3.5))
    assert recalled(kept(place)) == place
    assert recalled(kept(at("Racks"))) == at("Racks")


@pytest.mark.parametrize(
    "text", ["", "no json", "[]", '{"stage": 1}', '{"stage":"Cells","view":{"start_ns":9,"end_ns":3,"racks":[]},"selection":null,"quantity":"raw","limits":null}']
)  # fmt: skip
def test_what_cannot_be_read_is_forgotten(text):
    assert recalled(text) is None


def test_a_place_that_is_gone_is_not_gone_to(session):
    facts = session.windows()[0]
    whole = View(facts.start_ns, facts.end_ns)
    chosen = Brush("R01", 1, 3, facts.start_ns, facts.end_ns)
    assert still_there(Place("Cells", whole, chosen), facts) == Place("Cells", whole, chosen)
    assert still_there(Place("Cells", whole, Brush("R99", 1, 3, 1, 2)), facts) == Place("Cells", whole), "the view is, the selection is not"
    assert still_there(Place("Cells", View(facts.start_ns, facts.end_ns, ("R99",))), facts) is None
    assert still_there(Place("Cells", View(0, 10)), facts) is None, "another window was imported meanwhile"
    assert still_there(None, facts) is None
