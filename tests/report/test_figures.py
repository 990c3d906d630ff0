"""Figures show what the picture holds, down to one sample."""

import numpy as np
import pytest

from workbench.report.pdf import single
from workbench.viewmodels.heatmap import Extremes, heatmap_picture
from workbench.viewmodels.pictures import DivergencePicture, TracesPicture
from workbench.viewmodels.requests import HeatmapRequest

UNDER = (0x0B, 0x06, 0x14)


def heat(contents, low):
    window = contents.window
    rows = [(rack.id, cell.index) for rack in window.plant.racks for cell in rack.cells]
    given = Extremes(
        rows,
        low,
        np.full(low.shape, 1.0),
        np.zeros(low.shape),
        np.ones(low.shape, np.int64),
        np.linspace(window.start_ns, window.end_ns, low.shape[1] + 1).astype(np.int64),
        1.0,
        60.0,
        True,
    )
    return heatmap_picture(HeatmapRequest(window_id=window.id, start_ns=0, end_ns=1), window, "ab" * 32, given, {})


def dark_pixels(image):
    red, green, blue = UNDER
    return int((np.abs(image.astype(int) - [blue, green, red]).max(axis=-1) < 30).sum())


def test_one_sample_beyond_the_scale_survives_printing(contents, paper):
    low = np.full((48, 1200), -1.0)
    clean = dark_pixels(paper(single(heat(contents, low))).pixels())
    low[20, 600] = -500.0
    marked = dark_pixels(paper(single(heat(contents, low))).pixels())
    assert marked - clean >= 6


def test_counts_beyond_the_scale_are_printed(contents, paper):
    low = np.full((48, 300), -1.0)
    low[:, 5] = -500.0
    text = paper(single(heat(contents, low))).text
    assert "48" in text
    assert "R03" in text


@pytest.mark.parametrize("which", ["coverage", "divergence", "heatmap"])
def test_each_kind_of_figure_names_its_window_and_reduction(contents, paper, which):
    made = paper(single(getattr(contents, which)))
    assert "March" in made.text
    assert (made.pixels(scale=1.0) < 250).sum() > 500, "something is drawn"


def test_traces_name_their_cells(contents, paper):
    picture = next(p for pictures in contents.evidence.values() for p in pictures if isinstance(p, TracesPicture))
    assert "C005" in paper(single(picture)).text


def test_racks_stand_at_their_lines(contents, paper):
    assert isinstance(contents.divergence, DivergencePicture)
    assert "R01" in paper(single(contents.divergence)).text
