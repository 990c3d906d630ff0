"""The plot of racks: hands and keys."""

import pytest
from PySide6.QtCore import Qt

from workbench.jobs.progress import Progress
from workbench.ui.divergence_plot import DivergencePlot
from workbench.ui.translation import use_language


@pytest.fixture
def plot(session, shown):
    made = DivergencePlot()
    picture = session.divergence(session.window_id(), Progress())
    facts = session.windows()[0]
    made.span = (facts.start_ns, facts.end_ns)
    made.show_picture(picture, "R01", alone=False, limit_mv=40.0, span=made.span)
    made.picture = picture
    shown(made, 800, 400)
    return made


def test_cursors_stand_at_first_and_last_period_and_survive_a_redraw(plot):
    low, high = plot.region()
    assert plot.span[0] <= low < high <= plot.span[1]
    plot.cursors[0].setValue(plot.cursors[0].value() + 3600)
    kept = plot.region()
    plot.show_picture(plot.picture, "R02", alone=False, limit_mv=40.0, span=plot.span)
    assert plot.region() == kept


def test_keys_zoom_and_tell_the_stage(plot, qtbot):
    with qtbot.waitSignal(plot.span_changed) as caught:
        qtbot.keyClick(plot, Qt.Key.Key_W)
    assert caught.args[1] - caught.args[0] == pytest.approx(0.8 * (plot.span[1] - plot.span[0]), rel=1e-3)
    with qtbot.waitSignal(plot.keyed) as told:
        qtbot.keyClick(plot, Qt.Key.Key_M)
    assert told.args == ["M"]


def test_a_dragged_limit_tells_whole_millivolts(plot, qtbot):
    plot.limit.setValue(55.4)
    with qtbot.waitSignal(plot.limit_changed) as caught:
        plot.limit.sigPositionChangeFinished.emit(plot.limit)
    assert caught.args == [55.0]


def test_the_moments_of_comparison_stand_on_the_figure_in_one_language(plot):
    """The head of the stage cuts them off on a small window; put together before they were spoken, half of them stayed English."""
    assert "compared at: end of discharge" in plot.plot.getPlotItem().titleLabel.text
    use_language("de")
    try:
        plot.show_picture(plot.picture, "R01", alone=False, limit_mv=None, span=plot.span)
        assert "Streuung der Zellen in jedem Rack, mV · verglichen bei: Entladeende" in plot.plot.getPlotItem().titleLabel.text
    finally:
        use_language("en")
