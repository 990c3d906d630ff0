"""Rack headings stay in the part of a rack that is seen."""

from itertools import pairwise

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from workbench.ui.heatmap_headings import NAME, named, paint_heading, paint_numbers, physical, rows_of
from workbench.ui.theme import colour
from workbench.viewmodels.pictures import RackRows

RACK = RackRows("R07", "string 7", 3, 40, tuple(range(1, 41)), "bad")


def drawn(act):
    image = QImage(200, 300, QImage.Format.Format_RGB32)
    image.fill(colour("surface"))
    p = QPainter(image)
    act(p)
    p.end()
    return image


def rows_with_ink(image, left, right):
    ground = colour("surface").rgb()
    return [y for y in range(image.height()) if any(image.pixel(x, y) != ground for x in range(left, right))]


def test_a_heading_half_out_of_view_stands_in_what_is_seen(qapp):
    image = drawn(lambda p: paint_heading(p, RACK, QRectF(0, -200, 200, 300), QRectF(0, 0, 200, 300), chosen=False))
    rows = rows_with_ink(image, 16, 46)
    assert 35 < min(rows) < max(rows) < 65


def test_numbers_keep_clear_of_the_heading(qapp):
    image = drawn(lambda p: paint_numbers(p, RACK, QRectF(0, 0, 200, 300), "C"))
    assert not [y for y in rows_with_ink(image, 20, 70) if 145 < y < 155]
    assert rows_with_ink(image, 20, 70)


def test_rows_of_cells_in_both_orders():
    assert physical(RACK, 1.0)
    assert rows_of(RACK, 1.0, 5, 8) == (4, 7)
    assert rows_of(RACK, 1.0, 41, 50) is None
    worst = RackRows("R07", "", 0, 4, (9, 2, 7, 5))
    assert not physical(worst, 1.0)
    assert rows_of(worst, 1.0, 5, 7) == (2, 3)
    pairs = RackRows("R07", "", 0, 3, (1, 3, 5))
    assert rows_of(pairs, 2.0, 4, 4) == (1, 1)


def test_where_racks_are_lower_than_a_line_of_text_names_keep_apart_and_the_flagged_come_first(qapp):
    """48 racks on 384 pixels had no name at all."""
    racks = [(RackRows(f"R{i:02d}", "", i, 1, (1,), "bad" if i == 17 else ""), QRectF(0, 8 * i, 200, 8)) for i in range(48)]
    names = named(racks, QRectF(72, 0, 128, 384), chosen="R30")
    assert {"R17", "R30"} <= names
    assert 16 <= len(names) <= 30
    middles = sorted(place.center().y() for rack, place in racks if rack.rack in names)
    assert min(b - a for a, b in pairwise(middles)) >= NAME
    assert len(named([(rack, QRectF(0, 20 * i, 200, 20)) for i, (rack, _) in enumerate(racks)], QRectF(72, 0, 128, 960), "")) == 48
