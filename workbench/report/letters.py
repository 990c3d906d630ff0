"""Which letters of what people and telemetry wrote can the report not print? Its face holds Latin, Greek and Cyrillic; others become a visible sign.

A reader must not have to guess what stood there, so the report says in a sentence how many letters that are, and the window says it before the signature.
"""

from __future__ import annotations

import json
import unicodedata

from reportlab.pdfbase import pdfmetrics

from workbench.asset.plain import canonical
from workbench.asset.window import WindowFacts
from workbench.report.tokens import register_fonts
from workbench.review.document import ReviewDocument
from workbench.viewmodels import numbers

SHOWN = 12  # letters named by their number


def strange(document: ReviewDocument, window: WindowFacts) -> str:
    """The letters of the review and of the window's names that the face of the report does not hold, each once, in the order of their numbers."""
    register_fonts()
    known = pdfmetrics.getFont("Text").face.charToGlyph
    texts = "".join(json.dumps(json.loads(canonical(fact)), ensure_ascii=False) for fact in (document, window.plant))
    return "".join(sorted(c for c in set(texts) if ord(c) not in known and unicodedata.category(c)[0] not in "CZ"))


def sentence(letters: str) -> str:
    """What is said about them; nothing where there is none. Numbers, because the letters themselves cannot be shown."""
    if not letters:
        return ""
    named = ", ".join(f"U+{ord(c):04X}" for c in letters[:SHOWN])
    more = f" and {len(letters) - SHOWN} more" if len(letters) > SHOWN else ""
    return (
        f"{numbers.count(len(letters), 'letter')} of the texts cannot be printed in the report's typeface and {'stands' if len(letters) == 1 else 'stand'} as \ufffd: "
        f"{named}{more}. The project holds the texts as they were written."
    )
