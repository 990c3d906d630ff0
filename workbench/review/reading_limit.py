"""A limit the reviewer reads spreads against: a judgement of how to look, kept with the review, undoable, and no number of the study."""

from __future__ import annotations

import msgspec

from workbench.errors import Reason, ReviewError
from workbench.review.document import ReadingLimit, ReviewDocument
from workbench.review.edit_rules import Edit, need_draft


class SetReadingLimit(Edit, frozen=True, tag="set-reading-limit"):
    """Set, move or take away the limit for the spread of racks in one window. limit_mv None takes it away, also that of the study."""

    window_id: str
    limit_mv: float | None

    @property
    def label(self) -> str:
        return f"read spreads against {self.limit_mv:g} mV" if self.limit_mv is not None else "read spreads without a limit"

    def apply(self, document: ReviewDocument) -> ReviewDocument:
        need_draft(document, "A limit to read against")
        if self.limit_mv is not None and not 0 <= self.limit_mv < float("inf"):
            raise ReviewError(Reason.STALE_EDIT, f"{self.limit_mv} mV is no limit for a spread.", "Give millivolts from zero up.")
        if not any(w.id == self.window_id for w in document.windows):
            raise ReviewError(Reason.WINDOW_MISSING, f"Window {self.window_id} is no part of this review.", "Import it first.")
        kept = tuple(one for one in document.reading_limits if one.window_id != self.window_id)
        limits = (*kept, ReadingLimit(window_id=self.window_id, limit_mv=self.limit_mv))
        return msgspec.structs.replace(document, reading_limits=limits)
