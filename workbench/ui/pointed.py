"""What is pointed at, for every view at once: the instant and the rack or cell under the pointer, and an instant that was pinned.

Views tell what the pointer is over as often as they like; the others hear the newest of it, at most thirty times a second.
"""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

EVERY_MS = 33  # thirty times a second

Lit = tuple[str, int]  # rack and one-based cell; cell 0: the whole rack; empty rack: nothing


class Follower(Protocol):
    """A view that shows what is pinned and what is lit."""

    def set_pin(self, time_ns: int | None) -> None:
        """The pinned instant (UTC ns), or none."""

    def light(self, rack: str, cell: int) -> None:
        """This rack or cell is pointed at in another view."""


class Pointed(QObject):
    """moved: the instant under the pointer (UTC ns). pinned: the pinned instant or None. lit: rack and cell under the pointer."""

    moved = Signal(object)
    pinned = Signal(object)
    lit = Signal(str, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.now_ns: int | None = None
        self.pin_ns: int | None = None
        self.over: Lit = ("", 0)
        self._said: tuple[int | None, Lit] = (None, ("", 0))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(EVERY_MS)
        self._pause.timeout.connect(self._say)

    def follow(self, *views: Follower) -> None:
        """These views show the pinned instant and what is lit, from now on."""
        for view in views:
            self.pinned.connect(view.set_pin)
            self.lit.connect(view.light)
            view.set_pin(self.pin_ns)
            view.light(*self.over)

    def hear(self, view: Any, over: Any) -> None:
        """Follow the hands on a view: cursor_moved and pin_wanted of it; over: the signal of rack and cell under the pointer."""
        view.cursor_moved.connect(self.point)
        view.pin_wanted.connect(self.pin)
        over.connect(self.light)

    def point(self, time_ns: int | None) -> None:
        """The pointer stands at this instant."""
        self.now_ns = time_ns
        self._soon()

    def light(self, rack: str, cell: int = 0, _: object = None) -> None:
        """The pointer is over this rack or cell."""
        self.over = (rack, cell)
        self._soon()

    def pin(self, time_ns: int | None) -> None:
        """Hold an instant in every view, or none."""
        if time_ns != self.pin_ns:
            self.pin_ns = time_ns
            self.pinned.emit(time_ns)

    def toggle(self) -> bool:
        """Pin the instant under the pointer; let it go where it is pinned already. False: the pointer was over no picture yet."""
        if self.now_ns is None and self.pin_ns is None:
            return False
        self.pin(None if self.now_ns in (self.pin_ns, None) else self.now_ns)
        return True

    def let_go(self) -> bool:
        """Esc: nothing is pinned any more; whether something was."""
        was = self.pin_ns is not None
        self.pin(None)
        return was

    def _soon(self) -> None:
        if not self._pause.isActive():
            self._say()

    def _say(self) -> None:
        """What is new since it was said last; then a pause, in which only the newest is kept."""
        time_ns, over = self._said
        if (self.now_ns, self.over) == self._said:
            return
        self._said = (self.now_ns, self.over)
        self._pause.start()
        if self.now_ns != time_ns:
            self.moved.emit(self.now_ns)
        if self.over != over:
            self.lit.emit(*self.over)
