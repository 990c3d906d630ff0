"""Bars stand where the numbers are; a step without a number has none."""

from dataclasses import replace

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


def test_where_no_step_is_established_there_is_no_axis_but_the_reason(qtbot):
    """An axis from 0 to 1 MWh under nothing but hatched boxes looked like a scale somebody had measured on."""
    unknown = [replace(bar, kind="unknown", text="not established", why="Neither rating is declared.") for bar in WATERFALL.bars[:2]]
    plot = WaterfallPlot()
    qtbot.addWidget(plot)
    plot.resize(620, 300)
    plot.show_picture(replace(WATERFALL, bars=tuple(unknown)))
    image = plot.grab().toImage()
    ground = colour("surface").rgb()
    assert all(image.pixel(x, y) == ground for x in range(0, 40, 2) for y in range(150, 298, 2)), "no figures of an axis"
    assert any(image.pixel(x, y) != ground for x in range(52, 300) for y in range(16, 40)), "words"


def test_what_would_settle_a_refusal_stands_below_its_reason(qtbot):
    def inked(settles):
        unknown = [replace(bar, kind="unknown", text="not established", why="No rating.", settles=settles) for bar in WATERFALL.bars[:1]]
        plot = WaterfallPlot()
        qtbot.addWidget(plot)
        plot.resize(620, 300)
        plot.show_picture(replace(WATERFALL, bars=tuple(unknown)))
        image = plot.grab().toImage()
        return any(image.pixel(x, y) != colour("surface").rgb() for x in range(52, 400, 2) for y in range(40, 100))

    assert inked("The data sheet of the site.")
    assert not inked("")
