"""Selections as values: add, take out, pull a handle."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from workbench.ui.brush import Brush, View, added, handle_at, handles, made_of, nearest, paint_brush, pulled, taken_out

ONE = Brush("R01", 5, 8, 100, 200)


def test_adding_keeps_the_hole_between_and_grows_the_interval():
    both = added(ONE, Brush("R01", 12, 12, 150, 300))
    assert both.cells == (5, 6, 7, 8, 12)
    assert (both.start_ns, both.end_ns) == (100, 300)
    assert added(both, Brush("R02", 1, 2, 0, 9)).rack == "R02"
    assert added(None, ONE) == ONE


def test_taking_out_cells_then_an_end_of_the_interval_then_everything():
    assert taken_out(ONE, Brush("R01", 6, 7, 0, 300)).cells == (5, 8)
    assert taken_out(ONE, Brush("R01", 1, 9, 150, 300)).end_ns == 150
    assert taken_out(ONE, Brush("R01", 1, 9, 50, 150)).start_ns == 150
    assert taken_out(ONE, Brush("R01", 1, 9, 0, 300)) is None
    assert taken_out(ONE, Brush("R02", 5, 8, 0, 300)) == ONE


def test_nothing_is_left_of_no_cells():
    assert made_of("R01", set(), 0, 1) is None


def test_eight_handles_and_the_nearest_wins():
    box = QRectF(10, 20, 100, 60)
    assert set(handles(box)) == {"nw", "n", "ne", "w", "e", "sw", "s", "se"}
    assert handle_at(box, QPointF(111, 79)) == "se"
    assert handle_at(box, QPointF(60, 50)) == ""


@pytest.mark.parametrize(
    ("handle", "cell", "time_ns", "wanted"),
    [("n", 3, 0, (3, 8, 100, 200)), ("s", 10, 0, (5, 10, 100, 200)), ("e", 0, 250, (5, 8, 100, 250)), ("nw", 6, 50, (6, 8, 50, 200)), ("n", 9, 0, (8, 9, 100, 200))],
)  # fmt: skip
def test_pulling_a_handle(handle, cell, time_ns, wanted):
    made = pulled(ONE, handle, cell, time_ns, 1)
    assert (made.first_cell, made.last_cell, made.start_ns, made.end_ns) == wanted


def halo_at_the_middle_of_the_top(qapp, tall):
    image = QImage(200, 120, QImage.Format.Format_RGB32)
    image.fill(0xFF2266AA)
    p = QPainter(image)
    paint_brush(p, QRectF(40, 40, 100, tall), QRectF(0, 0, 200, 120))
    p.end()
    top = round(handles(QRectF(40, 40, 100, tall))["n"].y())
    return image.pixel(90, top - 3) != 0xFF2266AA


def test_a_small_selection_has_handles_at_its_corners_only(qapp):
    assert halo_at_the_middle_of_the_top(qapp, 60)
    assert not halo_at_the_middle_of_the_top(qapp, 10)


def test_handles_never_cover_what_is_small():
    small = QRectF(100, 50, 3, 2)
    for point in handles(small).values():
        assert not small.adjusted(-3, -3, 3, 3).contains(point), "a handle is six pixels wide"
    large = QRectF(100, 50, 200, 100)
    assert handles(large)["nw"] == large.topLeft()
    assert handle_at(small, handles(small)["se"]) == "se"


def test_a_view_is_zoomed_about_an_instant_moved_and_given_to_racks():
    view = View(1000, 2000, ("R02",), 3, 9)
    assert view.zoomed(0.5) == View(1250, 1750, ("R02",), 3, 9)
    assert view.zoomed(0.5, 1000) == View(1000, 1500, ("R02",), 3, 9)
    assert view.panned(-0.25) == View(750, 1750, ("R02",), 3, 9)
    assert view.of_racks("R01") == View(1000, 2000, ("R01",))
    assert view.of_racks() == View(1000, 2000)


@pytest.mark.parametrize(("time_ns", "wanted"), [(0, 100), (140, 100), (150, 100), (151, 200), (290, 250), (999, 250)])
def test_the_nearest_edge_inside_the_window(time_ns, wanted):
    assert nearest(np.array([100, 200, 300]), time_ns, (100, 250)) == wanted
