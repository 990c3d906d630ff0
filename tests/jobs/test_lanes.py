"""Work of one lane runs in order on one thread; closing cancels and waits."""

import threading

import pytest

from workbench.errors import Cancelled
from workbench.jobs.lanes import ThreadLane


@pytest.fixture
def lane():
    made = ThreadLane("test")
    yield made
    made.close()


def test_work_runs_in_the_order_it_was_asked_for_on_one_other_thread(lane):
    seen = []
    tickets = [lane.start(str(i), lambda progress, i=i: seen.append((i, threading.current_thread().name))) for i in range(20)]
    tickets[-1].future.result(5)
    assert [i for i, _ in seen] == list(range(20))
    assert len({name for _, name in seen}) == 1
    assert seen[0][1] != threading.current_thread().name
    assert [t.number for t in tickets] == list(range(1, 21))


def test_the_result_and_the_failure_wait_in_the_future(lane):
    def fail(progress):
        raise KeyError("x")

    assert lane.start("sum", lambda progress: 1 + 1).future.result(5) == 2
    with pytest.raises(KeyError):
        lane.start("fail", fail).future.result(5)
    assert lane.start("after", lambda progress: "still runs").future.result(5) == "still runs"


def test_closing_cancels_what_runs():
    lane, started = ThreadLane("test"), threading.Event()

    def endless(progress):
        started.set()
        while True:
            progress.checkpoint()

    ticket = lane.start("endless", endless)
    waiting = lane.start("never", lambda progress: None)
    assert started.wait(5)
    lane.close()
    assert isinstance(ticket.future.exception(), Cancelled)
    assert waiting.future.cancelled()


def test_reports_reach_the_listener(lane):
    seen = []
    lane.start("work", lambda progress: progress.stage("one"), seen.append).future.result(5)
    assert [r.stage for r in seen] == ["one"]


def test_work_that_is_cancelled_while_it_waits_never_begins(lane):
    gate, begun = threading.Event(), []
    lane.start("first", lambda progress: gate.wait(5))
    waiting = lane.start("second", lambda progress: begun.append("second"))
    third = lane.start("third", lambda progress: begun.append("third"))
    waiting.cancel()
    gate.set()
    third.future.result(5)
    assert begun == ["third"]
    assert isinstance(waiting.future.exception(5), Cancelled)


def test_cancelling_a_ticket_stops_its_work_and_no_other(lane):
    started = threading.Event()

    def endless(progress):
        started.set()
        while True:
            progress.checkpoint()

    ticket = lane.start("endless", endless)
    after = lane.start("after", lambda progress: "done")
    assert started.wait(5)
    ticket.cancel()
    assert isinstance(ticket.future.exception(5), Cancelled)
    assert after.future.result(5) == "done"


def test_a_finished_ticket_can_be_cancelled_and_a_lane_closed_twice():
    lane = ThreadLane("test")
    ticket = lane.start("sum", lambda progress: 2)
    assert ticket.future.result(5) == 2
    ticket.cancel()
    lane.close()
    lane.close()
    assert ticket.future.result() == 2


def test_a_lane_lets_go_of_what_is_finished(lane):
    for name in ("one", "two"):
        lane.start(name, lambda progress: None)
    last = lane.start("last", lambda progress: [ticket.name for ticket in list(lane._open.values())])
    assert set(last.future.result(5)) <= {"last"}
