"""Marks on samples that were received but are not plain measurements."""

import numpy as np

from workbench.asset.quality import Quality
from workbench.ingest import sample_marks

RNG = np.random.default_rng(3)
TIME = np.arange(200) * 10 * 10**9
KNOTS = np.array([np.interp(np.arange(200), np.arange(0, 210, 10), 3.3 + 0.02 * RNG.normal(size=21)) for _ in range(4)]).T


def test_points_on_lines_between_others_are_drawn():
    found = sample_marks.interpolated(TIME, KNOTS)
    assert found.mean() > 0.8
    assert not found[::10].any(), "the ends of the lines were measured"


def test_measured_values_are_not():
    noisy = KNOTS + RNG.normal(0, 2e-4, KNOTS.shape)
    assert not sample_marks.interpolated(TIME, noisy).any()
    assert not sample_marks.interpolated(TIME, np.full((200, 4), 3.3)).any(), "a level line says nothing"


def test_uneven_times_do_not_hide_a_line():
    uneven = np.cumsum(RNG.integers(5, 20, 200)) * 10**9
    line = 3.2 + 1e-13 * (uneven - uneven[0])[:, None] * np.ones((1, 3))
    assert sample_marks.interpolated(uneven, line)[1:-1].all()


def test_what_is_left_in_a_row_of_garbage_is_suspect():
    quality = np.zeros((4, 4), np.uint8)
    quality[2, :3] = int(Quality.OUT_OF_RANGE)
    quality[3, 0] = int(Quality.OUT_OF_RANGE)
    assert sample_marks.suspected(quality, np.zeros((len(quality), 0), np.uint8)) == 1
    assert quality[2, 3] == int(Quality.SUSPECT)
    assert not (quality[3] & int(Quality.SUSPECT)).any(), "one bad cell does not make a row garbage"


def test_placeholders_do_not_make_garbage():
    quality = np.full((1, 4), int(Quality.SENTINEL), np.uint8)
    assert sample_marks.suspected(quality, np.zeros((len(quality), 0), np.uint8)) == 0
