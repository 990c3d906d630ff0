"""Which pixels do many lines cover? Exact for every column of pixels: no sample inside a column is left out, at any zoom.

Shapes: P instants, L lines, W columns, H rows of pixels (row 0 is the top one). A span is the first and the last row that a line covers in a
column, of -1 (above) to H (below); the first is greater than the last where the line has nothing to show. A cover is what all lines of a sheet
cover together, (W, ceil(H / 8)) bytes: bit k of byte j of a column says whether row 8 j + k is covered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from workbench.asset.window import ByteArray, FloatArray, Int16Array, Int64Array

Float32Array = NDArray[np.float32]
Spans = tuple[Int16Array, Int16Array]  # (W, L) first and last row
NOTHING = (32767, -32768)  # a span that covers no row
FEW = 200_000  # pixels up to which each is set by itself
AT_ONCE = 2048  # columns whose rows are summed together


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
    """Lines that share their instants, made ready to be drawn. x: (P,) ascending; low, high: (P, L), NaN where nothing is known; so many pixels wide."""

    def __init__(self, x: FloatArray, low: FloatArray, high: FloatArray, pixels: int = 1) -> None:
        self.x = x
        self.pixels = pixels
        self.low: Float32Array = np.ascontiguousarray(low, np.float32)
        same = low is high or np.array_equal(low, high, equal_nan=True)
        self.high: Float32Array = self.low if same else np.ascontiguousarray(high, np.float32)
        self._scale: tuple[float, float, int] | None = None
        self._steps: ByteArray = np.empty((0, 0), np.uint8)

    def cover(self, frame: Frame) -> ByteArray:
        """What the lines cover together: in every column all samples, and the way from one to the next."""
        edges = frame.left + np.arange(frame.width + 1) / frame.width * (frame.right - frame.left)
        starts = np.searchsorted(self.x, edges)
        inside = (edges[1:] > self.x[0]) & (edges[:-1] <= self.x[-1])
        if (np.diff(starts)[inside] > 0).all():
            return self._of_steps(frame, starts)
        return covered(widened(_rows(frame, *self._between(edges, starts)), self.pixels), frame.height)

    def _of_steps(self, frame: Frame, starts: Int64Array) -> ByteArray:
        """Every column has samples: the steps that begin in it, whose rows stay the same from pan to pan and from zoom to zoom of the time."""
        if self._scale != (frame.bottom, frame.top, frame.height):
            self._scale = frame.bottom, frame.top, frame.height
            upper, lower = _rows(frame, self.low, self.high)
            first, last = upper.copy(), lower.copy()  # the last sample goes nowhere
            np.minimum(upper[:-1], upper[1:], out=first[:-1])
            np.maximum(lower[:-1], lower[1:], out=last[:-1])
            self._steps = covered(widened((first, last), self.pixels), frame.height)
        last_step = np.maximum(starts[1:], 1) - 1
        at = np.minimum(starts[:-1], last_step)
        cover: ByteArray = self._steps[at]
        more = np.empty_like(cover)
        for step in range(1, int((last_step - at).max(initial=0)) + 1):
            np.take(self._steps, np.minimum(at + step, last_step), axis=0, out=more, mode="clip")
            cover |= more
        cover[(starts[1:] == 0) | (starts[:-1] == len(self.x))] = 0  # before the first sample, after the last
        return cover

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


def covered(spans: Spans, height: int) -> ByteArray:
    """The cover of lines by their spans."""
    begin = np.clip(spans[0], 0, height)
    end = np.maximum(np.clip(spans[1], -1, height - 1) + np.int16(1), begin)  # one that covers nothing ends where it begins
    tall = end - begin
    if int(tall.sum(dtype=np.int64)) <= FEW:
        return _set_each(begin, tall, height)
    parts = [_reached(begin[k : k + AT_ONCE], end[k : k + AT_ONCE], height) for k in range(0, len(begin), AT_ONCE)]
    return np.concatenate(parts) if len(parts) > 1 else parts[0]


def _set_each(begin: Int16Array, tall: Int16Array, height: int) -> ByteArray:
    """Pixel by pixel: quick for few of them."""
    size = tall.reshape(-1).astype(np.int64)
    place = np.arange(0, len(begin) * height, height)[:, None] + begin
    at = np.arange(int(size.sum())) + np.repeat(place.reshape(-1) - np.cumsum(size) + size, size)
    hit = np.zeros(len(begin) * height, np.bool_)
    hit[at] = True
    return np.packbits(hit.reshape(-1, height), axis=1, bitorder="little")


def _reached(begin: Int16Array, end: Int16Array, height: int) -> ByteArray:
    """Of all lines that begin in a row or above, how far down does one reach: the row is covered where that is below it."""
    width, bands = len(begin), -(-height // 8)
    reach = np.zeros((8 * bands + 1, width), np.int16)  # one row more for what begins below all
    place = begin.astype(np.intp)
    place *= width
    place += np.arange(width)[:, None]
    np.maximum.at(reach.reshape(-1), place.reshape(-1), end.reshape(-1))
    for above, row in pairwise(list(reach[:height])):
        np.maximum(above, row, out=row)
    hit = (reach[:-1] > np.arange(8 * bands, dtype=np.int16)[:, None]).view(np.uint8).reshape(bands, 8, width)
    cover = hit[:, 0].copy()
    for bit in range(1, 8):
        cover |= hit[:, bit] << np.uint8(bit)
    return np.ascontiguousarray(cover.T)


def stacked(covers: Sequence[ByteArray], height: int) -> ByteArray:
    """(H, W) numbers of up to eight bits, each bit a cover of its own, the lowest first."""
    width, bands = covers[0].shape
    plane = np.zeros((bands, 8, width), np.uint8)
    across, part = np.empty((2, bands, width), np.uint8)
    for place, cover in enumerate(covers):
        across[:] = cover.T
        for bit in range(8):
            move = np.right_shift if bit >= place else np.left_shift
            move(across, np.uint8(abs(bit - place)), out=part)
            part &= np.uint8(1 << place)
            plane[:, bit] |= part
    return plane.reshape(-1, width)[:height]
