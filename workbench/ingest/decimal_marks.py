"""Which decimal mark do texts use? Told by those that are plain numbers with one mark; a point where nothing speaks for a comma."""

from __future__ import annotations

import re
from collections.abc import Iterable

_COMMA = re.compile(r"\s*[+-]?\d{1,6},\d+\s*")
_POINT = re.compile(r"\s*[+-]?\d+\.\d+\s*")
_THOUSANDS = re.compile(r"\s*[+-]?[1-9]\d{0,2},\d{3}\s*")


def mark(texts: Iterable[str], *, thousands: bool = False) -> str:
    """A comma or a point. thousands: where commas may part thousands, 40,0 speaks for a decimal comma and 1,234 for nothing by itself."""
    balance, sure = 0, not thousands
    for text in texts:
        comma = bool(_COMMA.fullmatch(text))
        balance += comma - bool(_POINT.fullmatch(text))
        sure |= comma and not _THOUSANDS.fullmatch(text)
    return "," if balance > 0 and sure else "."
