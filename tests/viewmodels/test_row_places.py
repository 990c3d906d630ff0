"""Where rows stand when some racks are folded."""

from types import SimpleNamespace

import numpy as np
import pytest

from workbench.viewmodels.pictures import RackRows
from workbench.viewmodels.row_places import rack_span, row_at, row_edges, rows_under, share_at, strip_share


def racks(*folded):
    """R01 … with 10 rows each, or one where folded."""
    made, at = [], 0
    for number, shut in enumerate(folded, 1):
        rows = 1 if shut else 10
        made.append(RackRows(f"R{number:02d}", "", at, rows, tuple(range(1, rows + 1)), "", 10 if shut else 0))
        at += rows
    return tuple(made)


def picture(*folded):
    made = racks(*folded)
    return SimpleNamespace(value=np.zeros((sum(r.n_rows for r in made), 3)), racks=made, row_edges=row_edges(made))


def test_open_racks_share_the_height_alike():
    assert row_edges(racks(False, False)) is None
    drawn = picture(False, False)
    assert rows_under(drawn, 20).tolist() == list(range(20))
    assert rack_span(drawn, drawn.racks[1]) == (0.5, 1.0)


def test_a_folded_rack_keeps_a_strip_that_can_be_seen_and_pointed_at():
    drawn = picture(False, True, False)
    top, bottom = rack_span(drawn, drawn.racks[1])
    assert bottom - top == pytest.approx(1 / 24)
    assert rack_span(drawn, drawn.racks[0])[1] == pytest.approx(top)
    assert rack_span(drawn, drawn.racks[2]) == pytest.approx((bottom, 1.0))
    lines = rows_under(drawn, 240)
    assert (lines == 10).sum() == 10, "ten of 240 lines"
    assert set(lines.tolist()) == set(range(21)), "no row is lost"


def test_of_many_folded_racks_half_the_height_is_left_to_the_open_one():
    drawn = picture(False, *[True] * 47)
    assert rack_span(drawn, drawn.racks[0]) == pytest.approx((0.0, 0.5))
    assert strip_share(48, 0) == pytest.approx(1 / 48), "all folded: all alike"


@pytest.mark.parametrize("folded", [(False, False), (False, True, False), (True, True)])
def test_row_and_place_lead_to_each_other(folded):
    drawn = picture(*folded)
    for row in np.linspace(-2, len(drawn.value) + 2, 31):
        assert row_at(drawn, share_at(drawn, row)) == pytest.approx(row)
