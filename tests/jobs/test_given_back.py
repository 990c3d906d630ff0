"""Freed memory goes back to the system, now and then."""

import sys
from pathlib import Path
from queue import SimpleQueue
from threading import Event

import numpy as np
import pytest

from workbench.jobs.given_back import EVERY_S, GivenBack, give_back
from workbench.jobs.lanes import ThreadLane


def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


@pytest.mark.skipif(sys.platform != "linux", reason="other systems give back by themselves")
def test_what_was_freed_between_things_in_use_is_given_back():
    parts = [np.ones(12_500) for _ in range(1500)]  # 100 kB each: from the heap, not from the system one by one
    kept = parts[::50]
    del parts
    before = resident_mb()
    assert give_back()
    assert before - resident_mb() > 70
    assert all((part == 1).all() for part in kept)


def test_it_is_done_after_work_but_not_more_than_once_in_a_while():
    now, given = [0.0], []
    back = GivenBack(lambda: given.append(now[0]), lambda: now[0])
    for at in (0.1, EVERY_S, EVERY_S + 0.1, 2 * EVERY_S - 0.1, 2 * EVERY_S, 7 * EVERY_S):
        now[0] = at
        back.after_work()
    assert given == [EVERY_S, 2 * EVERY_S, 7 * EVERY_S]


def test_a_lane_gives_back_when_its_work_is_done_or_has_failed_and_nothing_waits(monkeypatch):
    given = SimpleQueue()
    monkeypatch.setattr(GivenBack, "after_work", lambda self: given.put("given"))
    lane = ThreadLane("test")
    assert lane.start("good", lambda progress: 1).future.result(5) == 1
    assert given.get(timeout=5) == "given"
    assert lane.start("bad", lambda progress: 1 // 0).future.exception(5)
    assert given.get(timeout=5) == "given"
    told = Event()
    lane.start("first", lambda progress: told.wait(5))
    second = lane.start("second", lambda progress: given.put("second"))
    told.set()
    second.future.result(5)
    assert [given.get(timeout=5) for _ in range(2)] == ["second", "given"]
    lane.close()
