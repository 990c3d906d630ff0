"""Starts the window: guards against a known fault of the binding, registers fonts, sets the theme, installs the border for failures."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import PySide6
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from workbench.ui import remembered, text_size, theme
from workbench.ui.error_dialog import install_hook
from workbench.ui.habit_acts import Host, choose_theme, wanted_theme
from workbench.ui.main_window import MainWindow
from workbench.ui.translation import use_language

PRELOAD_MS = 150  # after the first window is on screen
TURN_S = 0.0005  # how long working threads may keep Python once the window wants it: its thread asks again after every call into Qt


def binding_trouble(binding: str, python: tuple[int, int]) -> str | None:
    """Why this pair of PySide6 and Python must not be used, or None. PySide6 6.12.0 destroys references to None before Python 3.12."""
    if binding.startswith("6.12.0") and python < (3, 12):
        return f"PySide6 {binding} on Python {python[0]}.{python[1]} aborts within minutes; install PySide6-Essentials 6.11.3."
    return None


def make_app(words: list[str], theme_name: str = "light") -> QApplication:
    """The application with fonts and theme."""
    sys.setswitchinterval(TURN_S)
    running = QApplication.instance()
    if isinstance(running, QApplication):
        app = running
    else:
        app = QApplication([*(words or ["workbench"]), "-style", "Fusion"])
        app.setProperty(theme.STYLED, True)
    app.setApplicationName("BESS review workbench")
    theme.register_fonts()
    theme.use(app, theme_name)
    return app


def preload() -> tuple[str, ...]:
    """Load what the first project needs while the person still looks at the start page. Returns the names of what was loaded.

    On any thread: modules make no widgets, and a person who opens a project meanwhile waits for the module that is under way, not for all.
    """
    from numpy import ma as masked  # numpy itself loads it at the first percentile, while the first picture is waited for

    from workbench.ui import cells_view, desk, workspace
    from workbench.workflow import session

    return tuple(module.__name__ for module in (cells_view, desk, workspace, session, masked))


def follow_system(window: Host) -> None:
    """The system went light or dark: follow, unless the person chose one."""
    if remembered.recalled("theme", "system") == "system":
        choose_theme(window, "system")


def run(project: Path | None) -> int:
    """Show the window until it is closed. Returns the exit code."""
    trouble = binding_trouble(PySide6.__version__, sys.version_info[:2])
    if trouble:
        print(trouble, file=sys.stderr)
        return 1
    text_size.wear(os.environ, text_size.chosen())
    app = make_app(sys.argv[:1])
    theme.use(app, wanted_theme())
    use_language(remembered.recalled("language", "en"))
    window = MainWindow()
    window.restoreGeometry(remembered.geometry())
    app.styleHints().colorSchemeChanged.connect(lambda _: follow_system(window))
    install_hook(window)
    window.show()
    QTimer.singleShot(PRELOAD_MS, lambda: threading.Thread(target=preload, name="preload", daemon=True).start())
    if project is not None:
        QTimer.singleShot(0, lambda: window.open_project(project))
    return int(app.exec())
