"""Acts on the finding in view: how much it matters, how sure it is, which decisions it bears on; and what is left before sign-off."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from workbench.ui.actions import Actions

if TYPE_CHECKING:
    from workbench.ui.workspace import Workspace

GRAVE = ("major", "moderate", "minor", "info")
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
    add(
        "open point",
        "&Review",
        "What is left before sign-off: open the next point",
        "Ctrl+Shift+L",
        partial(window.on_workspace, open_point),
    )
    for name in SURE:
        add(f"confidence {name}", "&Review", f"Confidence: {name}", "", partial(window.on_workspace, partial(judge, confidence=name)))
    for name in GRAVE:
        add(f"severity {name}", "&Review", f"Severity: {name}", "", partial(window.on_workspace, partial(judge, severity=name)))
    for name in DECISIONS:
        add(f"bears on {name}", "&Review", f"Bears on {name}: yes or no", "", partial(window.on_workspace, partial(judge, decision=name)))


def open_point(workspace: Workspace) -> None:
    """The first point that is left before sign-off, where it is settled; what was typed for the one before is kept first."""
    workspace.flush()
    workspace.desk.open_point()


def judge(workspace: Workspace, *, severity: str = "", confidence: str = "", decision: str = "") -> None:
    """Set severity or confidence of the finding in view, or turn a decision it bears on; a reviewer's word is journalled at once."""
    from workbench.review.finding import Bearing

    if workspace.stage != "Findings" or not workspace.findings.shown_id:
        workspace.desk.notice.emit("look at a finding first: stage Findings")
        return
    card = workspace.findings.card
    if not card.confidence.isEnabled():
        workspace.desk.notice.emit("the review cannot be changed now")
        return
    if severity:
        card.severity.setCurrentIndex(card.severity.findData(severity))
    if confidence:
        card.confidence.setCurrentIndex(card.confidence.findData(confidence))
    if decision:
        card.bears[Bearing(decision)].toggle()
    workspace.findings.keep_changes()
