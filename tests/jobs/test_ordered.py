"""Work of many cores comes out in the order it went in, and never far ahead of who takes it."""

import threading
import time
from concurrent.futures import ProcessPoolExecutor

import pytest

from workbench.jobs.ordered import in_order, over


def test_in_the_order_of_the_items():
    def work(number):
        time.sleep(0.001 * (number % 3))
        return number * number

    assert list(in_order(range(40), work)) == [n * n for n in range(40)]


def test_only_a_few_items_are_ahead():
    taken = []

    def items():
        for number in range(100):
            taken.append(number)
            yield number

    results = in_order(items(), lambda number: number, workers=2)
    next(results)
    assert len(taken) <= 4
    results.close()


def test_an_error_comes_out_and_no_thread_stays():
    def work(number):
        if number == 3:
            raise ValueError("three")
        return number

    with pytest.raises(ValueError, match="three"):
        list(in_order(range(10), work))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ordered")]


def test_any_executor_will_do():
    with ProcessPoolExecutor(2) as pool:
        assert list(over(pool, range(5), abs, 2)) == [0, 1, 2, 3, 4]
