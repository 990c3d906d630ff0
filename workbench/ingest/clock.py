"""When was a row recorded? Text or numbers to UTC nanoseconds, with the zone's holes and overlaps named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise, takewhile
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.asset.window import BoolArray, Int64Array
from workbench.ingest import time_words

PATTERNS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M:%S",
    "%Y%m%d %H:%M:%S",
    "%Y%m%d%H%M%S",
    "%m/%d/%Y %I:%M:%S %p",
    "%d/%m/%Y %I:%M:%S %p",
    "%d.%m.%Y %I:%M:%S %p",
    "%Y-%m-%d %I:%M:%S %p",
    "%Y.%m.%d %H:%M:%S",
    "%m-%d-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M:%S",
)
SHORT = (
    "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%d.%m.%Y %H:%M", "%d.%m.%y %H:%M", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M", "%m/%d/%Y %I:%M %p", "%d/%m/%Y %I:%M %p",
    "%d.%m.%Y %I:%M %p", "%Y-%m-%d %I:%M %p", "%Y.%m.%d %H:%M", "%m-%d-%Y %H:%M", "%d-%m-%Y %H:%M",
)  # fmt: skip
UNREADABLE = np.iinfo(np.int64).min
NS_PER_DAY = 86_400_000_000_000
QUARTER_NS, BACKWARDS_NS = 900_000_000_000, 1_800_000_000_000
_COUNTS = re.compile(r"\d+(?:[.,]\d+)?(?:\n\d+(?:[.,]\d+)?)*")  # texts that are all numbers, one on a line
_HEX = re.compile(r"(?:0x)?[0-9a-f]{8}", re.I)  # without a letter anywhere they are plain numbers, and read as such
_FRACTION = r"[.,]\d+"
_PLAIN = r"^\d[\d/.\-]{7,9} \d\d:\d\d:\d\d$"
_ZONE = r"(?P<s>[+-])(?P<h>0\d|1[0-4]):?(?P<m>[0-5]\d)$"
_OFFSET = re.compile(rf"Z$|{_ZONE}")
HEX = "epoch-s-hex"
EPOCH_S, EPOCH_MS, EPOCH_US, EPOCH_NS, ELAPSED, EXCEL = "epoch-s", "epoch-ms", "epoch-us", "epoch-ns", "elapsed-s", "excel-days"
EPOCH_DIGITS = {EPOCH_S: 0, EPOCH_MS: 3, EPOCH_US: 6, EPOCH_NS: 9}  # counts since 1970: decimal places of a second
EXCEL_1970, EXCEL_LOW, EXCEL_HIGH = 25_569, 32_874, 73_051  # days since 30.12.1899: the epoch, 1990 and 2100
MONTH_FIRST = {f"%m/%d/%Y {time}": f"%d/%m/%Y {time}" for time in ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p")} | {
    f"%m-%d-%Y {time}": f"%d-%m-%Y {time}" for time in ("%H:%M:%S", "%H:%M")
}  # month before day -> day before month
MIN_RISING = 0.8  # of steps of an elapsed time; it may begin again at every step of a test
MAX_UNREAD = 0.1  # of sample texts that may be no time: repeated headers, broken rows; the import counts them
YEAR_1990_S, YEAR_2100_S = 631_152_000, 4_102_444_800  # an instant outside is a clock that was not set, not a time of a battery


@dataclass(frozen=True, slots=True)
class Zoned:
    """UTC nanoseconds, and how many local times fell into a hole (do not exist) or an overlap (exist twice)."""

    utc_ns: Int64Array
    in_hole: int
    in_overlap: int


def recognise(texts: Sequence[str]) -> tuple[str, bool] | None:
    """The time format of sample texts and whether they state their zone, or None when they are no times."""
    filled = [stripped for t in texts if t and (stripped := t.strip())]
    if not filled:
        return None
    filled = _numbers_of(filled)
    joined = "\n".join(filled)
    if joined.count("\n") == len(filled) - 1 and _COUNTS.fullmatch(joined):
        numbers = [float(t) for t in joined.replace(",", ".").split("\n")]
        for epoch, digits in EPOCH_DIGITS.items():
            if all(YEAR_1990_S <= v / 10**digits <= YEAR_2100_S for v in numbers):
                return epoch, True
        if all(EXCEL_LOW <= v <= EXCEL_HIGH and re.search(r"[.,]\d{2}", t) for v, t in zip(numbers, filled, strict=True)):
            return EXCEL, False
        units = list(takewhile(bool, map(epoch_of, numbers)))  # most columns are no time at their first number
        if len(units) == len(numbers):
            return max(EPOCH_DIGITS, key=units.count), True  # a logger that changed its unit on the way
        if not all(re.fullmatch(r"\d{14}", t) for t in filled):
            rises = sum(b > a for a, b in pairwise(numbers))
            return (ELAPSED, False) if rises and rises >= MIN_RISING * (len(numbers) - 1) else None
    if all(_HEX.fullmatch(t) for t in filled) and all(YEAR_1990_S <= int(t, 16) <= YEAR_2100_S for t in filled):
        return HEX, True
    array = time_words.in_figures(pa.array(filled))[0]
    for pattern in (*PATTERNS, *SHORT):
        unread = int((_whole_seconds(array, pattern) == UNREADABLE).sum())
        if unread <= MAX_UNREAD * len(filled):
            stated = sum(bool(_OFFSET.search(t)) for t in array.to_pylist())
            return pattern, stated >= len(filled) - unread
    return None


def _numbers_of(texts: list[str]) -> list[str]:
    """The numbers alone where nearly all texts are numbers: a header that stands in the middle is none."""
    numbers = [text for text in texts if _COUNTS.fullmatch(text)]
    return numbers if len(texts) > len(numbers) >= (1 - MAX_UNREAD) * len(texts) else texts


def parsed(column: pa.Array, time_format: str) -> Int64Array:
    """(T,) nanoseconds as the text says (no zone applied unless the text states one); UNREADABLE where it states no time from 1990 to 2100."""
    column = pc.utf8_trim_whitespace(column)
    if time_format == EXCEL:
        days = _numeric(column, NS_PER_DAY, EXCEL_LOW, EXCEL_HIGH)
        return np.where(days == UNREADABLE, UNREADABLE, (days - EXCEL_1970 * NS_PER_DAY + 500_000) // 1_000_000 * 1_000_000)
    if time_format == HEX:
        said = [int(t, 16) if t is not None and _HEX.fullmatch(t) else 0 for t in column.to_pylist()]
        return np.array([t * 10**9 if YEAR_1990_S <= t <= YEAR_2100_S else UNREADABLE for t in said], np.int64)
    if time_format in (*EPOCH_DIGITS, ELAPSED):
        per_unit = 10 ** (9 - EPOCH_DIGITS.get(time_format, 0))
        low = -YEAR_2100_S if time_format == ELAPSED else YEAR_1990_S
        told = _numeric(column, per_unit, low * 10**9 // per_unit, YEAR_2100_S * 10**9 // per_unit)
        return told if time_format == ELAPSED else _of_other_units(column, told, time_format)
    if (
        time_format in PATTERNS
        and pc.all(pc.match_substring_regex(column, _PLAIN)).as_py()
        and not pc.any(pc.match_substring(column, " 24:")).as_py()
    ):  # no fraction and no zone
        told = pc.strptime(column, format=time_format, unit="s", error_is_null=True)
        plain = np.asarray(told.fill_null(0).cast(pa.int64())).astype(np.int64)
        return np.where((plain >= YEAR_1990_S) & (plain <= YEAR_2100_S), plain * 1_000_000_000, UNREADABLE)
    column, extra = time_words.in_figures(column)
    seconds = _whole_seconds(column, time_format)
    known = seconds != UNREADABLE
    result = np.where(known, seconds, 0) * 1_000_000_000 + _fraction_ns(column) - _offset_ns(column)
    result += 0 if extra is None else extra
    result[~known] = UNREADABLE
    return result


def epoch_of(number: float) -> str:
    """The count since 1970 that a number can be: its units do not overlap from 1990 to 2100. Empty where it is none."""
    return next((epoch for epoch, digits in EPOCH_DIGITS.items() if YEAR_1990_S <= number / 10**digits <= YEAR_2100_S), "")


def of_other_units(column: pa.Array, time_format: str) -> int:
    """How many counts since 1970 are in another unit than the usual one of the file."""
    if time_format not in EPOCH_DIGITS:
        return 0
    column = pc.utf8_trim_whitespace(column)
    return int((parsed(column, time_format) != UNREADABLE).sum()) - int((_epoch(column, time_format) != UNREADABLE).sum())


def _epoch(column: pa.Array, time_format: str) -> Int64Array:
    per_unit = 10 ** (9 - EPOCH_DIGITS[time_format])
    return _numeric(column, per_unit, YEAR_1990_S * 10**9 // per_unit, YEAR_2100_S * 10**9 // per_unit)


def _of_other_units(column: pa.Array, told: Int64Array, time_format: str) -> Int64Array:
    """Counts that are no instant in the unit of the file, but in one other."""
    lost = told == UNREADABLE
    for other in EPOCH_DIGITS if lost.any() else ():
        if other != time_format:
            told = np.where(told == UNREADABLE, _epoch(column, other), told)
    return told


def to_utc(local_ns: Int64Array, zone: str) -> Zoned:
    """Local wall-clock nanoseconds to UTC, as `LocalClock` reads a whole series."""
    return LocalClock(zone).utc(local_ns)


class LocalClock:
    """A clock on a wall, read block by block in the order in which its rows were written.

    In an overlap the second pass is told from the first by the clock running backwards, in whichever block it does; the next overlap begins anew.
    """

    def __init__(self, zone: str) -> None:
        self._zone = "" if zone == "UTC" else zone
        self._last_ns = 0
        self._passed, self._twice = False, False  # whether the last row was of a second pass, and of an hour that is there twice at all

    def utc(self, local_ns: Int64Array) -> Zoned:
        """The next rows, UTC."""
        if not self._zone or not len(local_ns):
            return Zoned(local_ns, 0, 0)
        quarter = local_ns // QUARTER_NS  # zones change on quarter hours at the finest
        fresh = np.r_[True, quarter[1:] != quarter[:-1]]
        distinct, run = np.unique(quarter[fresh], return_inverse=True)
        first, second, hole = self._offsets(distinct)
        where = run[np.cumsum(fresh) - 1]
        twice, offset = (first > second)[where], first[where]
        if twice.any():
            backwards = (np.diff(local_ns, prepend=self._last_ns) < -BACKWARDS_NS) & np.r_[self._twice, twice[:-1]]
            turns = np.cumsum(backwards & twice) + int(self._passed)
            passed = turns > np.maximum.accumulate(np.where(twice, 0, turns))
            offset = np.where(twice & passed, second[where], offset)
            self._passed = bool(twice[-1] and passed[-1])
        else:
            self._passed = False
        self._last_ns, self._twice = int(local_ns[-1]), bool(twice[-1])
        return Zoned(local_ns - offset * 1_000_000_000, int(hole[where].sum()), int(twice.sum()))

    def _offsets(self, quarters: Int64Array) -> tuple[Int64Array, Int64Array, BoolArray]:
        """Seconds ahead of UTC in the first and second pass of quarter hours, and which of these the zone has not."""
        info = ZoneInfo(self._zone)
        first, second = np.empty(len(quarters), np.int64), np.empty(len(quarters), np.int64)
        for i, quarter in enumerate(quarters.tolist()):
            wall = datetime.fromtimestamp(quarter * 900, UTC).replace(tzinfo=info)
            first[i], second[i] = (int((wall.replace(fold=fold).utcoffset() or timedelta()).total_seconds()) for fold in (0, 1))
        return first, second, first < second  # offsets grow across a hole and shrink across an overlap


def day_first(texts: Sequence[str], pattern: str = PATTERNS[4]) -> bool | None:
    """Whether dates written with slashes begin with the day: told by a number above 12, else by which reading has the steadier steps; None: no telling."""
    array = pa.array([t.strip() for t in texts if t and t.strip()], pa.string())
    month, day = (_whole_seconds(array, one) for one in (pattern, MONTH_FIRST[pattern]))
    bad = [int((seconds == UNREADABLE).sum()) for seconds in (month, day)]
    if bad[0] != bad[1]:
        return bad[1] < bad[0]
    known = (month != UNREADABLE) & (day != UNREADABLE)
    rough = [float(np.abs(np.diff(seconds[known])).sum()) for seconds in (month, day)]
    return None if max(rough) < 2 * min(rough) or not max(rough) else rough[1] < rough[0]


def _whole_seconds(column: pa.Array, pattern: str) -> Int64Array:
    """(T,) seconds as the texts say, UNREADABLE where they state no time from 1990 to 2100."""
    seconds = np.asarray(_strptime(column, pattern).fill_null(0).cast(pa.int64())).astype(np.int64)
    return np.where((seconds >= YEAR_1990_S) & (seconds <= YEAR_2100_S), seconds, UNREADABLE)


def _strptime(column: pa.Array, pattern: str) -> pa.Array:
    text = pc.replace_substring_regex(column, r"[T_]", " ", max_replacements=1)
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
    """Whole and broken part are read apart: a count of nanoseconds since 1970 has more digits than a float."""
    column = pc.replace_substring_regex(column, r"^(-?\d+),(\d+)$", r"\1.\2")
    parts = pc.extract_regex(column, r"^(?P<sign>-?)(?P<whole>\d{1,18}|[1-8]\d{18})(?:\.(?P<part>\d{0,18})\d*)?$")
    if parts.null_count == len(parts):
        return np.full(len(column), UNREADABLE)
    known = ~np.asarray(parts.is_null())
    whole = np.asarray(_part(parts, "whole", "0").cast(pa.int64())).astype(np.int64)
    part = np.asarray(pc.binary_join_element_wise("0", _part(parts, "part", ""), ".").cast(pa.float64()))
    minus = np.asarray(pc.equal(_part(parts, "sign", ""), "-"))
    known &= (np.where(minus, -whole, whole) >= low) & (whole <= high)
    result: Int64Array = np.where(known, whole, 0) * per_unit + np.rint(part * per_unit).astype(np.int64)
    result[minus] *= -1
    result[~known] = UNREADABLE
    return result


def _part(parts: pa.Array, name: str, instead: str) -> pa.Array:
    return pc.struct_field(parts, name).fill_null(instead)
