"""How is a time written that has words in it? Months by name, zones by letters, midnight as 24:00: brought to figures before it is parsed."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.asset.window import Int64Array

NS_PER_DAY = 86_400_000_000_000
MONTHS = (  # in the languages of owners: English, German, French, Spanish, Italian, Dutch; as regular expressions
    "jan(?:uary|uar|v|vier|uari)?|ene(?:ro)?|gen(?:naio)?|j[äa]n(?:ner)?", "feb(?:ruary|ruar|brero|braio|ruari)?|f[ée]v(?:r|rier)?",
    "mar(?:ch|s|zo)?|m[äa]r(?:z)?|mrt|maart|maerz", "apr(?:il|ile)?|avr(?:il)?|abr(?:il)?", "may|mai|mayo|mag(?:gio)?|mei", "jun[ie]?|juin|junio|giu(?:gno)?",
    "jul[iy]?|juil(?:let)?|julio|lug(?:lio)?", "aug(?:ust|ustus)?|ao[ûu]t?|ago(?:sto)?", "sep(?:t|tember|tembre|tiembre)?|set(?:tembre)?",
    "oct(?:ober|obre|ubre)?|okt(?:ober)?|ott(?:obre)?", "nov(?:ember|embre|iembre)?", "dec(?:ember)?|dez(?:ember)?|d[ée]c(?:embre)?|dic(?:iembre|embre)?",
)  # fmt: skip
ZONES = (("utc|gmt", "Z"), ("cest|mesz", "+02:00"), ("cet|mez", "+01:00"))  # letters that mean one offset everywhere; CST and IST do not
_WORDS = r"\p{L}{3}"
_MIDNIGHT = r"([ T])24:(00(?::00)?)\b"
_PARTS = r"[.\s/\-,]+"


def in_figures(column: pa.Array) -> tuple[pa.Array, Int64Array | None]:
    """The texts with figures only, and nanoseconds to add to each (None: nothing). Texts that hold no words come back as they are."""
    extra = None
    if _any(column, _WORDS):
        for figures, offset in ZONES:
            column = pc.replace_substring_regex(column, rf"(?i)\s+\(?(?:{figures})\)?$", offset)
        if _any(column, _WORDS):
            column = _months(column)
    if _any(column, _MIDNIGHT):
        late = np.asarray(pc.match_substring_regex(column, _MIDNIGHT).fill_null(False))
        extra = np.where(late, NS_PER_DAY, 0)
        column = pc.replace_substring_regex(column, _MIDNIGHT, r"\100:\2")
    return column, extra


def midnights(column: pa.Array) -> int:
    """How many texts call midnight 24:00."""
    return (
        int(pc.sum(pc.match_substring_regex(column, _MIDNIGHT)).as_py() or 0) if pc.any(pc.match_substring(column, "24:00")).as_py() else 0
    )


def _months(column: pa.Array) -> pa.Array:
    """``2. März 2026``, ``02-Mar-2026``, ``Mar 2, 2026`` and ``Mon Mar 02 08:00:00 2026`` as ``2026-03-02``."""
    for number, names in enumerate(MONTHS, 1):
        month = rf"(?:{names})\.?"
        if not _any(column, rf"(?i)(?:^|[^\p{{L}}]){month}(?:[^\p{{L}}]|$)"):
            continue
        week = r"(?i)^(?:\p{L}{2,10}\.?,?\s+)?"
        column = pc.replace_substring_regex(column, rf"{week}(\d{{1,2}}){_PARTS}{month}{_PARTS}(\d{{4}})", rf"\2-{number:02d}-\1")
        column = pc.replace_substring_regex(
            column, rf"{week}(\d{{1,2}}){_PARTS}{month}{_PARTS}(\d{{2}})([ T_])", rf"20\2-{number:02d}-\1\3"
        )
        column = pc.replace_substring_regex(column, rf"{week}{month}\s+(\d{{1,2}}),?\s+(\d{{4}})", rf"\2-{number:02d}-\1")
        column = pc.replace_substring_regex(
            column, rf"{week}{month}\s+(\d{{1,2}})\s+(\d{{1,2}}:\d{{2}}:\d{{2}})\s+(\d{{4}})", rf"\3-{number:02d}-\1 \2"
        )
        column = pc.replace_substring_regex(column, rf"(?i)^(\d{{4}}){_PARTS}{month}{_PARTS}(\d{{1,2}})", rf"\1-{number:02d}-\2")
    return column


def _any(column: pa.Array, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(column, pattern)).as_py())
