"""How do several cores share pieces of work that are over in a moment? The caller works too, and waits for nobody who has not begun."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")
ALONE_S = 0.001  # work that is over sooner than this is not worth waking another thread


def together(pool: Executor, helpers: int, work: Callable[[A], B], items: Iterable[A], *, dear: bool = False) -> list[B]:
    """work(item) of every item, in order, by this thread and at most so many threads of the pool.

    The first piece tells whether help pays, unless it is known that the work is dear.

    A pool that is busy or slow to wake costs nothing: this thread then does all of it. So the work may itself call this on the same pool. The
    first error ends the rest and is raised.
    """
    todo = list(items)
    if not todo:
        return []
    done: dict[int, B] = {}
    if not dear:
        begin = time.perf_counter()
        done[0] = work(todo[0])
        if (time.perf_counter() - begin) * (len(todo) - 1) < ALONE_S:
            helpers = 0
    errors: list[BaseException] = []
    numbers = iter(range(len(done), len(todo)))
    lock = threading.Lock()

    def run() -> None:
        while True:
            with lock:
                number = next(numbers, None) if not errors else None
            if number is None:
                return
            try:
                done[number] = work(todo[number])
            except BaseException as error:
                errors.append(error)
                raise

    joined = [pool.submit(run) for _ in range(min(helpers, len(todo) - 1))]
    try:
        run()
    finally:
        for other in joined:
            if not other.cancel():
                other.exception()  # waits; what it met is in errors
    if errors:
        raise errors[0]
    return [done[number] for number in range(len(todo))]
