"""A picture in a window of its own, for a second screen: selection, pointer and pinned instant stay shared; closing the window brings it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from workbench.ui.phrases import spoken, translate_tree
from workbench.ui.widgets import EmptyState

TORN = ("Population", "Racks", "Cells")  # stages whose picture can stand in a window of its own
FIELD = "|"  # between a stage and the place of its window, as remembered


def _keys_of(view: QWidget) -> QWidget:
    """What the single letters of a picture act on."""
    parts = (getattr(view, name, None) for name in ("canvas", "plot"))
    return next((part for part in parts if isinstance(part, QWidget)), view)


class FloatingWindow(QWidget):
    """Holds the view of one stage. closed: the person is done with it."""

    closed = Signal()

    def __init__(self, parent: QWidget, stage: str, view: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.stage, self.view = stage, view
        self.setWindowTitle(spoken(stage))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(view)
        self.resize(view.size())

    def closeEvent(self, event: QCloseEvent) -> None:
        """The view goes back; the window itself is gone then."""
        event.accept()
        self.closed.emit()


class Floating:
    """Which stages are in windows of their own. A stage that is has a page in the main window that says so and offers the way back."""

    def __init__(self, owner: QWidget, stack: QStackedWidget, views: Mapping[str, QWidget]) -> None:
        self._owner, self._stack, self._views = owner, stack, views
        self.windows: dict[str, FloatingWindow] = {}
        self._pages: dict[str, EmptyState] = {}

    def page(self, stage: str) -> QWidget:
        """What the main window shows of a stage; a window of its own comes to the front."""
        window = self.windows.get(stage)
        if window is None:
            return self._views[stage]
        window.raise_()
        return self._pages[stage]

    def toggle(self, stage: str, acts: Sequence[QAction]) -> str:
        """Tear the picture of a stage off, or bring it back: the one whose window has the keys first. acts: their keys act there, too.
        Returns one sentence where there is nothing to tear off."""
        active = QApplication.activeWindow()
        if isinstance(active, FloatingWindow) and active.stage in self.windows:
            self.bring_back(active.stage)
        elif stage in self.windows:
            self.bring_back(stage)
        elif stage in TORN:
            self.tear_off(stage, acts)
        else:
            return f"{', '.join(TORN)}: only these pictures go into a window of their own"
        return ""

    def tear_off(self, stage: str, acts: Sequence[QAction], place: QByteArray | None = None) -> None:
        """The picture moves into a window; the main window keeps a page in its place."""
        view, shown = self._views[stage], self._stack.currentWidget()
        page = self._pages[stage] = EmptyState(
            "This picture is in a window of its own",
            "Selection, pointer and pinned instant are shared. Close the other window to bring it back.",
            "Bring it back",
        )
        page.acted.connect(partial(self.bring_back, stage))
        translate_tree(page)
        self._stack.addWidget(page)
        window = self.windows[stage] = FloatingWindow(self._owner, stage, view)
        window.closed.connect(partial(self.bring_back, stage))
        window.addActions(list(acts))
        if place is not None:
            window.restoreGeometry(place)
        if shown is view:
            self._stack.setCurrentWidget(page)
        view.show()
        window.show()
        _keys_of(view).setFocus()

    def bring_back(self, stage: str) -> None:
        """The picture returns to the main window; where its page was in view it is again."""
        window, page = self.windows.pop(stage, None), self._pages.pop(stage, None)
        if window is None or page is None:
            return
        shown = self._stack.currentWidget() is page
        self._stack.addWidget(window.view)
        if shown:
            self._stack.setCurrentWidget(window.view)
            _keys_of(window.view).setFocus()
        self._stack.removeWidget(page)
        for done in (page, window):
            done.hide()
            done.deleteLater()

    def kept(self) -> str:
        """What to remember: stages and the places of their windows."""
        return " ".join(f"{stage}{FIELD}{bytes(w.saveGeometry().toBase64().data()).decode()}" for stage, w in self.windows.items())

    def restore(self, text: str, acts: Sequence[QAction], later: Callable[[Callable[[], None]], object]) -> None:
        """Tear off again what was torn off, one per turn of the event loop; anything unreadable is forgotten."""
        for part in text.split():
            stage, _, place = part.partition(FIELD)
            if stage in TORN:
                later(partial(self.tear_off, stage, acts, QByteArray.fromBase64(place.encode())))
