"""A folded rack: one row that shows its median, and every mark its cells have."""

import numpy as np
import pytest
from msgspec.structs import replace

from workbench.jobs.progress import Progress
from workbench.viewmodels.colours import HATCH, OVER, UNDER, classify
from workbench.viewmodels.folded_racks import folded, folded_of, joined, median_of, open_rows
from workbench.viewmodels.heatmap import Extremes, heatmap_picture
from workbench.viewmodels.heatmap_quantities import AVERAGED, QUANTITIES, RESULT, SAMPLES, STATE
from workbench.viewmodels.pictures import LATER, picture_digest
from workbench.viewmodels.requests import HeatmapRequest


def cells(rack, low, high, spike=None):
    low, high = np.asarray(low, float), np.asarray(high, float)
    return Extremes(
        rows=tuple((rack, cell) for cell in range(1, len(low) + 1)), low=low, high=high, spike=np.zeros(low.shape) if spike is None else spike,
        count=np.isfinite(low).astype(np.int64), edges_ns=np.arange(low.shape[1] + 1), cells_per_row=1.0, bucket_s=60.0, exact=True,
    )  # fmt: skip


def request(window, **changes):
    return HeatmapRequest(**{"window_id": window.id, "start_ns": 0, "end_ns": 4, "folded": ("R02",), **changes})


def drawn(window, two, **changes):
    """R01 open and calm, R02 folded."""
    asked = request(window, **changes)
    calm = np.zeros((len(window.plant.rack("R01").cells), 4))
    parts = [folded(asked, two), cells("R01", calm, calm)]
    return heatmap_picture(asked, window, "root", joined(parts, window.plant.racks[:2]), {})


def test_the_row_is_the_median_of_the_cells_and_stands_in_the_place_of_its_rack(window):
    low = np.arange(48.0).reshape(12, 4)
    made = drawn(window, cells("R02", low, low), quantity="raw")
    assert [(r.rack, r.n_rows, r.folded) for r in made.racks] == [("R01", 12, 0), ("R02", 1, 12)]
    assert made.value[12].tolist() == np.median(low, axis=0).tolist()
    assert made.caption.reduction.endswith("; 1 rack folded to the median")
    assert made.row_edges is not None


def test_one_cell_beyond_the_scale_is_still_marked_in_a_folded_rack(window):
    low, high = np.full((12, 4), -1.0), np.full((12, 4), 1.0)
    low[7, 1], high[3, 2] = -90.0, 70.0
    made = drawn(window, cells("R02", low, high), limit=60.0)
    assert np.abs(made.value[12]).max() <= 1.0, "the median knows nothing of it"
    assert classify(made)[12].tolist()[1:3] == [UNDER, OVER]
    assert (made.under_count, made.over_count, made.beyond_cells) == (1, 1, 1)


@pytest.mark.parametrize("quantity", ["deviation", "raw"])
def test_folding_does_not_move_the_ends_of_the_scale(session, quantity):
    """Of calm medians alone the scale would be a narrow one, and every folded rack would seem to lie beyond it."""
    window = session.window_id()
    whole = session.views.full_request(window, quantity=quantity, max_rows=400, max_columns=200)
    racks = tuple(rack.id for rack in session.windows()[0].plant.racks)
    opened = session.heatmap(whole, Progress())
    for folded_ in (racks, racks[1:], racks[:1]):
        made = session.heatmap(replace(whole, folded=folded_), Progress())
        assert (made.limit_low, made.limit_high) == (opened.limit_low, opened.limit_high)


def test_a_sample_that_strays_keeps_its_ring_and_a_load_step_makes_none(window):
    calm, spike = np.zeros((12, 4)), np.zeros((12, 4))
    spike[5, 0], spike[:, 2] = 40.0, 40.0
    made = drawn(window, cells("R02", calm, calm, spike))
    assert made.spike[12].tolist() == [1, 0, 0, 0], "every cell of the rack strays when the load steps: no cell stands out"


def test_where_no_cell_has_data_the_row_is_hatched(window):
    low = np.zeros((12, 4))
    low[:, 3] = np.nan
    made = drawn(window, cells("R02", low, low))
    assert classify(made)[12, 3] == HATCH
    assert classify(made)[12, 0] != HATCH


def test_a_median_of_few_results_is_none():
    """Only the weakest cells of a rack have a capacity: their median is not that of the rack."""
    known = np.full((12, 1), np.nan)
    known[:5] = 80.0
    assert np.isnan(median_of(known, RESULT)[0])
    assert median_of(known, SAMPLES)[0] == 80.0
    known[5] = 90.0
    assert median_of(known, RESULT)[0] == 80.0
    assert median_of(np.array([[0.0], [0.0], [2.0], [2.0]]), STATE)[0] == 0.0, "no state lies between two"


def test_a_rack_that_is_looked_at_alone_is_open(window):
    both = window.plant.racks[:2]
    assert folded_of(request(window), both) == {"R02"}
    assert folded_of(request(window), both[1:]) == frozenset()
    assert open_rows(request(window, max_rows=600), 1, 1) == 575


SHOWN = [
    (quantity, reduction)
    for quantity in (*QUANTITIES, "result:maximum", "known:capacity")
    for reduction in ("worst", "min", "max", "mean", "count")
    if reduction != "mean" or quantity in AVERAGED
]


@pytest.mark.parametrize(("quantity", "reduction"), SHOWN)
def test_every_quantity_of_a_project_can_be_folded(session, quantity, reduction):
    window = session.window_id()
    whole = session.views.full_request(window, quantity=quantity, reduction=reduction, max_rows=400, max_columns=50)
    last = session.windows()[0].plant.racks[-1]
    opened = session.heatmap(whole, Progress())
    made = session.heatmap(replace(whole, folded=(last.id,)), Progress())
    assert made.racks[-1].folded == len(last.probes if quantity == "temperature" else last.cells)
    assert [r.rack for r in made.racks] == [r.rack for r in opened.racks]
    assert made.edges_ns.tolist() == opened.edges_ns.tolist()
    rows = slice(opened.racks[-1].first_row, None)
    source = STATE if quantity.startswith("known") else RESULT if quantity.startswith("result") else SAMPLES
    if reduction == "worst" and quantity in (
        "raw",
        "temperature",
    ):  # the worst is the farthest from what stands beside it: here of its own rack
        low, high = (median_of(plane[rows], source) for plane in (opened.low_value, opened.high_value))
        assert (low <= made.value[-1]).all()
        assert (made.value[-1] <= high).all()
        return
    assert np.allclose(made.value[-1], median_of(opened.value[rows], source), equal_nan=True)
    first = made.racks[0]
    assert np.array_equal(made.value[: first.n_rows], opened.value[: first.n_rows], equal_nan=True), "the open racks are as they were"


def test_what_was_pinned_before_racks_could_be_folded_keeps_its_digest(window):
    calm = np.zeros((12, 4))
    made = heatmap_picture(request(window, folded=()), window, "root", cells("R01", calm, calm), {})
    assert made.row_edges is None
    assert LATER == {"later": True}
    names = [n for n in made.__dataclass_fields__ if "later" in made.__dataclass_fields__[n].metadata]
    assert names == ["row_edges"]
    assert picture_digest(made) != picture_digest(drawn(window, cells("R02", calm, calm)))
