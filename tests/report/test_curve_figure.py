"""Curves of a pass on paper."""

from workbench.jobs.progress import Progress
from workbench.report.pdf import single
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
