"""What was pinned stands beside what is made today."""

import dataclasses

import numpy as np
import pytest

from workbench.analysis.conditioned_spread import Condition
from workbench.asset.estimate import NotEstablished
from workbench.jobs.progress import Progress
from workbench.viewmodels.requests import CurvesRequest, DivergenceRequest, HeatmapRequest, TracesRequest
from workbench.workflow.pinned_picture import pinned_picture
from workbench.workflow.pinning import extract_csv


@pytest.fixture
def pictures(session):
    facts = session.windows()[0]
    span = {"window_id": facts.id, "start_ns": facts.start_ns, "end_ns": facts.end_ns}
    asked = (
        HeatmapRequest(**span, max_rows=20, max_columns=40),
        TracesRequest(**span, rack="R01", cells=(5, 6)),
        DivergenceRequest(facts.id),
        DivergenceRequest(facts.id, Condition(direction="rest"), 20.0),
        CurvesRequest(facts.id, "R01", (5, 6)),
    )
    return [session.render(request, Progress()) for request in asked]


def drawn(picture):
    """Every figure of a picture, in its order."""
    if hasattr(picture, "value"):
        return [picture.value]
    if hasattr(picture, "passes"):
        return [part for panel in picture.panels for c in panel.curves for part in (c.x, c.y, c.low, c.high)]
    lines = picture.lines if hasattr(picture, "lines") else [line for panel in picture.panels for line in panel.lines]
    return [part[np.isfinite(line.mid)] for line in lines for part in (line.low, line.mid, line.high)]


def test_every_kind_of_picture_is_drawn_again_from_its_extract(pictures):
    for picture in pictures:
        again = pinned_picture(picture, extract_csv(picture))
        assert type(again) is type(picture)
        one, two = drawn(picture), drawn(again)
        assert len(one) == len(two) > 0
        for was, now in zip(one, two, strict=True):
            np.testing.assert_allclose(now, was, rtol=1e-5, atol=1e-6)


def test_what_was_pinned_is_drawn_and_not_what_is_there_today(pictures):
    curves = pictures[-1]
    slope = curves.panel("dvdq")
    moved = dataclasses.replace(slope, curves=tuple(dataclasses.replace(c, y=c.y * 2) for c in slope.curves))
    then = dataclasses.replace(curves, panels=(moved,))
    shown = pinned_picture(curves, extract_csv(then))
    np.testing.assert_allclose(shown.panel("dvdq").curves[0].y, slope.curves[0].y * 2, rtol=1e-5)
    assert [c.role for c in shown.panels[0].curves] == [c.role for c in slope.curves]


def test_a_slope_that_is_refused_today_is_still_drawn_as_it_was_pinned(pictures):
    curves = pictures[-1]
    why = NotEstablished(reason="none", why="No current.", settles="Record it.")
    today = dataclasses.replace(curves, panels=curves.panels[:1], refused=why)
    shown = pinned_picture(today, extract_csv(curves))
    assert [panel.key for panel in shown.panels] == ["vq", "dvdq", "dqdv"]
    assert shown.refused is None


def test_another_shape_is_not_drawn(pictures):
    heat, traces, spread, *_, curves = pictures
    assert pinned_picture(heat, b"rack,first_cell\nR01,1\n") is None
    for picture in (traces, spread):
        assert pinned_picture(picture, b"line,unit,time_utc,low,mid,high\nR77,mV,2026-03-02T00:00:00.000Z,1,1,1\n") is None
    assert pinned_picture(curves, b"panel,curve,x_unit,unit,x,low,mid,high\nother,a,b,c,1,1,1,1\n") is None
