"""No sample inside a column of pixels is left out, at any zoom."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.viewmodels import line_pixels
from workbench.viewmodels.line_pixels import Frame, LineSheet, covered, stacked, widened


def row(frame, value):
    return int(np.clip(np.floor((frame.top - value) * frame.height / (frame.top - frame.bottom)), -1, frame.height))


def drawn(sheet, frame):
    """(H, W) whether a pixel is covered."""
    return stacked([sheet.cover(frame)], frame.height).astype(bool)


def ends(plane):
    """First and last covered row of every column, the first beyond the last where there is none."""
    some = plane.any(axis=0)
    last = len(plane) - 1 - plane[::-1].argmax(axis=0)
    return np.where(some, plane.argmax(axis=0), 32767), np.where(some, last, -32768)


def naive(x, y, frame):
    """(first, last) row per column of one line: its samples there, and itself at both edges of the column."""
    spans = []
    for column in range(frame.width):
        left, right = (frame.left + k / frame.width * (frame.right - frame.left) for k in (column, column + 1))
        seen = [v for t, v in zip(x, y, strict=True) if left <= t < right]
        seen += [float(np.interp(e, x, y)) for e in (left, right) if x[0] <= e <= x[-1]]
        spans.append((row(frame, max(seen)), row(frame, min(seen))) if seen else None)
    return spans


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 300), st.integers(0, 10_000), st.floats(0, 0.7), st.floats(0.05, 1.2))
def test_every_column_covers_the_whole_line_in_it(samples, seed, start, share):
    """Whether columns hold many samples or few; a column that has samples may also show the way on to the next one."""
    chance = np.random.default_rng(seed)
    x, y = np.sort(chance.choice(1000, samples, replace=False)).astype(float), chance.uniform(0, 50, samples).astype(np.float32)
    frame = Frame(1000 * start, 1000 * (start + share), -5.0, 55.0, 64, 120)
    plane = drawn(LineSheet(x, y[:, None], y[:, None]), frame)
    first, last = ends(plane)
    assert np.array_equal(plane.sum(axis=0), np.maximum(last - first + 1, 0))  # without a hole
    dense = (first <= last).sum()
    for column, expected in enumerate(naive(x, y, frame)):
        got = int(first[column]), int(last[column])
        if expected is None:
            assert got[0] > got[1]
            continue
        inside = [
            row(frame, v)
            for t, v in zip(x, y, strict=True)
            if frame.left + column / 64 * (frame.right - frame.left) <= t < frame.left + (column + 1) / 64 * (frame.right - frame.left)
        ]
        for one in inside:
            assert got[0] - 1 <= one <= got[1] + 1
    assert dense or not any(naive(x, y, frame))


def test_one_peak_is_kept_at_every_zoom():
    x, y = np.arange(100_000.0), np.full((100_000, 3), 10.0, np.float32)
    y[43_210, 1] = 50.0
    sheet = LineSheet(x, y, y)
    for share in (1.0, 0.3, 0.03, 0.003, 0.0003):
        frame = Frame(43_210 - 50_000 * share, 43_210 + 50_000 * share, 0.0, 60.0, 800, 300)
        plane = drawn(sheet, frame)
        assert plane[row(frame, 50.0)].any(), share
        assert not plane[row(frame, 50.0) - 2].any()


def test_a_line_is_unbroken_and_a_gap_is_not_bridged():
    x = np.arange(4000.0)
    y = (30 + 25 * np.sin(x / 40))[:, None]
    for width in (500, 3000, 9000):  # many samples a column, about one, less than one
        first, last = ends(drawn(LineSheet(x, y, y), Frame(0, 3999, 0.0, 60.0, width, 400)))
        assert (first <= last).all()
        assert (np.maximum(first[1:], first[:-1]) <= np.minimum(last[1:], last[:-1]) + 1).all()
    y[1000:2000] = np.nan
    for width in (500, 9000):
        empty = ~drawn(LineSheet(x, y, y), Frame(0, 3999, 0.0, 60.0, width, 400)).any(axis=0)
        assert 0.24 * width < empty.sum() <= 0.26 * width
        assert empty[int(0.26 * width) : int(0.49 * width)].all()


def test_low_and_high_are_both_shown():
    x = np.arange(100.0)
    sheet = LineSheet(x, np.full((100, 1), 10.0), np.full((100, 1), 20.0))
    for width in (50, 1000):
        plane = drawn(sheet, Frame(0, 99, 0.0, 30.0, width, 300))
        assert plane[100:201].all()
        assert not plane[:100].any()
        assert not plane[201:].any()


@pytest.mark.parametrize("lines", [1, 40, 600])
@pytest.mark.parametrize("height", [79, 80])
def test_few_and_many_lines_are_painted_alike(monkeypatch, lines, height):
    """Each filled by itself or all at once, in one go or in several: spans above, below, and of nothing included."""
    chance = np.random.default_rng(lines)
    first = chance.integers(-1, height, (50, lines)).astype(np.int16)
    last = np.minimum(first + chance.integers(-1, 30, first.shape), height).astype(np.int16)
    first[7], last[7] = 32767, -32768
    first[8], last[8] = height, height
    first[9], last[9] = -1, -1
    planes = []
    for few, at_once in ((10**9, 10**9), (0, 10**9), (0, 16)):
        monkeypatch.setattr(line_pixels, "FEW", few)
        monkeypatch.setattr(line_pixels, "AT_ONCE", at_once)
        planes.append(stacked([covered((first, last), height)], height))
    expected = np.zeros((height, 50), np.uint8)
    for column in range(50):
        for a, b in zip(first[column].tolist(), last[column].tolist(), strict=True):
            expected[max(a, 0) : max(b + 1, 0), column] = 1
    assert not expected[:, 7:10].any()
    for plane in planes:
        assert np.array_equal(plane, expected)


def test_covers_are_bits_of_one_number():
    """Three covers, of which every pixel tells which ones it lies in."""
    chance = np.random.default_rng(1)
    rows = chance.integers(-1, 21, (2, 3, 30, 2)).astype(np.int16)
    covers = [covered((np.minimum(*some), np.maximum(*some)), 20) for some in rows.swapaxes(0, 1)]
    plane = stacked(covers, 20)
    assert set(np.unique(plane).tolist()) == set(range(8))
    for bit, cover in enumerate(covers):
        assert np.array_equal(plane >> bit & 1, stacked([cover], 20))


def test_a_wider_line_covers_its_neighbours_and_nothing_stays_nothing():
    first, last = np.array([[10], [32767]], np.int16), np.array([[12], [-32768]], np.int16)
    plane = stacked([covered(widened((first, last), 3), 40)], 40)
    assert plane[:, 0].nonzero()[0].tolist() == [9, 10, 11, 12, 13]
    assert not plane[:, 1].any()


def test_a_line_is_as_wide_as_it_was_asked_to_be():
    """With many samples in a column, and with few."""
    x, y = np.arange(100.0), np.full((100, 1), 10.0)
    for width in (50, 1000):
        plane = drawn(LineSheet(x, y, y, 2), Frame(0, 99, 0.0, 30.0, width, 300))
        assert (plane.sum(axis=0) == 2).all()
        assert plane[200:202].all()


def test_the_nearest_place_of_a_line():
    sheet = LineSheet(np.array([0.0, 10.0]), np.array([[0.0, 5.0], [10.0, 5.0]]), np.array([[0.0, 6.0], [10.0, 6.0]]))
    low, high = sheet.near(5.0)
    assert low.tolist() == [5.0, 5.0]
    assert high.tolist() == [5.0, 6.0]
    assert np.isnan(sheet.near(11.0)[0]).all()
