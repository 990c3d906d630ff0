"""Which instants do numbers state that do not count from 1970? Days of Excel and of MATLAB, and `seconds since ...` of netCDF, as ISO texts.

A day number in a float is good to some microseconds only: instants are rounded to a tenth of a millisecond, never finer than the number is.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

from workbench.asset.window import BoolArray, FloatArray, Int64Array
from workbench.ingest import exact_text
from workbench.ingest.clock import YEAR_1990_S, YEAR_2100_S

DAY_S = 86_400
EXCEL_1970 = 25_569  # day number of 1970-01-01; days before March 1900 differ, and no battery was logged then
EXCEL_1904 = 1_462  # days by which the calendar of old Macintosh workbooks is behind
MATLAB_1970 = 719_529
RESOLUTION_NS = 100_000
EXCEL, MATLAB = "Excel day numbers", "MATLAB day numbers"
_SINCE = re.compile(
    r"^(?P<unit>days?|hours?|hrs?|minutes?|mins?|seconds?|secs?|s|milliseconds?|ms|microseconds?|us|nanoseconds?|ns)\s+since\s+(?P<begin>.+)$",
    re.I,
)
_UNIT_NS = {"d": 86_400 * 10**9, "h": 3_600 * 10**9, "mi": 60 * 10**9, "s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}


def are_days(values: FloatArray, epoch_day: int) -> bool:
    """Whether all finite numbers lie between 1990 and 2100 as days, and some are no whole days or they differ."""
    known = values[np.isfinite(values)]
    seconds = (known - epoch_day) * DAY_S
    return bool(len(known) and (seconds >= YEAR_1990_S).all() and (seconds <= YEAR_2100_S).all() and np.ptp(known) > 0)


def days_as_texts(values: FloatArray, epoch_day: int) -> pa.DictionaryArray:
    """(T,) ISO texts of day numbers; missing where there is none."""
    known = np.isfinite(values)
    days = np.where(known, values, epoch_day)
    whole = np.floor(days)
    ns = (whole.astype(np.int64) - epoch_day) * DAY_S * 10**9 + _rounded((days - whole) * DAY_S * 1e9)
    return _texts(ns, known)


def since(units: str) -> tuple[int, int] | None:
    """Nanoseconds per count and the instant of zero [ns since 1970] of a unit such as ``seconds since 2024-01-01 00:00:00``."""
    found = _SINCE.match(units.strip())
    if not found:
        return None
    begin = found["begin"].strip().replace("Z", "+00:00").replace(" UTC", "+00:00")
    try:
        zero = datetime.fromisoformat(begin)
    except ValueError:
        return None
    zero = zero.replace(tzinfo=UTC) if zero.tzinfo is None else zero.astimezone(UTC)
    unit = found["unit"].lower()
    step = {"da": "d", "ho": "h", "hr": "h", "mi": "mi", "se": "s", "us": "us", "ms": "ms", "na": "ns", "ns": "ns", "s": "s"}[unit[:2]]
    step = {"milli": "ms", "micro": "us"}.get(unit[:5], step)
    microseconds = (zero - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return _UNIT_NS[step], microseconds * 1000


def counts_as_texts(values: np.ndarray[tuple[int], np.dtype[np.generic]], per_count_ns: int, zero_ns: int) -> pa.DictionaryArray:
    """(T,) ISO texts of counts since an instant."""
    if values.dtype.kind in "iu":
        return _texts(values.astype(np.int64) * per_count_ns + zero_ns, np.ones(len(values), bool))
    numbers = values.astype(np.float64)
    known = np.isfinite(numbers)
    numbers = np.where(known, numbers, 0.0)
    whole = np.floor(numbers)
    return _texts(whole.astype(np.int64) * per_count_ns + _rounded((numbers - whole) * per_count_ns, 1) + zero_ns, known)


def _rounded(ns: FloatArray, to_ns: int = RESOLUTION_NS) -> Int64Array:
    rounded: Int64Array = np.rint(ns / to_ns).astype(np.int64) * to_ns
    return rounded


def _texts(ns: Int64Array, known: BoolArray) -> pa.DictionaryArray:
    return exact_text.of_arrow(pa.array(ns, pa.int64(), mask=~known).cast(pa.timestamp("ns")))
