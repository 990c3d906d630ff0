"""Readers and overviews are opened once and made again when they are gone."""

import threading
import time

import pytest

from workbench.errors import ProjectError, Reason
from workbench.jobs.progress import Progress
from workbench.store.overviews import overview_path
from workbench.workflow.session import Session


def test_a_deleted_overview_is_made_again(session):
    window = session.window_id()
    overview_path(session.project, window).unlink()
    made = session.views.overview(window, Progress())
    assert made.root == session.window_root(window)
    assert overview_path(session.project, window).exists()


def test_a_reader_without_write_access_says_what_is_missing(project):
    with Session.open(project, author="x", read_only=True) as session:
        window = session.window_id()
        overview_path(session.project, window).unlink()
        with pytest.raises(ProjectError) as caught:
            session.views.overview(window, Progress())
    assert caught.value.reason is Reason.READ_ONLY


def test_one_reader_per_window(session):
    window = session.window_id()
    assert session.views.reader(window) is session.views.reader(window)


def test_requests_and_signals(session):
    window = session.window_id()
    request = session.views.full_request(window, quantity="raw")
    assert (request.quantity, request.start_ns) == ("raw", session.windows()[0].start_ns)
    signals = dict(session.views.signals(window))
    assert "rack_current_a" in signals["R01"]


def test_coverage_is_made_once_per_window(session, monkeypatch):
    first = session.coverage(session.window_id(), Progress())
    monkeypatch.setattr(session.views.reader(session.window_id()), "series", lambda rack: pytest.fail("read again"))
    assert session.coverage(session.window_id(), Progress()) is first


def test_an_open_window_is_had_while_another_thread_makes_an_overview(session):
    """The window's thread asks for facts at every turn; a lane may hold the lock for as long as an overview takes."""
    views, window = session.views, session.window_id()
    facts, held, go = views.facts(window), threading.Event(), threading.Event()

    def hold():
        with views._lock:
            held.set()
            go.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(20)
    try:
        begin = time.monotonic()
        found = []
        asker = threading.Thread(target=lambda: found.append(views.facts(window)))
        asker.start()
        asker.join(5)
        assert found == [facts]
        assert time.monotonic() - begin < 5
    finally:
        go.set()
        holder.join()
