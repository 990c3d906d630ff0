"""Progress reports honestly and stops at checkpoints."""

import pytest

from workbench.errors import Cancelled
from workbench.jobs.progress import Progress, Report


def test_a_stage_reports_at_once_and_its_last_step_is_never_swallowed():
    seen = []
    progress = Progress(seen.append)
    progress.stage("read")
    for done in range(1, 101):
        progress.step(done, 100)
    assert (seen[0].stage, seen[0].fraction) == ("read", None)
    assert seen[-1].fraction == 1.0
    assert len(seen) < 50, "a listener is not called for every step"


@pytest.mark.parametrize("act", [lambda p: p.checkpoint(), lambda p: p.step(1, 2), lambda p: p.stage("next")])
def test_every_door_stops_after_cancel(act):
    progress = Progress()
    act(progress)
    progress.cancel()
    assert progress.is_cancelled
    with pytest.raises(Cancelled):
        act(progress)


def test_no_fraction_and_no_remaining_time_without_an_honest_figure():
    assert Report("a", 5, None, 10).fraction is None
    assert Report("a", 5, None, 10).remaining_s is None
    assert Report("a", 1, 1000, 10).remaining_s is None
    assert Report("a", 50, 100, 0.1).remaining_s is None
    assert Report("a", 25, 100, 10).remaining_s == pytest.approx(30)
    assert Report("a", 120, 100, 10).fraction == 1.0


@pytest.mark.parametrize("done", [-5, 0, 50, 100, 1e9])
def test_a_fraction_is_a_share_whatever_the_work_counts(done):
    assert 0 <= Report("a", done, 100, 1).fraction <= 1


def test_an_empty_job_has_no_fraction():
    assert Report("a", 0, 0, 1).fraction is None


def test_a_new_stage_starts_its_own_count_and_clock():
    seen = []
    progress = Progress(seen.append)
    progress.stage("read")
    progress.step(10, 10)
    progress.stage("write")
    assert [(r.stage, r.done, r.total) for r in seen] == [("read", 0, None), ("read", 10, 10), ("write", 0, None)]
    assert seen[-1].elapsed_s < 1


def test_a_listener_may_cancel_and_nothing_is_reported_after_that():
    seen = []

    def listen(report):
        seen.append(report.stage)
        progress.cancel()

    progress = Progress(listen)
    progress.stage("read")
    with pytest.raises(Cancelled):
        progress.step(1, 1)
    assert seen == ["read"]


def test_without_a_listener_work_goes_on():
    progress = Progress()
    progress.stage("read")
    progress.step(1, 2)
    assert not progress.is_cancelled


def test_the_first_step_of_a_stage_is_heard_even_where_nobody_knows_the_total():
    seen = []
    progress = Progress(seen.append)
    for name in ("read", "write"):
        progress.stage(name)
        progress.step(7)
    assert [(r.stage, r.done, r.total) for r in seen] == [("read", 0, None), ("read", 7, None), ("write", 0, None), ("write", 7, None)]


def test_a_remaining_time_needs_more_than_two_percent_and_half_a_second():
    assert Report("a", 2, 100, 1).remaining_s is None
    assert Report("a", 3, 100, 3).remaining_s == pytest.approx(97)
    assert Report("a", 50, 100, 0.499).remaining_s is None
    assert Report("a", 50, 100, 0.5).remaining_s == pytest.approx(0.5)


def test_work_that_another_hears_of_stops_with_it():
    seen, also = [], []
    progress = Progress(seen.append)
    heard = progress.heard(also.append)
    heard.stage("reading")
    assert [r.stage for r in seen] == [r.stage for r in also] == ["reading"]
    progress.cancel()
    with pytest.raises(Cancelled):
        heard.checkpoint()
