"""When was a row recorded? Text or numbers to UTC nanoseconds, with the zone's holes and overlaps named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.asset.window import Int64Array

PATTERNS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M:%S",
    "%Y%m%d %H:%M:%S",
    "%Y%m%d%H%M%S",
)
SHORT = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%d.%m.%Y %H:%M", "%d.%m.%y %H:%M", "%d/%m/%Y %H:%M")
UNREADABLE = np.iinfo(np.int64).min
_FRACTION = r"[.,]\d+"
_PLAIN = r"^\d[\d/.\-]{7,9} \d\d:\d\d:\d\d$"
_ZONE = r"(?P<s>[+-])(?P<h>0\d|1[0-4]):?(?P<m>[0-5]\d)$"
_OFFSET = re.compile(rf"Z$|{_ZONE}")
EPOCH_S, EPOCH_MS, ELAPSED = "epoch-s", "epoch-ms", "elapsed-s"
MAX_UNREAD = 0.1  # of sample texts that may be no time: repeated headers, broken rows; the import counts them
YEAR_1990_S, YEAR_2100_S = 631_152_000, 4_102_444_800  # an instant outside is a clock that was not set, not a time of a battery


@dataclass(frozen=True, slots=True)
class Zoned:
    """UTC nanoseconds, and how many local times fell into a hole (do not exist) or an overlap (exist twice)."""

    utc_ns: Int64Array
    in_hole: int
    in_overlap: int


def recognise(texts: list[str]) -> tuple[str, bool] | None:
    """The time format of sample texts and whether they state their zone, or None when they are no times."""
    filled = [t.strip() for t in texts if t and t.strip()]
    if not filled:
        return None
    if all(re.fullmatch(r"\d+(\.\d+)?", t) for t in filled):
        numbers = [float(t) for t in filled]
        if all(YEAR_1990_S <= v <= YEAR_2100_S for v in numbers):
            return EPOCH_S, True
        if all(YEAR_1990_S * 1e3 <= v <= YEAR_2100_S * 1e3 for v in numbers):
            return EPOCH_MS, True
        if not all(re.fullmatch(r"\d{14}", t) for t in filled):
            return (ELAPSED, False) if numbers == sorted(numbers) and numbers[-1] > numbers[0] else None
    array = pa.array(filled)
    for pattern in (*PATTERNS, *SHORT):
        unread = _strptime(array, pattern).null_count
        if unread <= MAX_UNREAD * len(filled):
            stated = sum(bool(_OFFSET.search(t)) for t in filled)
            return pattern, stated >= len(filled) - unread
    return None


def parsed(column: pa.Array, time_format: str) -> Int64Array:
    """(T,) nanoseconds as the text says (no zone applied unless the text states one); UNREADABLE where it states no time from 1990 to 2100."""
    column = pc.utf8_trim_whitespace(column)
    if time_format in (EPOCH_S, EPOCH_MS, ELAPSED):
        per_unit = 1_000_000 if time_format == EPOCH_MS else 1_000_000_000
        low, high = (
            (YEAR_1990_S * 10**9 // per_unit, YEAR_2100_S * 10**9 // per_unit) if time_format != ELAPSED else (-YEAR_2100_S, YEAR_2100_S)
        )
        return _numeric(column, per_unit, low, high)
    plain = time_format in PATTERNS and pc.all(pc.match_substring_regex(column, _PLAIN)).as_py()  # no fraction and no zone
    whole = pc.strptime(column, format=time_format, unit="s", error_is_null=True) if plain else _strptime(column, time_format)
    seconds = np.asarray(whole.fill_null(0).cast(pa.int64())).astype(np.int64)
    known = (seconds >= YEAR_1990_S) & (seconds <= YEAR_2100_S)
    if plain:
        return np.where(known, seconds * 1_000_000_000, UNREADABLE)
    result = np.where(known, seconds, 0) * 1_000_000_000 + _fraction_ns(column) - _offset_ns(column)
    result[~known] = UNREADABLE
    return result


def to_utc(local_ns: Int64Array, zone: str) -> Zoned:
    """Local wall-clock nanoseconds to UTC. In an overlap the second pass is told from the first by the clock running backwards."""
    if zone in ("", "UTC") or not len(local_ns):
        return Zoned(local_ns, 0, 0)
    hours, where = np.unique(local_ns // 900_000_000_000, return_inverse=True)  # zones change on quarter hours at the finest
    info = ZoneInfo(zone)
    first, second, hole = (np.empty(len(hours), np.int64), np.empty(len(hours), np.int64), np.empty(len(hours), bool))
    for i, quarter in enumerate(hours):
        wall = datetime.fromtimestamp(int(quarter) * 900, UTC).replace(tzinfo=info)
        early, late = (wall.replace(fold=fold).utcoffset() or timedelta() for fold in (0, 1))
        first[i], second[i] = int(early.total_seconds()), int(late.total_seconds())
        hole[i] = first[i] < second[i]  # offsets grow across a hole and shrink across an overlap
    twice = (first > second)[where]
    offset = first[where]
    if twice.any():
        backwards = np.r_[False, np.diff(local_ns) < -1_800_000_000_000]
        passed = np.cumsum(backwards & twice) > 0
        offset = np.where(twice & passed, second[where], offset)
    return Zoned(local_ns - offset * 1_000_000_000, int(hole[where].sum()), int(twice.sum()))


def _strptime(column: pa.Array, pattern: str) -> pa.Array:
    text = pc.replace_substring_regex(column, r"T", " ", max_replacements=1)
    text = pc.replace_substring_regex(text, rf"\s*(Z$|{_ZONE})", "")
    text = pc.replace_substring_regex(text, r"(:\d\d)[.,]\d+$", r"\1")
    return pc.strptime(text, format=pattern, unit="s", error_is_null=True)


def _fraction_ns(column: pa.Array) -> Int64Array:
    found = pc.struct_field(pc.extract_regex(column, rf":\d\d(?P<f>{_FRACTION})"), "f")
    if found.null_count == len(found):
        return np.zeros(len(column), np.int64)
    text = pc.replace_substring_regex(found.fill_null("0"), "^[.,]", "0.")
    return np.rint(np.asarray(text.cast(pa.float64())) * 1e9).astype(np.int64)


def _offset_ns(column: pa.Array) -> Int64Array:
    parts = pc.extract_regex(column, _ZONE)
    if parts.null_count == len(parts):
        return np.zeros(len(column), np.int64)
    hours, minutes = (np.asarray(pc.struct_field(parts, name).fill_null("0").cast(pa.int64())) for name in "hm")
    sign = np.where(np.asarray(pc.equal(pc.struct_field(parts, "s"), "-").fill_null(False)), -1, 1)
    result: Int64Array = (sign * (hours * 60 + minutes) * 60_000_000_000).astype(np.int64)
    return result


def _numeric(column: pa.Array, per_unit: int, low: int, high: int) -> Int64Array:
    number = pc.if_else(pc.match_substring_regex(column, r"^-?\d+(\.\d+)?$"), column, None)
    values = np.asarray(number.fill_null("0").cast(pa.float64()))
    known = ~np.asarray(number.is_null()) & (values >= low) & (values <= high)
    values = np.where(known, values, 0.0)
    whole = np.floor(values)
    result = whole.astype(np.int64) * per_unit + np.rint((values - whole) * per_unit).astype(np.int64)
    result[~known] = UNREADABLE
    return result
