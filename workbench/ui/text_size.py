"""How large letters are, 9 to 20 pt. Rows, rail, icons and pictures grow with them, so that nothing is cut: one factor for the whole window.

Qt reads the factor once, when the application is made: another size is worn from the next start on, which an act makes at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, MutableMapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QProcess, QProcessEnvironment, QSize
from PySide6.QtGui import QGuiApplication

from workbench.ui import remembered
from workbench.ui.actions import Actions

if TYPE_CHECKING:
    from workbench.ui.workspace import Workspace

LEAST, STANDARD, MOST = 9, 10, 20  # pt
ROOM = QSize(1080, 680)  # pixels that a window needs at the standard size
FACTOR = "QT_SCALE_FACTOR"


class Host(Protocol):
    """What these acts need of the window they belong to."""

    actions_: Actions
    workspace: Workspace | None

    def say(self, text: str) -> None:
        """A word in the status line."""

    def close(self) -> bool:
        """Let go of everything; False where the person wants to stay."""


class _Worn:
    points = STANDARD
    before: str | None = None  # the factor that the surroundings asked for


def chosen() -> int:
    """The size a person chose, in points; anything unreadable is the standard."""
    text = remembered.recalled("text-size", str(STANDARD))
    return int(text) if text.isdigit() and LEAST <= int(text) <= MOST else STANDARD


def wear(surroundings: MutableMapping[str, str], points: int) -> None:
    """Tell Qt, before the application is made. A factor that the surroundings ask for is kept beside it."""
    _Worn.points, _Worn.before = points, surroundings.get(FACTOR)
    try:
        outer = float(_Worn.before or 1)
    except ValueError:
        outer = 1.0
    if points != STANDARD:
        surroundings[FACTOR] = f"{outer * points / STANDARD:g}"


def largest(screen: QSize) -> int:
    """The largest size at which the window still fits on a screen of so many pixels at the standard size."""
    fits = STANDARD * min(screen.width() / ROOM.width(), screen.height() / ROOM.height())
    return max(LEAST, min(MOST, int(fits)))


def room_for(screen: QSize) -> QSize:
    """The least size of the window: never more than the screen has."""
    return ROOM.boundedTo(screen)


def register(window: Host) -> None:
    """Add the acts to the window's registry."""
    add = window.actions_.add
    add("text larger", "&View", "Larger text", "Ctrl++", partial(step, window, 1))
    add("text smaller", "&View", "Smaller text", "Ctrl+-", partial(step, window, -1))
    add("text standard", "&View", "Text of standard size", "Ctrl+Alt+0", partial(choose, window, STANDARD))
    add("start again", "&View", "Start the program again", "Ctrl+Alt+R", partial(start_again, window))


def step(window: Host, by: int) -> None:
    """One point more or less than what was chosen last."""
    choose(window, chosen() + by)


def choose(window: Host, points: int) -> None:
    """Remember a size, as far as this screen carries it."""
    most = largest(screen_at_standard())
    if points > most:
        window.say(f"{most} pt is the largest text that this screen carries")
        return
    points = max(points, LEAST)
    remembered.keep("text-size", str(points))
    if points == _Worn.points:
        window.say(f"text of {points} pt, as now")
    else:
        window.say(f"text of {points} pt from the next start; Ctrl+Alt+R starts again now, where you are")


def screen_at_standard() -> QSize:
    """Pixels of the screen as they would be at the standard size."""
    free = QGuiApplication.primaryScreen().availableSize()
    return QSize(free.width() * _Worn.points // STANDARD, free.height() * _Worn.points // STANDARD)


def again(project: Path | None) -> tuple[str, list[str], QProcessEnvironment]:
    """Program, words and surroundings of the next start: without the factor that this one added."""
    around = QProcessEnvironment.systemEnvironment()
    around.remove(FACTOR)
    if _Worn.before is not None:
        around.insert(FACTOR, _Worn.before)
    return sys.executable, ["-m", "workbench.ui", *([str(project)] if project else [])], around


def start_again(window: Host, started: Callable[[QProcess], object] | None = None) -> None:
    """Close and open again where one is. Edits are kept already; a running job asks first."""
    project = window.workspace.desk.session.path if window.workspace is not None else None
    program, words, around = again(project)
    if not window.close():
        return
    process = QProcess()
    process.setProgram(program)
    process.setArguments(words)
    process.setProcessEnvironment(around)
    (started or (lambda ready: ready.startDetached()))(process)
