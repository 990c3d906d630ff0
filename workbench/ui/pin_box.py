"""To which finding is this view pinned? Type to find it; Enter pins, and the card keeps recipe, extract and picture."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtWidgets import QWidget

from workbench.review.edits import ReviseFinding
from workbench.review.finding import Evidence, Finding
from workbench.review.roles import Role
from workbench.review.stages import Stage
from workbench.ui.pick_box import PickBox
from workbench.ui.translation import tr
from workbench.viewmodels.requests import Request

if TYPE_CHECKING:
    from workbench.ui.desk import Desk

MOST_VIEWS = 3  # on one card


class PinBox(PickBox):
    """The findings of the review, the one that was last looked at first."""

    def __init__(self, parent: QWidget, desk: Desk, request: Request, first: str) -> None:
        super().__init__(parent, "Pin this view", tr("finding that this view belongs to"), "Finding", "Findings")
        self._desk, self._request = desk, request
        self._findings = sorted(desk.session.document.findings, key=lambda f: f.id != first)
        self._listed: list[Finding] = []
        self.look("")

    def look(self, text: str) -> None:
        """Findings whose words contain everything typed."""
        words = text.lower().split()
        self._listed = [f for f in self._findings if all(w in f"{f.id} {f.title}".lower() for w in words)]
        self.list.clear()
        self.list.addItems([f"{f.id}    {f.title}" for f in self._listed])
        self.list.setCurrentRow(0)

    def take(self) -> None:
        """Pin to the chosen finding."""
        row = self.list.currentRow()
        if 0 <= row < len(self._listed):
            self.close()
            pin(self._desk, self._listed[row].id, self._request)


def pin(desk: Desk, key: str, request: Request) -> None:
    """One more view on a card: made, digested and journalled; undo takes it off again."""
    session, found = desk.session, desk.session.document.finding(key)
    if found is None:
        return
    if len(found.evidence) >= MOST_VIEWS:
        desk.notice.emit(f"{key} holds {MOST_VIEWS} views already: take one off the card first")
        return

    def keep(made: tuple[Evidence, ...]) -> None:
        now = session.document.finding(key)
        if now is not None:
            session.do(ReviseFinding(finding=replace(now, evidence=(*now.evidence, *made), changed_ns=time.time_ns())))
            desk.notice.emit(f"pinned to {key}: {made[0].title}")

    desk.bridge.run("Pinning evidence", lambda progress: session.pin((request,), progress), keep)


def pin_view(parent: QWidget, desk: Desk, request: Request | None, first: str) -> None:
    """Ask to which finding the view belongs, or say in a sentence why it cannot be pinned. first: id of the finding that is offered first."""
    session = desk.session
    if session.read_only or session.document.stage is not Stage.DRAFT or session.role is not Role.REVIEWER:
        desk.notice.emit("the review cannot be changed now: nothing is pinned")
    elif request is None:
        desk.notice.emit("this view cannot be pinned: go to Population over time, Racks, or traces and curves in Cells")
    elif not session.document.findings:
        desk.notice.emit("no finding yet to pin this to: brush cells and press N first")
    else:
        box = PinBox(parent, desk, request, first)
        box.move(parent.mapToGlobal(parent.rect().center()) - box.rect().center())
        box.show()
        box.line.setFocus()
