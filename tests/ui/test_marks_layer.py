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


def painted(layer, key=0, span=(0, 80_000)):
    pixels = QPixmap(800, 400)
    pixels.fill()
    p = QPainter(pixels)
    layer.paint(p, BOX, span, key, place)
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
