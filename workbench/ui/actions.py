"""One registry of everything a person can do: menus, palette and shortcut sheet read it; a key used twice is refused at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from workbench.ui.translation import tr


@dataclass(frozen=True, slots=True)
class Act:
    """One act: menu, words, key (or empty) and what it does."""

    name: str
    menu: str
    text: str
    key: str
    run: Callable[[], object]


class Actions:
    """Registers acts with a window."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self.acts: dict[str, Act] = {}
        self.items: dict[str, QAction] = {}

    def add(self, name: str, menu: str, text: str, key: str, run: Callable[[], object]) -> QAction:
        """Register an act. Raises ValueError when its name or key is taken."""
        taken = next((a for a in self.acts.values() if key and a.key == key), None)
        if name in self.acts or taken is not None:
            raise ValueError(f"act {name}: {'name' if name in self.acts else f'key {key} of {taken.name if taken else name}'} is taken")
        act = Act(name, tr(menu), tr(text), key, run)
        item = QAction(act.text, self._window)
        item.setObjectName(name)
        if key:
            item.setShortcut(QKeySequence(key))
            item.setToolTip(f"{act.text.replace('&', '')} ({key})")
        item.triggered.connect(lambda _=False: run())
        self.acts[name] = act
        self.items[name] = item
        self._window.addAction(item)
        return item

    def fill_menus(self) -> None:
        """Menus in the order in which their first act was added."""
        bar = self._window.menuBar()
        for menu in dict.fromkeys(act.menu for act in self.acts.values()):
            made = bar.addMenu(menu)
            for act in self.acts.values():
                if act.menu == menu:
                    made.addAction(self.items[act.name])
