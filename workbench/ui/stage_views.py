"""The stages of one project on screen: each is made when it is first wanted, and rebuilt only while it is in view or when it comes into view again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import QEvent, QObject, SignalInstance
from PySide6.QtWidgets import QStackedWidget, QWidget

from workbench.ui.phrases import translate_tree

Make = Callable[[], QWidget]


class Refresher(QObject):
    """Rebuilds a view at once while it is in view; hidden, it remembers that something was missed and rebuilds once when shown."""

    def __init__(self, view: QWidget, rebuild: Callable[[], object]) -> None:
        super().__init__(view)
        self._view, self._rebuild = view, rebuild
        self.missed = False
        view.installEventFilter(self)

    def want(self) -> None:
        """Something changed."""
        self.missed = self._view.isHidden()
        if not self.missed:
            self._rebuild()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Coming into view."""
        if watched is self._view and self.missed and event.type() in (QEvent.Type.Show, QEvent.Type.ShowToParent):
            self.missed = False
            self._rebuild()
        return False


def refresh_on(view: QWidget, rebuild: Callable[[], object], *signals: SignalInstance) -> Refresher:
    """Rebuild a view after each of these signals, a hidden one when it is shown. Its constructor still fills it the first time."""
    made = Refresher(view, rebuild)
    for signal in signals:
        signal.connect(made.want)
    return made


class StageViews(Mapping[str, QWidget]):
    """Stage -> view. made: called once with each new view, to wire it."""

    def __init__(self, makers: dict[str, Make], stack: QStackedWidget, made: Callable[[str, QWidget], None]) -> None:
        self._makers, self._stack, self._made = makers, stack, made
        self._views: dict[str, QWidget] = {}

    def __getitem__(self, stage: str) -> QWidget:
        if stage not in self._views:
            view = self._makers[stage]()
            self._views[stage] = view
            self._stack.addWidget(view)
            self._made(stage, view)
            translate_tree(view)
        return self._views[stage]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def existing(self, stage: str) -> QWidget | None:
        """The view of a stage if it was made already."""
        return self._views.get(stage)
