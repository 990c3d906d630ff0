"""What was a project like when it was last closed here? Words for the start page, so that nothing has to be opened to say them."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.ui import remembered

if TYPE_CHECKING:
    from workbench.workflow.session import Session


@dataclass(frozen=True, slots=True)
class LeftOff:
    """mandate, window: names, or empty. state: of the review. left: what still blocks its sign-off. seen_ns: when it was closed."""

    mandate: str = ""
    window: str = ""
    state: str = ""
    left: str = ""
    seen_ns: int = 0


NOTHING = LeftOff()


def keep(session: Session) -> None:
    """Remember it as it is now."""
    document, blocking = session.document, session.blocking()
    more = f" and {len(blocking) - 1} more" if len(blocking) > 1 else ""
    issued = document.stage.value == "issued"
    found = LeftOff(
        mandate=document.scope.mandate.value if document.scope else "",
        window=document.windows[-1].name if document.windows else "no window yet",
        state=document.stage.value,
        left="nothing, read-only" if issued else f"{blocking[0]}{more}" if blocking else "ready for the next signature",
        seen_ns=time.time_ns(),
    )
    remembered.keep(f"{remembered.place_of(session.path)}/left", json.dumps(asdict(found)))


def recalled(project: Path) -> LeftOff:
    """How a project was left, or nothing where that is not known or cannot be read."""
    try:
        return LeftOff(**json.loads(remembered.recalled(f"{remembered.place_of(project)}/left", "{}")))
    except (ValueError, TypeError):
        return NOTHING
