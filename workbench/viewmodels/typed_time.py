"""Which instant does a person mean? Dates and clocks as people type them, read on the site's clock inside the window under review.

Forgiving, never guessing silently: a date without a year takes the year that lies in the window, a clock without a date the day in view; what it
was read as is always said with date and offset.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from workbench.viewmodels import numbers

MONTH_WORDS = {m.lower(): i for i, m in enumerate(numbers.MONTHS, 1)} | {"mär": 3, "mrz": 3, "mae": 3, "mai": 5, "okt": 10, "dez": 12}
CLOCK = r"(?:(?:,|T|at|um)?\s*(\d{1,2})[:h.](\d{2})(?::(\d{2}))?)?"
ZONE = r"\s*(Z|UTC|[+\-−]\d{2}:?\d{2})?"
ISO = re.compile(rf"(\d{{4}})[-/](\d{{1,2}})[-/](\d{{1,2}})\s*{CLOCK}{ZONE}", re.I)
WORDS = re.compile(rf"(?:\b[a-z]{{2,3}}\.?,?\s+)?(\d{{1,2}})\.?\s*([a-zä]{{3,9}})\.?\s*(\d{{4}})?\s*{CLOCK}{ZONE}", re.I)
DOTTED = re.compile(rf"(\d{{1,2}})\.(\d{{1,2}})\.(\d{{4}})?\s*{CLOCK}{ZONE}", re.I)
BARE = re.compile(rf"(\d{{1,2}}):(\d{{2}})(?::(\d{{2}}))?{ZONE}", re.I)


def typed_time(text: str, start_ns: int, end_ns: int, near_ns: int, zone: str) -> int | None:
    """UTC nanoseconds of what was typed, or None where it is no time. The window [start_ns, end_ns) settles the year, near_ns the day."""
    text = text.strip()
    if found := ISO.fullmatch(text):
        year, month, day, *clock = found.groups()
        return _instant(int(year), int(month), int(day), clock, zone)
    found = DOTTED.fullmatch(text) or WORDS.fullmatch(text)
    if found:
        day, word, year, *clock = found.groups()
        number = int(word) if word.isdigit() else MONTH_WORDS.get(word[:3].lower())
        if number is None:
            return None
        years = [int(year)] if year else range(numbers.moment(start_ns, zone).year, numbers.moment(end_ns, zone).year + 1)
        made = [t for y in years if (t := _instant(y, number, int(day), clock, zone)) is not None]
        return next((t for t in made if start_ns <= t < end_ns), made[0] if made else None)
    if found := BARE.fullmatch(text):
        there = numbers.moment(near_ns, zone)
        return _instant(there.year, there.month, there.day, list(found.groups()), zone)
    return None


def _instant(year: int, month: int, day: int, clock: list[str | None], zone: str) -> int | None:
    """The instant on the site's clock, or with the offset that was typed; None for a date or clock that does not exist."""
    hour, minute, second, offset = (*clock[:3], clock[3])
    try:
        when = datetime(year, month, day, int(hour or 0), int(minute or 0), int(second or 0), tzinfo=_zone(offset, zone))
    except ValueError:
        return None
    return int(when.astimezone(UTC).timestamp()) * 1_000_000_000


def _zone(offset: str | None, zone: str) -> tzinfo:
    if not offset:
        return numbers.zone_of(zone)
    if offset.upper() in ("Z", "UTC"):
        return UTC
    sign = 1 if offset[0] == "+" else -1
    digits = offset[1:].replace(":", "")
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
