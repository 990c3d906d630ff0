"""Which pixels do many lines cover? Exact for every column of pixels: no sample inside a column is left out, at any zoom.

Shapes: P instants, L lines, W columns, H rows of pixels (row 0 is the top one). A span is the first and the last row that a line covers in a
column, of -1 (above) to H (below); the first is greater than the last where the line has nothing to show.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from workbench.asset.window import BoolArray, ByteArray, FloatArray, Int16Array, Int64Array

Float32Array = NDArray[np.float32]
Spans = tuple[Int16Array, Int16Array]  # (W, L) first and last row
NOTHING = (32767, -32768)  # a span that covers no row
FEW = 200_000  # pixels up to which each is set by itself
COUNTED = 250  # lines that are counted at once in a byte


@dataclass(frozen=True, slots=True)
class Frame:
    """What is in view: left to right over W columns, bottom to top over H rows."""

    left: float
    right: float
    bottom: float
    top: float
    width: int
    height: int


class LineSheet:
    """Lines that share their instants, made ready to be drawn. x: (P,) ascending; low, high: (P, L), NaN where nothing is known."""

    def __init__(self, x: FloatArray, low: FloatArray, high: FloatArray) -> None:
        self.x = x
        self.low: Float32Array = np.ascontiguousarray(low, np.float32)
        same = low is high or np.array_equal(low, high, equal_nan=True)
        self.high: Float32Array = self.low if same else np.ascontiguousarray(high, np.float32)
        self._scale: tuple[float, float, int] | None = None
        self._rows: Spans = np.empty((0, 0), np.int16), np.empty((0, 0), np.int16)

    def spans(self, frame: Frame) -> Spans:
        """What each line covers: in every column all its samples, and the way from one to the next."""
        edges = frame.left + np.arange(frame.width + 1) / frame.width * (frame.right - frame.left)
        starts = np.searchsorted(self.x, edges)
        inside = (edges[1:] > self.x[0]) & (edges[:-1] <= self.x[-1])
        if (np.diff(starts)[inside] > 0).all():
            return self._of_samples(frame, starts)
        return _rows(frame, *self._between(edges, starts))

    def _of_samples(self, frame: Frame, starts: Int64Array) -> Spans:
        """Every column has samples: all of them and the first of the next column, in whole rows that stay from pan to pan."""
        if self._scale != (frame.bottom, frame.top, frame.height):
            self._scale = frame.bottom, frame.top, frame.height
            self._rows = _rows(frame, self.low, self.high)
        upper, lower = self._rows
        alike = upper is lower
        last = np.minimum(starts[1:] + 1, len(self.x)) - 1  # with the sample that the line goes on to
        at = np.minimum(starts[:-1], last)
        first_row = upper[at]
        last_row = first_row.copy() if alike else lower[at]
        for step in range(1, int((last - at).max(initial=0)) + 1):
            then = np.minimum(at + step, last)
            row = upper[then]
            np.minimum(first_row, row, out=first_row)
            np.maximum(last_row, row if alike else lower[then], out=last_row)
        none = (starts[1:] == 0) | (starts[:-1] == len(self.x))  # before the first sample, after the last
        first_row[none], last_row[none] = NOTHING
        return first_row, last_row

    def _between(self, edges: FloatArray, starts: Int64Array) -> tuple[Float32Array, Float32Array]:
        """(W, L) lowest and highest value in each column: samples in it and the line at both its edges."""
        low, high = _pair(np.fmin, self._at(self.low, edges)), _pair(np.fmax, self._at(self.high, edges))
        begin, count = starts[:-1], np.diff(starts)
        for step in range(int(count.max(initial=0))):
            has = np.flatnonzero(count > step)
            low[has] = np.fmin(low[has], self.low[begin[has] + step])
            high[has] = np.fmax(high[has], self.high[begin[has] + step])
        return low, high

    def _at(self, values: Float32Array, x: FloatArray) -> Float32Array:
        """(len(x), L) the lines at places between their samples; NaN outside."""
        if len(self.x) < 2:
            return np.full((len(x), values.shape[1]), np.nan, np.float32)
        left = np.clip(np.searchsorted(self.x, x, side="right") - 1, 0, len(self.x) - 2)
        share = (x - self.x[left]) / (self.x[left + 1] - self.x[left])
        share[(share < 0) | (share > 1)] = np.nan
        step = values[left + 1]
        step -= values[left]
        step *= share.astype(np.float32)[:, None]
        step += values[left]
        return step

    def near(self, x: float) -> tuple[Float32Array, Float32Array]:
        """(L,) lowest and highest value of each line at a place."""
        at = np.array([x])
        return self._at(self.low, at)[0], self._at(self.high, at)[0]


def _pair(lesser: np.ufunc, edges: Float32Array) -> Float32Array:
    return np.asarray(lesser(edges[:-1], edges[1:]))


def _rows(frame: Frame, low: Float32Array, high: Float32Array) -> Spans:
    """Rows of values; NaN covers nothing."""
    scale = frame.height / (frame.top - frame.bottom)

    def row(values: Float32Array, nothing: int) -> Int16Array:
        place = np.clip(np.floor((frame.top - values) * np.float32(scale)), -1, frame.height)
        return np.asarray(np.where(np.isnan(place), nothing, place).astype(np.int16))

    upper = row(high, NOTHING[0])
    return (upper, upper) if low is high and not (upper == NOTHING[0]).any() else (upper, row(low, NOTHING[1]))


def widened(spans: Spans, pixels: int) -> Spans:
    """The same as lines of so many pixels."""
    first, last = spans
    if pixels == 1:
        return spans
    has = first <= last
    return np.where(has, first - (pixels - 1) // 2, first), np.where(has, last + pixels // 2, last)


def paint_spans(plane: ByteArray, spans: Spans, mark: int) -> None:
    """Every pixel of (H, W) that a span covers gets the mark, unless it has a greater one; lines that cover each other are one."""
    height = len(plane)
    begin = np.clip(spans[0], 0, height)
    end = np.maximum(np.clip(spans[1], -1, height - 1) + np.int16(1), begin)  # one that covers nothing ends where it begins
    tall = end - begin
    if int(tall.sum(dtype=np.int64)) <= FEW:
        _set_each(plane, begin, tall, mark)
        return
    for first in range(0, begin.shape[1], COUNTED):
        some = slice(first, first + COUNTED)
        hit = _counted(begin[:, some], end[:, some], height).view(np.uint8)
        np.maximum(plane, np.multiply(hit, np.uint8(mark), out=hit), out=plane)


def _set_each(plane: ByteArray, begin: Int16Array, tall: Int16Array, mark: int) -> None:
    """Pixel by pixel: quick for few lines."""
    size = tall.reshape(-1).astype(np.int64)
    column = np.repeat(np.arange(len(begin)), begin.shape[1])
    down = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size)
    at = (np.repeat(begin.reshape(-1).astype(np.int64), size) + down) * plane.shape[1] + np.repeat(column, size)
    flat = plane.reshape(-1)
    flat[at] = np.maximum(flat[at], np.uint8(mark))


def _counted(begin: Int16Array, end: Int16Array, height: int) -> BoolArray:
    """Of up to 255 lines: one more where a span begins, one less below its end, summed from the top."""
    width = len(begin)
    count = np.zeros((height + 1, width), np.uint8)
    flat = count.reshape(-1)
    np.add.at(flat, _places(begin, width), np.uint8(1))
    np.subtract.at(flat, _places(end, width), np.uint8(1))
    rows = list(count[:height])
    for above, row in pairwise(rows):
        np.add(row, above, row)
    return np.asarray(count[:height] != 0)


def _places(row: Int16Array, width: int) -> Int64Array:
    place = np.multiply(row, width, dtype=np.int64)
    place += np.arange(width)[:, None]
    return place.reshape(-1)
