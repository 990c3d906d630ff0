"""May a window be brought in now, under which name, and were its files here before?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbench.asset.window import WindowFacts
from workbench.review.document import ReviewDocument
from workbench.review.edit_rules import need_draft


def window_name(document: ReviewDocument, name: str | None, sources: Sequence[Path]) -> str:
    """The name asked for, or the file's, with a number where the review has a window of that name: a report tells windows by their names.

    Raises ReviewError WRONG_STAGE before anything is read, not after a long import."""
    need_draft(document, "The windows")
    wanted, taken = name or Path(sources[0]).stem, {w.name for w in document.windows}
    return next(one for k in range(1, len(taken) + 2) if (one := wanted if k == 1 else f"{wanted} ({k})") not in taken)


def read_before(windows: Sequence[WindowFacts], window_id: str) -> tuple[str, ...]:
    """Names of the other windows made of exactly the same files."""
    files = {facts.id: {source.sha256 for source in facts.sources} for facts in windows}
    return tuple(facts.name for facts in windows if facts.id != window_id and files[facts.id] == files[window_id])
