"""How does a figure read for a person? True minus, narrow space before the unit, intervals in square brackets.

Data exports do not use this: they keep ISO and a plain dot.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from workbench.asset.estimate import Answer
    from workbench.asset.window import WindowFacts

MINUS = "\u2212"
NARROW = "\u202f"  # no-break: a figure and its unit stay together
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNIT_SIGNS = {"degC": "°C", "ohm": "Ω", "mohm": "mΩ", "1": ""}


def unit_sign(unit: str) -> str:
    """The sign a person knows for one of our unit names."""
    return UNIT_SIGNS.get(unit, unit)


def number(value: float, digits: int = 0, unit: str = "", *, sign: bool = False) -> str:
    """A figure with true minus, thousands in narrow spaces, and its unit after a narrow no-break space. NaN reads as an en dash."""
    if not math.isfinite(value):
        return "–"
    text = f"{value:+,.{digits}f}" if sign else f"{value:,.{digits}f}"
    if text.strip("+-0.,") == "":
        text = text.lstrip("+-")  # neither +0 nor -0 says anything
    text = text.replace(",", NARROW).replace("-", MINUS)
    shown = unit_sign(unit)
    return text + (NARROW + shown if shown else "")


def count(value: int, noun: str = "", plural: str = "") -> str:
    """How many, with the noun in the right number: ``1 finding``, ``5 760 samples``."""
    text = f"{value:,}".replace(",", NARROW)
    return f"{text} {noun if value == 1 else plural or noun + 's'}" if noun else text


def percent(share: float, digits: int = 1) -> str:
    """A fraction as percent."""
    return number(100 * share, digits, "%")


def small_percent(share: float) -> str:
    """A fraction as percent where little is not nothing: ``under 0.1 %`` instead of a zero that is none."""
    return f"under {percent(0.001)}" if 0 < share < 0.0005 else percent(share)


UNITS = "mV|V|mA|A|Ah|kWh|MWh|Wh|kW|W|K|°C|mΩ|Ω|kΩ|Hz|h|s|ms|min|d|%|points?|periods?|cells?|racks?|rows?|probes?|samples?"
_PAIR = re.compile(rf"(?<=[\d\]]) (?=(?:{UNITS})(?![A-Za-z]))")
_MINUS = re.compile(r"(?<=[\s(\[])-(?=\d)")
_NAME = re.compile(r"(?<=\w) · (?=[MC]\d)")
_BOUNDS = re.compile(r"(?<=\[)([^\[\] ]*\d,) (?=[^\[\] ]*\d\])")


@lru_cache(maxsize=8192)
def unbroken(text: str) -> str:
    """The same words with figures kept on one line with their units, true minus before them, and the bounds of an interval and the parts of a cell's name together."""
    return _BOUNDS.sub("\\1\u00a0", _NAME.sub("\u00a0·\u00a0", _PAIR.sub("\u00a0", _MINUS.sub(MINUS, text))))


def own_way(name: str) -> str:
    """A name that is read from right to left, kept apart, so that it does not pull the figures beside it out of their order."""
    return f"\u2068{name}\u2069" if any(unicodedata.bidirectional(c) in ("R", "AL") for c in name) else name


def digits_for(half_width: float) -> int:
    """As many digits as make the half width of an interval two digits at most."""
    if not math.isfinite(half_width) or half_width <= 0:
        return 3
    return max(0, min(4, 1 - math.floor(math.log10(half_width))))


def interval(answer: Answer) -> str:
    """``91.4 [90.1, 92.6] MWh``, or ``not established``."""
    from workbench.asset.estimate import Estimate  # here, so that the first window does not wait for it

    if not isinstance(answer, Estimate):
        return "not established"
    digits = digits_for((answer.high - answer.low) / 2)
    body = f"{number(answer.value, digits)} [{number(answer.low, digits)}, {number(answer.high, digits)}]"
    shown = unit_sign(answer.unit)
    return body + (NARROW + shown if shown else "")


def zone_of(name: str) -> ZoneInfo:
    """The site's time zone, or UTC where the name means nothing on this machine."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # here, so that the first window does not wait for it

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def moment(time_ns: int, zone: str = "UTC") -> datetime:
    """The instant as a clock on site shows it (whole microseconds)."""
    seconds, rest = divmod(time_ns, 1_000_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest // 1000).astimezone(zone_of(zone))


def timestamp(time_ns: int, zone: str = "UTC", *, seconds: bool = True, weekday: bool = True) -> str:
    """``Fri 13 Mar 2026 20:50:00 +01:00`` (or UTC): date, clock and offset."""
    when = moment(time_ns, zone)
    offset = when.strftime("%z")
    zone_text = "UTC" if zone_of(zone).key == "UTC" else f"{offset[:3]}:{offset[3:]}".replace("-", MINUS)
    clock = when.strftime("%H:%M:%S" if seconds else "%H:%M")
    return f"{DAYS[when.weekday()] + ' ' if weekday else ''}{date(time_ns, zone)} {clock} {zone_text}"


def date(time_ns: int, zone: str = "UTC") -> str:
    """``13 Mar 2026``."""
    when = moment(time_ns, zone)
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def duration(seconds: float) -> str:
    """A length of time in the unit a person would choose: ``20 s``, ``27 min``, ``13.4 h``, ``14 d``."""
    for limit, unit, size in ((120.0, "s", 1.0), (7200.0, "min", 60.0), (172800.0, "h", 3600.0)):
        if abs(seconds) < limit:
            value = seconds / size
            return number(value, 0 if abs(value - round(value)) < 0.05 else 1, unit)
    days = seconds / 86400
    return number(days, 0 if abs(days - round(days)) < 0.05 else 1, "d")


def every(facts: WindowFacts) -> str:
    """How the rows of a window stand in time: ``every 10 s``, or what there is instead of a period."""
    step = duration(facts.nominal_period_s)
    words = {"periodic": "every", "event-driven": "on change, median step", "random": "at random, median step"}
    return f"{words.get(facts.sampling, 'irregular, median step')} {step}"


def span(start_ns: int, end_ns: int, zone: str = "UTC") -> str:
    """``2 Mar – 15 Mar 2026``, both days within; with clocks where it is shorter than two days."""
    if end_ns - start_ns < 2 * 86_400_000_000_000:
        first, last = moment(start_ns, zone), moment(end_ns, zone)
        same = first.date() == last.date()
        end = f"{last:%H:%M}" if same else f"{date(end_ns, zone)} {last:%H:%M}"
        return f"{date(start_ns, zone)} {first:%H:%M} – {end}"
    first_text = date(start_ns, zone)
    last_text = date(end_ns - 1, zone)  # the end itself is outside: midnight belongs to the day before
    if first_text[-4:] == last_text[-4:]:
        first_text = first_text[:-5]
    return f"{first_text} – {last_text}"


def digest_groups(hex_digest: str, groups: int = 4) -> str:
    """The first groups of four digits of a digest, as printed for comparison by eye."""
    return " ".join(hex_digest[4 * k : 4 * k + 4] for k in range(groups)).upper()
