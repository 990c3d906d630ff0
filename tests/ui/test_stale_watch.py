"""Evidence proved out of sight."""

import pytest
from msgspec.structs import replace

from workbench.jobs.progress import Progress
from workbench.review.finding import Evidence
from workbench.ui.stale_watch import StaleWatch, rests_on_study
from workbench.viewmodels.requests import DivergenceRequest
from workbench.workflow import pinning
from workbench.workflow.findings import accept


@pytest.fixture
def finding(session):
    return accept(session, session.window_id(), session.study(session.window_id()).candidates[0], Progress())


def test_what_cannot_change_is_made_once(desk, finding, settled, monkeypatch):
    made, render = [], desk.session.render
    monkeypatch.setattr(desk.session, "render", lambda request, progress: made.append(request) or render(request, progress))
    watch = StaleWatch(desk, list)
    watch.check((finding,))
    settled()
    first = len(made)
    assert first == len(finding.evidence) > 0
    watch.check((finding,))
    settled()
    assert len(made) == first
    assert watch.stale == set()


def test_a_picture_that_differs_is_stale_and_told_once(desk, finding, settled):
    told = []
    watch = StaleWatch(desk, lambda: told.append(1))
    spoiled = replace(finding, evidence=(replace(finding.evidence[0], picture_sha256="0" * 64), *finding.evidence[1:]))
    for _ in range(2):
        watch.check((spoiled,))
        settled()
    assert watch.stale == {finding.id}
    assert told == [1]
    watch.check((finding,))
    settled()
    assert watch.stale == set(), "pinned again it is fresh"


def test_what_rests_on_the_study_is_asked_again(session, finding):
    (divergence,) = session.pin((DivergenceRequest(window_id=session.window_id()),), Progress())
    assert rests_on_study(divergence)
    assert not any(rests_on_study(e) for e in finding.evidence if "divergence" not in e.view)
    result = session.views.full_request(session.window_id(), quantity="result:minimum", max_rows=48)
    (pinned,) = session.pin((result,), Progress())
    assert isinstance(pinned, Evidence)
    assert rests_on_study(pinned)
    assert pinning.picture_of(pinned, session.render, Progress()).caption.title == "Lowest voltage of the window"
