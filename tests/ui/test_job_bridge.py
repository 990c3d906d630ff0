"""Work elsewhere, answers here; stale answers are dropped."""

import threading

from PySide6.QtWidgets import QApplication


def test_a_job_runs_elsewhere_and_answers_here(bridge, qtbot):
    here, names = [], []
    bridge.busy_changed.connect(names.append)
    gate = threading.Event()
    bridge.run(
        "Sum",
        lambda progress: gate.wait(5) and threading.current_thread().name,
        lambda name: here.append((name, threading.current_thread().name)),
    )
    assert bridge.busy
    gate.set()
    qtbot.waitUntil(lambda: bool(here))
    assert here[0][0] != here[0][1] == threading.main_thread().name
    assert names == ["Sum", ""]
    assert not bridge.busy


def test_only_one_job_at_a_time(bridge, qtbot):
    gate, done = threading.Event(), []
    bridge.run("First", lambda progress: gate.wait(5), lambda _: done.append(1))
    bridge.run("Second", lambda progress: 1, lambda _: done.append(2))
    gate.set()
    qtbot.waitUntil(lambda: bool(done))
    QApplication.processEvents()
    assert done == [1]


def test_the_latest_picture_wins(bridge, settled):
    gate, seen = threading.Event(), []
    bridge.fetch("heat", lambda progress: gate.wait(5) and "old", seen.append)
    bridge.fetch("heat", lambda progress: "new", seen.append)
    gate.set()
    settled()
    assert seen == ["new"]


def test_a_failure_is_reported_and_a_stop_is_not(bridge, failures, settled, qtbot):
    bridge.run("Fail", lambda progress: 1 / 0, lambda _: None)
    qtbot.waitUntil(lambda: bool(failures))
    started = threading.Event()

    def endless(progress):
        started.set()
        while True:
            progress.checkpoint()

    bridge.run("Endless", endless, lambda _: None)
    assert started.wait(5)
    bridge.cancel()
    settled()
    assert [type(f) for f in failures] == [ZeroDivisionError]


def test_progress_is_told_while_a_job_runs(bridge, qtbot):
    reports = []
    bridge.progressed.connect(reports.append)
    gate = threading.Event()

    def work(progress):
        progress.stage("reading")
        gate.wait(5)

    bridge.run("Import", work, lambda _: None)
    qtbot.waitUntil(lambda: bool(reports))
    gate.set()
    assert reports[0].stage == "reading"


def test_settling_drops_what_is_on_its_way(bridge):
    gate, seen = threading.Event(), []
    bridge.fetch("heat", lambda progress: gate.wait(5), seen.append)
    threading.Timer(0.05, gate.set).start()
    bridge.settle()
    QApplication.processEvents()
    assert seen == []
    assert not bridge.waiting


def test_parts_are_made_one_in_each_turn_and_others_come_in_between(bridge):
    order = []

    def parts():
        for number in range(3):
            order.append(number)
            bridge.later(lambda number=number: order.append(f"person {number}"))
            yield

    bridge.in_turns(parts())
    assert bridge.waiting
    assert order == []
    while bridge.waiting:
        before = len([o for o in order if isinstance(o, int)])
        QApplication.processEvents()
        assert len([o for o in order if isinstance(o, int)]) <= before + 1
    QApplication.processEvents()
    assert order == [0, "person 0", 1, "person 1", 2, "person 2"]


def test_what_is_half_made_ends_when_the_bridge_settles(bridge):
    seen = []

    def parts():
        try:
            seen.append("begun")
            yield
            seen.append("never")
        except GeneratorExit:
            seen.append("ended")
            raise

    bridge.in_turns(parts())
    QApplication.processEvents()
    bridge.settle()
    assert not bridge.waiting
    for _ in range(3):
        QApplication.processEvents()
    assert seen == ["begun", "ended"]


def test_what_was_lost_is_put_right_before_the_failure_is_told(bridge, failures, settled):
    told = []
    bridge.fetch("heat", lambda progress: 1 / 0, told.append, lambda: told.append(f"lost, {len(failures)} told"))
    settled()
    assert told == ["lost, 0 told"]
    assert [type(f) for f in failures] == [ZeroDivisionError]
    bridge.fetch("heat", lambda progress: 1, told.append, lambda: told.append("lost"))
    settled()
    assert told == ["lost, 0 told", 1]
