"""Work beside other work gives its result or its error, and stops at once with whoever began it."""

import threading
import time

import pytest

from workbench.jobs.beside import beside
from workbench.jobs.progress import Cancelled, Progress


def endless(progress):
    while True:
        progress.checkpoint()
        time.sleep(0.01)


def test_it_runs_meanwhile_and_gives_its_result():
    met = threading.Event()

    def work(progress):
        assert met.wait(10)
        return 7

    with beside(work) as running:
        met.set()
        assert running.result(Progress()) == 7


@pytest.mark.parametrize("error", [ValueError, TimeoutError])
def test_its_error_comes_out_where_the_result_is_wanted(error):
    def work(progress):
        raise error("no")

    with beside(work) as running, pytest.raises(error, match="no"):
        running.result(Progress())


def test_an_error_in_the_block_and_a_cancel_while_waiting_stop_it_at_once():
    begin, progress = time.monotonic(), Progress()
    with pytest.raises(KeyError), beside(endless):
        raise KeyError
    progress.cancel()
    with pytest.raises(Cancelled), beside(endless) as running:
        running.result(progress)
    assert time.monotonic() - begin < 2  # twice, on a machine that may be busy
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("beside")]
