"""Which decimal mark do texts use? Told by those that are plain numbers with one mark; a point where nothing speaks for a comma."""

from __future__ import annotations

import re
from collections.abc import Iterable

_COMMA = re.compile(r"\s*[+-]?\d{1,6},\d+\s*")
_POINT = re.compile(r"\s*[+-]?\d+\.\d+\s*")
_COUNT_SINCE = re.compile(
    r"\s*(?:\d{10}[.,]\d+|\d{5}[.,]\d{6,})\s*"
)  # a clock (seconds since 1970, days of Excel): no owner's locale wrote it
_GROUPED = re.compile(r"\s*[+-]?[1-9]\d{0,2}[.,]\d{3}\s*")  # a number that may as well be a whole one with its thousands parted


def mark(texts: Iterable[str], *, between_commas: bool = False) -> str:
    """A comma or a point. between_commas: commas part the fields as well, and 1,234 in quotes may be a thousand."""
    told = [text for text in texts if not _COUNT_SINCE.fullmatch(text)]
    commas, points = ([text for text in told if mark.fullmatch(text)] for mark in (_COMMA, _POINT))
    sure = [sum(not _GROUPED.fullmatch(text) for text in found) for found in (commas, points)]
    if commas and points and bool(sure[0]) != bool(sure[1]):
        return "," if sure[0] else "."
    return "," if len(commas) > len(points) and (sure[0] or not between_commas) else "."
