"""Which letters of a review will its report not be able to print? One sentence for whoever writes it, empty where all can be printed."""

from __future__ import annotations

from workbench.asset.plain import canonical
from workbench.asset.window import WindowFacts
from workbench.review.document import ReviewDocument


def unprinted(document: ReviewDocument, window: WindowFacts | None) -> str:
    """What `workbench.report.letters` says; the faces are read only where something else than plain letters was written."""
    if window is None or (canonical(document) + canonical(window.plant)).isascii():
        return ""
    from workbench.report import letters

    return letters.sentence(letters.strange(document, window))
