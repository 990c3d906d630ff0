"""Acts on the finding in view: how sure it is, and which decisions it bears on, from the palette or from the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from workbench.ui.actions import Actions

if TYPE_CHECKING:
    from workbench.ui.workspace import Workspace

SURE = ("high", "moderate", "low")
DECISIONS = ("valuation", "warranty", "refinancing", "operation")


class Host(Protocol):
    """What these acts need of the window they belong to."""

    actions_: Actions

    def on_workspace(self, act: Callable[[Workspace], None]) -> None:
        """Do something with the open project."""


def register(window: Host) -> None:
    """Add the acts to the window's registry."""
    add = window.actions_.add
    for name in SURE:
        add(f"confidence {name}", "&Review", f"Confidence: {name}", "", partial(window.on_workspace, partial(judge, confidence=name)))
    for name in DECISIONS:
        add(f"bears on {name}", "&Review", f"Bears on {name}: yes or no", "", partial(window.on_workspace, partial(judge, decision=name)))


def judge(workspace: Workspace, *, confidence: str = "", decision: str = "") -> None:
    """Set the confidence of the finding in view, or turn a decision it bears on; a reviewer's word is journalled at once."""
    from workbench.review.finding import Bearing

    if workspace.stage != "Findings" or not workspace.findings.shown_id:
        workspace.desk.notice.emit("look at a finding first: stage Findings")
        return
    card = workspace.findings.card
    if not card.confidence.isEnabled():
        workspace.desk.notice.emit("the review cannot be changed now")
        return
    if confidence:
        card.confidence.setCurrentIndex(card.confidence.findData(confidence))
    if decision:
        card.bears[Bearing(decision)].toggle()
    workspace.findings.keep_changes()
