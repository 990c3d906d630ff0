"""All of it is done, in order, whatever the pool does."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from workbench.jobs.together import together

PATIENCE_S = 20


@pytest.fixture
def pool():
    with ThreadPoolExecutor(2) as made:
        yield made


@pytest.mark.parametrize("items", [[], [3], list(range(100))])
def test_results_come_in_order(pool, items):
    assert together(pool, 2, lambda item: item * 2, items) == [item * 2 for item in items]


def test_a_busy_pool_is_not_waited_for(pool):
    go = threading.Event()
    busy = [pool.submit(go.wait, PATIENCE_S) for _ in range(2)]
    try:
        assert together(pool, 2, lambda item: threading.get_ident(), range(5)) == [threading.get_ident()] * 5
    finally:
        go.set()
    assert all(future.result(PATIENCE_S) for future in busy)


def test_the_pool_does_help(pool):
    both = threading.Barrier(2)  # passed only by two threads at once

    def work(item):
        time.sleep(0.01) if item == 0 else both.wait(PATIENCE_S)
        return item

    assert together(pool, 1, work, range(3)) == [0, 1, 2]


def test_what_is_over_at_once_wakes_nobody():
    with ThreadPoolExecutor(1) as pool:
        pool.shutdown()  # asking it for help would be an error
        assert together(pool, 1, lambda item: item, range(3)) == [0, 1, 2]


def test_work_may_share_its_own_work(pool):
    inner = together(pool, 2, lambda a: sum(together(pool, 2, lambda b: a * b, range(20))), range(20))
    assert inner == [a * 190 for a in range(20)]


@pytest.mark.parametrize("bad", [0, 7, 19])
def test_the_first_error_ends_the_rest(pool, bad):
    seen = []

    def work(item):
        seen.append(item)
        if item == bad:
            raise KeyError(item)
        return item

    with pytest.raises(KeyError):
        together(pool, 1, work, range(20_000))
    assert len(seen) < 20_000


def test_what_is_known_to_be_dear_is_shared_from_the_first_piece(pool):
    both = threading.Barrier(2)  # passed only by two threads at once
    assert together(pool, 1, lambda item: both.wait(PATIENCE_S) >= 0 and item, range(2), dear=True) == [0, 1]
