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
