"""What was seen is pinned, and is seen again."""

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from workbench.jobs.progress import Progress
from workbench.ui.brush import Brush, View
from workbench.ui.exact_view import in_view, show
from workbench.viewmodels.pictures import picture_digest
from workbench.viewmodels.requests import CurvesRequest, DivergenceRequest, HeatmapRequest, TracesRequest
from workbench.workflow.session import Condition


@pytest.fixture
def chosen(workspace, settled):
    """A cell over a day."""
    start = workspace.desk.facts.start_ns
    workspace.desk.select(Brush("R01", 5, 6, start, start + 86_400_000_000_000))
    settled()
    return workspace


def again(workspace, settled, request):
    """Leave, ask for the request, and say what is in view then."""
    workspace.go("Scope")
    show(workspace, request)
    settled()
    return in_view(workspace)


def test_a_heatmap_comes_back_with_zoom_rack_quantity_reduction_order_and_scale(chosen, settled):
    view, start = chosen.population, chosen.desk.facts.start_ns
    chosen.go("Population")
    view.canvas.set_view(View(start + 10**13, start + 10**14, ("R02",), 3, 9))
    view.controls.quantity.choose(0)
    view.controls.reduction.choose("min")
    view.controls.order.choose("deviation")
    settled()
    view.set_limits(3.1, 3.3)
    settled()
    seen = in_view(chosen)
    assert isinstance(seen, HeatmapRequest)
    assert (seen.racks, seen.first_cell, seen.quantity, seen.reduction, seen.order, seen.limits) == (
        ("R02",),
        3,
        "raw",
        "min",
        "deviation",
        (3.1, 3.3),
    )
    view.controls.quantity.choose(1)
    view.controls.reduction.choose("max")
    view.lock.setChecked(False)
    view.canvas.set_view(View(*view.canvas.limits))
    view.controls.shape.choose(1)
    settled()
    back = again(chosen, settled, seen)
    assert replace(back, max_rows=0, max_columns=0) == replace(seen, max_rows=0, max_columns=0)
    assert (view.canvas.picture.limit_low, view.canvas.picture.limit_high) == (3.1, 3.3)


def test_an_instant_is_no_view_that_can_be_made_again(chosen, settled):
    chosen.go("Population")
    chosen.population.controls.shape.choose(1)
    settled()
    assert in_view(chosen) is None


def test_traces_come_back_over_the_stretch_that_was_zoomed_to(chosen, settled):
    chosen.go("Cells")
    settled()
    cells = chosen.cells
    first = cells._plots.widget(0)
    start = chosen.desk.facts.start_ns / 1e9
    first.setXRange(start + 20_000, start + 30_000, padding=0)
    seen = in_view(chosen)
    assert isinstance(seen, TracesRequest)
    assert (seen.end_ns - seen.start_ns) / 1e9 == pytest.approx(10_000, rel=1e-3)
    chosen.desk.select(Brush("R02", 1, 1, *chosen.population.canvas.limits))
    settled()
    back = again(chosen, settled, seen)
    assert (back.rack, back.cells) == ("R01", (5, 6))
    assert back.start_ns == pytest.approx(seen.start_ns, abs=2e9)
    assert back.end_ns == pytest.approx(seen.end_ns, abs=2e9)


@pytest.mark.parametrize(("shape", "panels"), [(1, ("vq", "dvdq")), (2, ("dqdv",))])
def test_curves_come_back_with_their_pass_panels_and_stretch(chosen, settled, shape, panels):
    chosen.go("Cells")
    settled()
    cells = chosen.cells
    cells.shape.choose(shape)
    settled()
    cells.run.choose(str(cells.curves.picture.passes[1][0]))
    settled()
    whole = in_view(chosen)
    assert isinstance(whole, CurvesRequest)
    assert (whole.panels, whole.along) == (panels, None)
    plot = cells.curves.plots.get(panels[0])
    if plot is not None:  # the slope of a short pass may be refused
        low, high = plot.getPlotItem().vb.viewRange()[0]
        plot.setXRange(low + 0.2 * (high - low), low + 0.6 * (high - low), padding=0)
    seen = in_view(chosen)
    cells.shape.choose(0)
    settled()
    back = again(chosen, settled, seen)
    assert (back.rack, back.cells, back.start_ns, back.panels) == (seen.rack, seen.cells, seen.start_ns, panels)
    assert (back.along is None) == (seen.along is None)
    if seen.along is not None:
        assert back.along == pytest.approx(seen.along, rel=0.02)


def test_a_comparison_comes_back_with_its_condition(chosen, settled):
    chosen.go("Racks")
    settled()
    chosen.racks.set_condition(Condition(direction="charge"))
    settled()
    seen = in_view(chosen)
    assert isinstance(seen, DivergenceRequest)
    assert seen.condition == Condition(direction="charge")
    shown = picture_digest(chosen.racks.picture)
    assert picture_digest(chosen.desk.session.render(seen, Progress())) == shown, "what is pinned is what was seen"
    chosen.racks.set_condition(None)
    settled()
    again(chosen, settled, seen)
    assert picture_digest(chosen.racks.picture) == shown


def test_a_view_of_another_window_says_so(chosen):
    said = []
    chosen.desk.notice.connect(said.append)
    show(chosen, DivergenceRequest("elsewhere"))
    QApplication.processEvents()
    assert chosen.stage != "Racks"
    assert "another" in said[-1] or "not the one" in said[-1]
