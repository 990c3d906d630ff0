"""One painted layer of marks: only what is in view, at once, hit by the pointer."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPixmap

from workbench.ui.marks_layer import MarksLayer
from workbench.viewmodels.marks import Mark, MarkIndex

BOX = QRectF(0, 0, 800, 400)


def place(index, table):
    return table.start_ns / 100, table.first_cell * 1.0, table.end_ns / 100, table.last_cell + 1.0


def painted(layer, key=0, span=(0, 80_000), over=None):
    pixels = QPixmap(800, 400)
    pixels.fill()
    p = QPainter(pixels)
    layer.paint(p, BOX, span, key, place, over)
    p.end()
    return pixels


def test_a_small_mark_is_still_seven_pixels_and_can_be_hit(qapp):
    layer = MarksLayer()
    layer.show_marks(MarkIndex([Mark("F-01", "R01", 100, 100, 40_000, 40_010, "F-01", "bad")]))
    painted(layer)
    assert layer.at(QPointF(402, 102)).key == "F-01"
    assert layer.at(QPointF(300, 102)) is None


def test_the_layer_is_drawn_again_only_when_the_view_changed(qapp):
    layer = MarksLayer()
    layer.show_marks(MarkIndex([Mark("a", "R01", 10, 20, 100, 2000)]))
    painted(layer, key=1)
    kept = layer._pixels
    painted(layer, key=1)
    assert layer._pixels is kept
    painted(layer, key=2)
    assert layer._pixels is not kept


@pytest.mark.parametrize(("cell", "expected"), [(100, "above"), (14, "below")])
def test_no_word_lies_under_the_handles_of_a_selection(qapp, cell, expected):
    """The flag of a finding stands just above it, where the handles of its own selection are."""
    layer = MarksLayer()
    layer.show_marks(MarkIndex([Mark("F-01", "R01", cell, cell, 40_000, 42_000, "F-01", "bad")]))
    over = QRectF(392, cell - 13, 36, 27)
    bare, beside = painted(layer).toImage(), painted(layer, over=over).toImage()

    def inked(image, where):
        rows = range(max(int(where.top()), 0), int(where.bottom()))
        return sum(image.pixelColor(x, y).value() < 200 for y in rows for x in range(int(where.left()), int(where.right())))

    flag = QRectF(398, max(cell - 25, 0), 34, 15)
    moved = QRectF(398, over.top() - 18, 34, 16) if expected == "above" else QRectF(398, over.bottom() + 1, 34, 17)
    assert inked(bare, flag.intersected(over)) > 10, "without knowing of it the word lies there"
    assert inked(beside, moved) > 40
    assert inked(beside, QRectF(over.left(), over.top(), over.width(), 8)) == 0


@pytest.mark.parametrize("count", [10_000])
def test_ten_thousand_marks_are_shown_within_a_second_and_panned_quickly(qapp, count):
    chance = np.random.default_rng(3)
    starts, cells = chance.integers(0, 8_000_000, count), chance.integers(1, 390, count)
    marks = [Mark(str(i), "R01", int(c), int(c) + 2, int(s), int(s) + 3000) for i, (s, c) in enumerate(zip(starts, cells, strict=True))]
    layer = MarksLayer()
    began = time.perf_counter()
    layer.show_marks(MarkIndex(marks))
    painted(layer, key=0, span=(0, 8_000_000))
    assert time.perf_counter() - began < 1.0
    assert layer._shown
