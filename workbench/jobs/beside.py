"""How does a piece of work run beside another, and stop with it? On a thread of its own, silent, cancelled when whoever began it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Generic, TypeVar

from workbench.jobs.progress import Progress

LOOK_S = 0.05  # how late a cancel may be seen while waiting
A = TypeVar("A")


class Beside(Generic[A]):
    """Work that has begun."""

    def __init__(self, future: Future[A]) -> None:
        self._future = future

    def result(self, progress: Progress) -> A:
        """What the work gives, once it does; its error where it failed, `Cancelled` where a person will not wait."""
        while True:
            progress.checkpoint()
            try:
                return self._future.result(LOOK_S)
            except TimeoutError:
                if self._future.done():
                    raise


@contextmanager
def beside(work: Callable[[Progress], A]) -> Iterator[Beside[A]]:
    """Run work(progress of its own) as long as the block lasts. Leaving the block early asks the work to stop and waits until it has."""
    quiet = Progress()
    with ThreadPoolExecutor(1, thread_name_prefix="beside") as pool:
        try:
            yield Beside(pool.submit(work, quiet))
        finally:
            quiet.cancel()
