"""The matrix is quiet where all is well and loud where it is not."""

import numpy as np
import pytest
from builders.plants import facts, series

from workbench.analysis.coverage import Coverage
from workbench.ui.coverage_matrix import CoverageMatrix
from workbench.ui.theme import colour
from workbench.viewmodels.coverage import coverage_picture

DAY = 86_400_000_000_000


def picture(share):
    share = np.atleast_2d(np.array(share, float))
    days = 1_772_000_000_000_000_000 // DAY * DAY + DAY * np.arange(share.shape[1])
    names = ("cell_voltage_v", "rack_current_a")[: len(share)]
    return coverage_picture(facts([series()]), "ab" * 32, Coverage(names, days, share, share.mean(axis=1), (10.0,) * len(share)))


@pytest.fixture
def painted(qapp, shown):
    def paint(made):
        matrix = CoverageMatrix()
        matrix.resize(1000, 400)
        matrix.show_picture(made)
        pixels = shown(matrix)
        return matrix, pixels

    return paint


def inside(matrix, pixels, row, day):
    box, ratio = matrix.day_box(row, day), pixels.shape[1] / matrix.width()
    return pixels[
        int((box.top() + 2) * ratio) : int((box.bottom() - 2) * ratio), int((box.left() + 2) * ratio) : int((box.right() - 2) * ratio)
    ]


def share_of(part, token):
    ink = colour(token)
    return float((part == [ink.red(), ink.green(), ink.blue()]).all(axis=-1).mean())


def test_a_complete_day_is_one_quiet_colour_and_an_incomplete_one_says_its_figure(painted):
    matrix, pixels = painted(picture([1.0, 0.944, 0.42, 0.0]))
    assert share_of(inside(matrix, pixels, 0, 0), "band") == 1
    assert 0.5 < share_of(inside(matrix, pixels, 0, 1), "warning_soft") < 1, "with a figure on it"
    assert 0.5 < share_of(inside(matrix, pixels, 0, 2), "bad_soft") < 1
    assert share_of(inside(matrix, pixels, 0, 3), "band") == 0, "nothing received is hatched"


def test_an_absent_signal_is_one_hatched_row_without_a_seam(painted):
    made = picture([1.0] * 10)
    matrix, pixels = painted(made)
    row = made.signals.index("Rack voltage")
    first, last = matrix.day_box(row, 0), matrix.day_box(row, 9)
    ratio = pixels.shape[1] / matrix.width()
    strip = pixels[int((first.center().y()) * ratio), int(first.left() * ratio) + 1 : int(last.right() * ratio) - 1]
    ground = colour("surface")
    assert not (strip == [ground.red(), ground.green(), ground.blue()]).all(axis=-1).any()


def test_what_it_shows_is_read_aloud(painted):
    matrix, _ = painted(picture([[1.0, 0.5], [1.0, 1.0]]))
    said = matrix.accessibleDescription()
    assert "Cell voltage 75.0" in said
    assert "Energy meter absent" in said


@pytest.mark.parametrize("days", [1, 28, 400])
def test_any_number_of_days_fits(painted, days):
    matrix, pixels = painted(picture(np.full(days, 0.97)))
    assert matrix.day_box(0, days - 1).right() <= matrix.width()
    assert share_of(pixels, "warning_soft") > 0.01


def test_before_anything_arrived_it_is_empty(qapp, shown):
    assert len(np.unique(shown(CoverageMatrix()).reshape(-1, 3), axis=0)) == 1
