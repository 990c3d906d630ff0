"""pyqtgraph, dressed, without its own averaging."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtGui import QPainter, QPicture

from workbench.ui import plots
from workbench.viewmodels.pictures import Line

START = 1_772_406_000_000_000_000
TIME = START + np.arange(100, dtype=np.int64) * 3_600_000_000_000
MID = np.full(100, 3.3)


def test_both_extremes_of_each_column_are_drawn(qtbot):
    low, high = MID.copy(), MID.copy()
    low[40] = 2.5
    widget = plots.plot("Europe/Berlin", "x")
    qtbot.addWidget(widget)
    plots.add_line(widget, Line("C1", TIME, low, MID, high))
    curve = widget.getPlotItem().items[0]
    assert 2.5 in curve.yData
    assert len(curve.yData) == 200


def test_axes_show_the_clock_of_the_site_and_round_values(qtbot):
    widget = plots.plot("Europe/Berlin", "Voltage over time", 100)
    qtbot.addWidget(widget)
    widget.resize(600, 300)
    widget.show()
    plots.add_line(widget, Line("C1", TIME, MID, MID + np.linspace(0, 0.3, 100), MID))
    widget.setXRange(TIME[0] / plots.NS, TIME[-1] / plots.NS, padding=0)
    axis = widget.getAxis("bottom")
    ticks = axis.tickValues(TIME[0] / plots.NS, TIME[-1] / plots.NS, 500)[0][1]
    labels = axis.tickStrings(ticks, 1, 1)
    assert labels[0] in ("2 Mar", "3 Mar"), "the first day names its month"
    assert labels[1].split()[0] in ("Tue", "Wed", "12:00")
    left = widget.getAxis("left")
    assert all("." in text or text.isdigit() for text in left.tickStrings([3.3, 3.4], 1, 1))


def test_names_at_the_lines_never_overlap(qtbot):
    widget = plots.plot("UTC", "x", 140)
    qtbot.addWidget(widget)
    axis = widget.getAxis("right")
    axis.show_names([(100.0, "R01"), (101.0, "R02"), (300.0, "R03")], apart=20.0)
    placed = sorted(axis._tickLevels[0])
    assert [b - a >= 20 for (a, _), (b, _) in pairwise(placed)] == [True, True]
    assert [text for _, text in placed] == ["R01", "R02", "R03"]


def test_bands_and_limits_are_part_of_the_plot(qtbot):
    widget = plots.plot("UTC", "x")
    qtbot.addWidget(widget)
    plots.add_band(widget, Line("band", TIME, MID - 0.1, MID, MID + 0.1, "reference"))
    plots.add_limit(widget, 60.0, "limit 60 mV, set by reviewer")
    assert len(widget.getPlotItem().items) >= 3


def test_a_band_is_not_tinted_across_a_hole(qtbot):
    low = MID - 0.1
    low[40:60] = np.nan
    widget = plots.plot("UTC", "x")
    qtbot.addWidget(widget)
    plots.add_band(widget, Line("band", TIME, low, MID, MID + 0.1, "reference"))
    tints = [item for item in widget.getPlotItem().items if isinstance(item, plots.pg.FillBetweenItem)]
    spans = [(tint.curves[0].xData[0], tint.curves[0].xData[-1]) for tint in tints]
    assert spans == [(TIME[0] / plots.NS, TIME[39] / plots.NS), (TIME[60] / plots.NS, TIME[99] / plots.NS)]


def test_a_short_axis_keeps_its_zero(qtbot):
    widget = plots.plot("Europe/Berlin", "Current over time")
    qtbot.addWidget(widget)
    plots.name_plot(widget, "Current, A")
    current = np.where((TIME > TIME[30]) & (TIME < TIME[60]), -68.0, 0.0)
    plots.add_line(widget, Line("I", TIME, current, current, current))
    widget.resize(600, 96)
    widget.show()
    qtbot.waitExposed(widget)
    widget.grab()
    axis = widget.getPlotItem().getAxis("left")
    picture = QPicture()
    painter = QPainter(picture)
    words = [text for _, _, text in axis.generateDrawSpecs(painter)[2]]
    painter.end()
    assert "0" in words


def test_of_several_plots_below_each_other_only_the_last_shows_the_time(qtbot):
    for shown in (True, False):
        widget = plots.plot("Europe/Berlin", "Voltage over time", 100)
        qtbot.addWidget(widget)
        plots.show_time(widget, shown=shown)
        widget.resize(600, 200)
        widget.show()
        axis = widget.getPlotItem().getAxis("bottom")
        assert axis.style["showValues"] is shown
        assert (axis.height() > 12) is shown


def test_a_name_wider_than_its_gutter_is_shortened_not_left_out(qtbot):
    axis = plots.NamesAxis(140)
    axis.show_names([(1.0, "R05 with a name that no gutter of this width can ever hold"), (2.0, "R02 weak cell")], 0.1)
    (placed,) = axis._tickLevels
    assert placed[1][1] == "R02 weak cell"
    assert placed[0][1].startswith("R05 with")
    assert placed[0][1].endswith("…")


def test_lines_of_a_plot_stand_where_they_are_told_or_nowhere(qtbot):
    widget = plots.plot("UTC", "empty")
    qtbot.addWidget(widget)
    cursor, pin = plots.instant_lines(widget)
    assert not cursor.isVisible()
    plots.stand(pin, 4.0)
    assert (pin.isVisible(), pin.value()) == (True, 4.0)
    plots.stand(pin, None)
    assert not pin.isVisible()


@pytest.mark.parametrize("height", [60, 95, 104, 137, 150, 170, 205, 333])
def test_the_figures_of_an_axis_say_where_they_stand_at_any_height(qtbot, height):
    widget = plots.plot("UTC", "voltage over time")
    qtbot.addWidget(widget)
    widget.resize(500, height)
    widget.show()
    widget.setYRange(2.87, 3.61, padding=0)
    axis = widget.getPlotItem().getAxis("left")
    values = axis.tickValues(*axis.range, axis.size().height())[0][1]
    assert [float(text) for text in axis.tickStrings(values, 1.0, 1.0)] == pytest.approx(values)
    shifted = axis.tickValues(*axis.range, 2 * axis.size().height())[0][1]
    assert [float(text) for text in axis.tickStrings(shifted, 1.0, 1.0)] == pytest.approx(shifted), "whatever length it was asked with"


def test_cursor_and_pin_are_as_strong_on_a_fine_screen(qtbot, monkeypatch):
    widget = plots.plot("UTC", "voltage over time")
    qtbot.addWidget(widget)
    monkeypatch.setattr(widget, "devicePixelRatioF", lambda: 3.0)
    cursor, pin = plots.instant_lines(widget)
    assert (cursor.pen.widthF(), pin.pen.widthF()) == (3.0, 6.0)
