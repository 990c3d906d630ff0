"""The stages of one project on screen, each made when it is first wanted: a project opens on one stage, not on ten."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtWidgets import QStackedWidget, QWidget

Make = Callable[[], QWidget]


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
        return self._views[stage]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def existing(self, stage: str) -> QWidget | None:
        """The view of a stage if it was made already."""
        return self._views.get(stage)
