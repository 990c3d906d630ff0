"""Curves of a pass on screen."""

import pytest
from PySide6.QtCore import Qt

from workbench.jobs.progress import Progress
from workbench.ui.curves_view import OVER_CHARGE, PER_VOLT, CurvesView
from workbench.viewmodels.requests import CurvesRequest


@pytest.fixture
def picture(session):
    return session.curves(CurvesRequest(window_id=session.window_id(), rack="R01", cells=(5,)), Progress())


@pytest.fixture
def view(picture, shown):
    made = CurvesView()
    made.show_picture(picture, OVER_CHARGE)
    shown(made, 800, 500)
    return made


def test_the_shared_cursor_stands_where_the_cell_stood(view, picture):
    middle = (picture.start_ns + picture.end_ns) // 2
    view.set_cursor(middle)
    cursor, _ = view._cursors["vq"]
    assert cursor.isVisible()
    assert 0 < cursor.value() < picture.charge_ah[-1]
    view.set_cursor(picture.start_ns - 10)
    assert not cursor.isVisible(), "outside of the pass it has no place"
    said = []
    view.cursor_moved.connect(said.append)
    plot = view.plots["vq"].getPlotItem().vb
    view._pointed("vq", plot.mapViewToScene(plot.viewRect().center()))
    assert picture.start_ns < said[0] < picture.end_ns


def test_keys_zoom_and_f_shows_all(view, qtbot):
    plot = view.plots["vq"].getPlotItem().vb
    before = plot.viewRange()[0]
    qtbot.keyClick(view, Qt.Key.Key_W)
    after = plot.viewRange()[0]
    assert after[1] - after[0] == pytest.approx(0.8 * (before[1] - before[0]))
    qtbot.keyClick(view, Qt.Key.Key_F)
    assert view.plots["vq"].getPlotItem().vb.viewRange()[0] == pytest.approx(before, rel=1e-6)


def test_its_condition_is_on_the_figure_and_a_refusal_says_what_settles_it(view, session, picture):
    assert picture.caption.condition.rstrip(".") in view.condition.text()
    short = next(start for start, words in picture.passes if "min" in words)
    view.show_picture(
        session.curves(CurvesRequest(window_id=session.window_id(), rack="R01", cells=(5,), start_ns=short), Progress()), PER_VOLT
    )
    assert view.plots == {}
    assert "What settles it" in view.refusal.text.text()


@pytest.mark.parametrize("keys", [OVER_CHARGE, PER_VOLT])
def test_every_curve_is_named_inside_its_plot_also_where_all_end_at_the_bottom(picture, shown, keys):
    made = CurvesView()
    made.show_picture(picture, keys)
    shown(made, 800, 360)
    for key, plot in made.plots.items():
        panel = picture.panel(key)
        names = plot.getPlotItem().getAxis("right")._tickLevels[0]
        low, high = panel.reach()
        assert len(names) == len(panel.curves) == 2
        assert all(low - 1e-9 <= value <= high + 1e-9 for value, _ in names)
        assert abs(names[0][0] - names[1][0]) > 0.02 * (high - low)
