"""Which instant, or at least which day, does a file name state? A last resort where the file itself is silent, and always listed."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_INSTANT = re.compile(r"(?<!\d)(20\d{2})[-_.]?([01]\d)[-_.]?([0-3]\d)[ T_-]*([0-2]\d)[-_.:h]?([0-5]\d)(?:[-_.:m]?([0-5]\d))?(?!\d)")
_DAY = re.compile(r"(?<!\d)(20\d{2})[-_.]?([01]\d)[-_.]?([0-3]\d)(?!\d)")


def instant(name: str) -> str:
    """The instant a file name states (``console_20210304_120500.log``) as ``%Y-%m-%d %H:%M:%S``, or nothing."""
    found = _INSTANT.search(name.rsplit("/", 1)[-1])
    return _valid(f"{found[1]}-{found[2]}-{found[3]} {found[4]}:{found[5]}:{found[6] or '00'}") if found else ""


def day(name: str) -> str:
    """The first day a file name states, as its midnight, or nothing."""
    found = _DAY.search(name.rsplit("/", 1)[-1])
    return _valid(f"{found[1]}-{found[2]}-{found[3]} 00:00:00") if found else ""


def utc_ns(text: str) -> int:
    """UTC nanoseconds of what `instant` or `day` gave."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000_000


def _valid(text: str) -> str:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return ""
    return text
