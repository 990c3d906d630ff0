"""How do several cores work on a stream, in its order and within bounded memory? Only a few items wait at any time."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")
WORKERS = max(2, min(os.cpu_count() or 2, 4))  # numpy, arrow and the codecs let go of the interpreter's lock


def in_order(items: Iterable[A], work: Callable[[A], B], workers: int = WORKERS) -> Iterator[B]:
    """work(item) of every item, in order. An error of the work comes out in its place; what still waits is then forgotten."""
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="ordered") as pool:
        yield from over(pool, items, work, workers + 1)


def over(pool: Executor, items: Iterable[A], work: Callable[[A], B], waiting_most: int) -> Iterator[B]:
    """As `in_order`, on any executor: threads, processes or the cores of other machines."""
    waiting: deque[Future[B]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) >= waiting_most:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
