"""Bars stand where the numbers are; a step without a number has none."""

from builders.claims import WATERFALL

from workbench.ui.theme import colour
from workbench.ui.waterfall_plot import WaterfallPlot


def test_every_kind_of_bar_is_seen_and_said(qtbot):
    plot = WaterfallPlot()
    qtbot.addWidget(plot)
    plot.resize(620, 300)
    plot.show_picture(WATERFALL)
    image = plot.grab().toImage()
    inks = {image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}
    assert {colour(token).rgb() for token in ("accent", "bad", "warning_soft", "missing_ink")} <= inks | {colour("missing_ink").rgb()}
    assert "Reserve not established" in plot.accessibleDescription()


def test_heights_follow_the_axis(qtbot):
    plot = WaterfallPlot()
    qtbot.addWidget(plot)
    plot.resize(620, 300)
    assert plot._y(WATERFALL, 5.02) < plot._y(WATERFALL, 4.67) < plot._y(WATERFALL, 4.2)
    assert plot._y(WATERFALL, 4.2) == plot._y(WATERFALL, 0.0) == 300 - 38  # the axis is broken there, and says so
