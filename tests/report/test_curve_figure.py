"""Curves of a pass on paper."""

import numpy as np
import pytest

from workbench.jobs.progress import Progress
from workbench.report.overlay import Overlay
from workbench.report.pdf import single
from workbench.review.finding import Pointer
from workbench.viewmodels.requests import CurvesRequest


def test_cells_condition_and_refusal_are_printed(session, paper):
    request = CurvesRequest(window_id=session.window_id(), rack="R01", cells=(5, 6))
    picture = session.curves(request, Progress())
    made = paper(single(picture))
    assert "C005" in made.text
    assert "C006" in made.text
    assert "Cell voltage" in made.text
    assert (made.pixels(scale=1.0) < 250).sum() > 500
    short = next(start for start, words in picture.passes if "min" in words)
    refused = session.curves(CurvesRequest(window_id=session.window_id(), rack="R01", cells=(5,), start_ns=short), Progress())
    assert "Slope not established" in paper(single(refused)).text


def test_a_box_on_curves_stands_where_the_first_curve_was_at_its_instants(session, paper):
    picture = session.curves(CurvesRequest(window_id=session.window_id(), rack="R01", cells=(5,), panels=("vq",)), Progress())
    start, end = picture.time_ns[len(picture.time_ns) // 2], picture.time_ns[-len(picture.time_ns) // 4]
    low, high = picture.panels[0].reach()
    box = Pointer("box", int(start), int(end), low + 0.3 * (high - low), low + 0.6 * (high - low), "the knee")
    bare, made = paper(single(picture)).pixels(), paper(single(picture, Overlay(pointers=(box,))))
    assert "the knee" in made.text
    rows, columns = np.nonzero((made.pixels().astype(int) != bare.astype(int)).any(axis=-1))
    length = picture.panels[0].length()
    shares = [(picture.place_at("vq", int(t)) - length[0]) / (length[1] - length[0]) for t in (start, end)]
    ink = np.nonzero((bare < 250).any(axis=-1))[1]
    left, right = ink.min(), ink.max()
    assert columns.max() - columns.min() == pytest.approx(abs(shares[1] - shares[0]) * (right - left), rel=0.25)
    assert len(rows) > 40
