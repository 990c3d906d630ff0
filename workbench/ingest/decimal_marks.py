"""Which decimal mark do texts use? Told by those that are plain numbers with one mark; a point where nothing speaks for a comma."""

from __future__ import annotations

import re
from collections.abc import Iterable

_COMMA = re.compile(r"[+-]?\d{1,6},\d+")
_POINT = re.compile(r"[+-]?\d+\.\d+")
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")  # a decimal comma, or one between thousands


def mark(texts: Iterable[str], *, between_commas: bool = False) -> str:
    """A comma or a point. between_commas: fields are parted by commas, so that a number with one is decimal only where some cannot be thousands."""
    stripped = [text.strip() for text in texts]
    commas = [text for text in stripped if _COMMA.fullmatch(text)]
    if between_commas and all(_EITHER.fullmatch(text) for text in commas):
        return "."
    return "," if len(commas) > sum(bool(_POINT.fullmatch(text)) for text in stripped) else "."
