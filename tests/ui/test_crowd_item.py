"""Many racks as one picture: all are there, a pan shows what a new drawing would, a click finds its rack."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from workbench.ui import crowd_item, divergence_plot
from workbench.ui.crowd_item import BAND, BOTH, CLEAR, QUIET, REFERENCE, SECOND, SUBJECT, CrowdItem
from workbench.ui.divergence_plot import DivergencePlot
from workbench.viewmodels.line_pixels import Frame, stacked
from workbench.viewmodels.pictures import Caption, DivergencePicture, Line, RackRow

RACKS, POINTS, HOUR = 60, 500, 3_600_000_000_000


@pytest.fixture
def picture():
    """60 racks: each a level of its own, the fourth flagged, the seventh with one peak."""
    time_ns = 1_772_406_000_000_000_000 + np.arange(POINTS) * HOUR
    lines = []
    for k in range(RACKS):
        value = np.full(POINTS, 10.0 + 0.5 * k)
        if k == 6:
            value[POINTS // 2] = 60.0
        lines.append(Line(f"R{k:02d}", time_ns, value, value, value, "subject" if k == 3 else "quiet"))
    flat = np.full(POINTS, 25.0)
    rows = tuple(RackRow(f"R{k:02d}", "", (), 0, 0, 0, 0, 0, None, "", 0, "in band", "good") for k in range(RACKS))
    words = Caption("Spread", "spread", "mV", "one point", "window", "00", "UTC")
    return DivergencePicture(words, tuple(lines), Line("fleet", time_ns, flat - 8, flat, flat + 8), None, "", rows, 5.0, 0.0)


@pytest.fixture
def plot(picture, shown):
    made = DivergencePlot()
    made.resize(900, 500)
    made.show_picture(
        picture, "R10", alone=False, limit_mv=None, span=(int(picture.lines[0].time_ns[0]), int(picture.lines[0].time_ns[-1]))
    )
    shown(made, 900, 500)
    return made


def item_of(plot):
    return next(i for i in plot.plot.getPlotItem().items if isinstance(i, CrowdItem))


def plane_of(plot):
    plot.plot.viewport().repaint()
    return item_of(plot)._drawn.plane


def test_every_rack_is_drawn_each_in_its_own_part(plot):
    plane = plane_of(plot)
    middle = plane[:, plane.shape[1] // 3]
    assert {CLEAR, QUIET, BAND, BOTH, SECOND, SUBJECT} <= set(np.unique(plane).tolist())
    lines = np.isin(middle, (QUIET, BOTH, SECOND, SUBJECT))
    starts = (np.diff(lines.astype(int)) == 1).sum()
    assert starts >= RACKS - 3  # the median lies on one of them, the widest touches its neighbour


def test_a_peak_of_one_period_is_seen(plot):
    plane = plane_of(plot)
    high = plane[: plane.shape[0] // 4]
    assert high.any()
    assert np.flatnonzero(high.any(axis=0)).size <= 6


def test_what_lies_above_hides_what_is_below_but_not_the_lines_in_the_band(plot):
    plane = plane_of(plot)
    item = item_of(plot)
    drawn = item._drawn
    bottom, top, height = drawn.scale
    width = plane.shape[1]
    frame = Frame(drawn.first * drawn.across, (drawn.first + width) * drawn.across, bottom, top, width, height)
    expected = np.zeros_like(plane)
    for mark, sheet, _ in item._layers:
        shown = stacked([sheet.cover(frame)], height).astype(bool)
        if mark == BAND:
            expected[shown] += BAND
        elif mark == REFERENCE:
            dashes = (drawn.first + np.arange(width)) % (crowd_item.DASH + crowd_item.GAP) < crowd_item.DASH
            expected[shown & dashes] = mark
        else:
            expected[shown] = mark
    assert {QUIET, BAND, BOTH, REFERENCE, SECOND, SUBJECT} <= set(np.unique(expected).tolist())
    assert np.array_equal(plane, expected)


@pytest.mark.parametrize("steps", [(0.013, 0.021), (-0.05, 0.002), (0.4, -0.7), (0.11, 3.0)])
def test_a_pan_shows_what_a_new_drawing_would(plot, steps):
    view = plot.plot.getPlotItem().vb
    low, high = view.viewRange()[0]
    plane_of(plot)
    for step in steps:
        low, high = low + step * (high - low), high + step * (high - low)
        plot.plot.setXRange(low, high, padding=0)
        moved = plane_of(plot)
    item = item_of(plot)
    drawn = item._drawn
    assert np.array_equal(moved, item._columns(drawn.across, drawn.first, moved.shape[1], drawn.scale))


def test_a_click_near_a_line_names_its_rack(plot, qtbot):
    item, view = item_of(plot), plot.plot.getPlotItem().vb
    plane_of(plot)
    x = view.viewRange()[0][0] + 0.3 * (view.viewRange()[0][1] - view.viewRange()[0][0])

    class Click:
        def __init__(self, y):
            self.where, self.taken = QPointF(x, y), False

        def pos(self):
            return self.where

        def double(self):
            return False

        def accept(self):
            self.taken = True

    with qtbot.waitSignal(plot.rack_clicked) as caught:
        item.mouseClickEvent(Click(10.0 + 0.5 * 21))
    assert caught.args == ["R21"]
    far = Click(58.0)
    with qtbot.assertNotEmitted(plot.rack_clicked):
        item.mouseClickEvent(far)
    assert not far.taken


def test_few_racks_are_lines_of_their_own(picture, monkeypatch, shown):
    monkeypatch.setattr(divergence_plot, "MOST_LINES", RACKS)
    made = DivergencePlot()
    made.show_picture(replace(picture), "R10", alone=False, limit_mv=None, span=(0, HOUR))
    shown(made, 600, 300)
    assert not any(isinstance(i, CrowdItem) for i in made.plot.getPlotItem().items)


def scene_place(plot, rack, share=0.5):
    """Where the line of a rack stands in the scene."""
    view = plot.plot.getPlotItem().vb
    left, right = view.viewRange()[0]
    return view.mapViewToScene(QPointF(left + share * (right - left), 10.0 + 0.5 * rack))


def test_a_line_of_a_crowd_lights_its_rack_and_is_lit(plot):
    told = []
    plot.rack_pointed.connect(told.append)
    plot._moved(scene_place(plot, 20, 0.25))
    assert told == ["R20"]
    plot.light("R20", 0)
    x, y = plot._over.getData()
    assert len(x) == POINTS
    assert (y == 20.0).all()
    plot.light("", 0)
    assert plot._over.getData()[0] is None or not len(plot._over.getData()[0])


def test_a_second_click_soon_after_opens_the_rack_and_does_not_choose_again(plot):
    class Click:
        def __init__(self, at):
            self._at, self.accepted = at, False

        def double(self):
            return True

        def scenePos(self):
            return self._at

        def pos(self):
            return item_of(plot).mapFromScene(self._at)

        def accept(self):
            self.accepted = True

    opened, chosen = [], []
    plot.rack_opened.connect(opened.append)
    plot.rack_clicked.connect(chosen.append)
    click = Click(scene_place(plot, 30, 0.25))
    item_of(plot).mouseClickEvent(click)
    plot._twice(click)
    assert (opened, chosen) == (["R30"], [])
    assert click.accepted, "it pins no instant"
