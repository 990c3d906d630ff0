"""Which decimal mark do texts use? Told by those that are plain numbers with one mark; a point where nothing speaks for a comma."""

from __future__ import annotations

import re
from collections.abc import Iterable

_COMMA = re.compile(r"\s*[+-]?\d{1,6},\d+\s*")
_POINT = re.compile(r"\s*[+-]?\d+\.\d+\s*")


def mark(texts: Iterable[str]) -> str:
    """A comma or a point."""
    balance = 0
    for text in texts:
        balance += bool(_COMMA.fullmatch(text)) - bool(_POINT.fullmatch(text))
    return "," if balance > 0 else "."
