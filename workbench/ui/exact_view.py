"""Which request makes what is in view, and how does a request come into view again? So that a finding pins, and replays, exactly what was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtWidgets import QWidget

from workbench.viewmodels.requests import CurvesRequest, DivergenceRequest, HeatmapRequest, Request, TracesRequest

if TYPE_CHECKING:
    from workbench.ui.desk import Desk
    from workbench.ui.stage_views import StageViews

STAGES: dict[type[Request], str] = {
    HeatmapRequest: "Population",
    DivergenceRequest: "Racks",
    TracesRequest: "Cells",
    CurvesRequest: "Cells",
}


@runtime_checkable
class Replayed(Protocol):
    """A stage whose picture can be pinned and shown again."""

    def seen(self) -> Request | None:
        """The request that makes the picture in view, or None where what is in view is no such picture."""

    def replay(self, request: Request) -> None:
        """Show the picture of a request as it was seen."""


class Host(Protocol):
    """What the stages stand in."""

    desk: Desk
    stage: str
    views: StageViews

    def go(self, stage: str) -> None:
        """To a stage."""


def in_view(workspace: Host) -> Request | None:
    """What is seen now, as a request."""
    view = workspace.views.existing(workspace.stage)
    return view.seen() if isinstance(view, Replayed) and workspace.desk.window_id else None


def show(workspace: Host, request: Request) -> None:
    """Stage, zoom, quantity, reduction and scale as they were; a view of another window is said to be one."""
    desk = workspace.desk
    if request.window_id != desk.window_id:
        names = {window.id: window.name for window in desk.session.windows()}
        desk.notice.emit(
            f"that view is of the window {names.get(request.window_id, request.window_id[:8])}, which is not the one under review"
        )
        return
    stage = STAGES[type(request)]
    workspace.go(stage)
    view: QWidget = workspace.views[stage]
    if isinstance(view, Replayed):
        view.replay(request)
