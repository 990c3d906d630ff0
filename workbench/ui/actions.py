"""One registry of everything a person can do: menus, palette and shortcut sheet read it; a key used twice is refused at once.

A person may give an act another key: it moves in menu, tooltip, palette and sheet alike, because all of them read it here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from workbench.ui.translation import tr


@dataclass(frozen=True, slots=True)
class Act:
    """One act: menu, words, key (or empty), what it does, and the key it has where nobody chose another."""

    name: str
    menu: str
    text: str
    key: str
    run: Callable[[], object]
    standard: str = ""

    @property
    def words(self) -> str:
        """Its text without the mark of a menu key."""
        return self.text.replace("&", "")


WITH_MODIFIER, FUNCTION = re.compile(r"\b(Ctrl|Alt|Meta)\+"), re.compile(r"(?:Shift\+)?F\d{1,2}")
RESERVED = {  # they act in fields, lists and tables wherever one is
    "Ctrl+C": "copying", "Ctrl+V": "pasting", "Ctrl+X": "cutting", "Ctrl+A": "choosing all", "Ctrl+Return": "keeping what was typed",
    "Ctrl+Enter": "keeping what was typed", "Alt+F4": "closing the window",
}  # fmt: skip


class Actions:
    """Registers acts with a window."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self.acts: dict[str, Act] = {}
        self.items: dict[str, QAction] = {}
        self.changed: Callable[[], object] = lambda: None  # somebody who shows keys of acts

    def add(self, name: str, menu: str, text: str, key: str, run: Callable[[], object]) -> QAction:
        """Register an act. Raises ValueError when its name or key is taken."""
        taken = next((a for a in self.acts.values() if key and a.key == key), None)
        if name in self.acts or taken is not None:
            raise ValueError(f"act {name}: {'name' if name in self.acts else f'key {key} of {taken.name if taken else name}'} is taken")
        act = Act(name, tr(menu), tr(text), key, run, key)
        item = QAction(act.text, self._window)
        item.setObjectName(name)
        item.triggered.connect(lambda _=False: run())
        self.acts[name] = act
        self.items[name] = item
        self._window.addAction(item)
        self._show(act)
        return item

    def change(self, name: str, key: str) -> str:
        """Give an act another key, or none. Empty when it is done, else one sentence why not; nothing changes then."""
        typed = QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
        if key and not typed:
            return f"'{key}' is no key."
        if typed and (why := self._refusal(name, typed)):
            return why
        self._wear(name, typed)
        self.changed()
        return ""

    def wear(self, keys: Mapping[str, str]) -> None:
        """Keys a person chose before. One that is taken by now is left out: its act keeps its standard key."""
        for name in keys.keys() & self.acts.keys():
            self._wear(name, "")
        for name in self.acts:
            if name in keys and keys[name] and not self._refusal(name, keys[name]):
                self._wear(name, keys[name])
            elif keys.get(name):
                self._wear(name, "" if self._refusal(name, self.acts[name].standard) else self.acts[name].standard)
        self.changed()

    def reset(self) -> None:
        """Every act has its standard key again."""
        for act in tuple(self.acts.values()):
            self._wear(act.name, act.standard)
        self.changed()

    def own(self) -> dict[str, str]:
        """What differs from the standard."""
        return {act.name: act.key for act in self.acts.values() if act.key != act.standard}

    def _refusal(self, name: str, key: str) -> str:
        """Why an act cannot have this key, in one sentence; empty where it can."""
        if key in RESERVED:
            return f"{key} is kept for {RESERVED[key]}."
        first = key.split(", ", maxsplit=1)[0]
        if not WITH_MODIFIER.search(first) and not FUNCTION.fullmatch(first):
            return f"{key} alone acts inside pictures and fields: take it with Ctrl or Alt, or an F key."
        taken = next((a for a in self.acts.values() if a.key == key and a.name != name), None)
        return f"{key} is the key of '{taken.words}': change that first." if taken else ""

    def _wear(self, name: str, key: str) -> None:
        self.acts[name] = replace(self.acts[name], key=key)
        self._show(self.acts[name])

    def _show(self, act: Act) -> None:
        item = self.items[act.name]
        item.setShortcut(QKeySequence(act.key))
        item.setToolTip(f"{act.words} ({act.key})" if act.key else act.words)

    def fill_menus(self) -> None:
        """Menus in the order in which their first act was added."""
        bar = self._window.menuBar()
        for menu in dict.fromkeys(act.menu for act in self.acts.values()):
            made = bar.addMenu(menu)
            for act in self.acts.values():
                if act.menu == menu:
                    made.addAction(self.items[act.name])
