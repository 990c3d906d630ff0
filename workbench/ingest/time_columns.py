"""Which column tells the time of a row, how is it written, and what do the other clocks of the file say?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace

from workbench.errors import IngestError, Reason
from workbench.ingest import clock, half_days, name_time, sample_columns, tags, two_clocks
from workbench.ingest.mapping import ColumnRule, MappingProfile
from workbench.ingest.sample_columns import Sample
from workbench.ingest.values import exact

LOOKED_AT = 200
DAY_NS, HOUR_NS = 86_400_000_000_000, 3_600_000_000_000
START_FROM_NAME = "start-from-name"
Parsed = dict[str, tags.Tag]


@dataclass(frozen=True, slots=True)
class TimeChoice:
    """The column of time, its format, whether it states its zone, and what had to be assumed, as (rule, words)."""

    column: str
    time_format: str
    zone_stated: bool
    notes: tuple[tuple[str, str], ...] = ()


def chosen(name: str, parsed: Parsed, sample: Sample, zone: str | None) -> TimeChoice:
    """The best clock of a file: one that states its zone, else a calendar, else a count of seconds. Raises TIME_MISSING."""
    found = _clocks(parsed, sample)
    if not found:
        raise IngestError(
            Reason.TIME_MISSING, f"{name} has no column that reads as time.", "Ask for an export with a time stamp in every row."
        )
    best = min(found, key=lambda c: (not c.zone_stated, c.time_format == clock.ELAPSED))
    best = TimeChoice(best.column, best.time_format, best.zone_stated, _unread(best, found, parsed, sample))
    if "%H" in best.time_format:
        half_days.checked(name, best.column, two_clocks.stamps(sample[best.column], best.time_format))
    if best.time_format not in clock.MONTH_FIRST:
        return best
    day_first = clock.day_first(sample[best.column], best.time_format)
    notes = best.notes
    if day_first is None:
        day_first = _named_day(name, sample[best.column][:LOOKED_AT], best.time_format)
    if day_first is None:
        day_first = not (zone or "").startswith("America/")
        order = "day" if day_first else "month"
        notes += (("date-order-assumed", f"no row tells the day from the month in {best.column}; read with the {order} first"),)
    return TimeChoice(best.column, clock.MONTH_FIRST[best.time_format] if day_first else best.time_format, best.zone_stated, notes)


def start_of(name: str, time_format: str, column: str, start_ns: int | None) -> tuple[int, tuple[tuple[str, str], ...]]:
    """When a count of seconds began: as a person said, else the day in the name of the file. Raises CLOCK_UNUSABLE where neither is known."""
    if time_format != clock.ELAPSED or start_ns is not None:
        return start_ns or 0, ()
    stated = name_time.instant(name) or name_time.day(name)
    if stated:
        return name_time.utc_ns(stated), (
            (START_FROM_NAME, f"{column} counts from an unknown start; {stated} UTC was taken from the name of the file"),
        )
    raise IngestError(
        Reason.CLOCK_UNUSABLE,
        f"{name}: column {column} counts seconds from an unknown start.",
        "Say when it began, for example `--start 2024-10-23T08:00Z`.",
    )


def start_of_member(name: str, profile: MappingProfile, first_ns: int) -> int:
    """When the count of one file of several began. first_ns: its first count.

    A start that came from the name of one file is that of this file only; a count that goes on over files began with the first.
    Raises CLOCK_UNUSABLE where a file states no start of its own.
    """
    if START_FROM_NAME not in dict(profile.notes):
        return profile.start_ns
    stated = name_time.instant(name) or name_time.day(name)
    if not stated:
        raise IngestError(
            Reason.CLOCK_UNUSABLE,
            f"{name}: its time counts from an unknown start, and its name states none as those of other files do.",
            "Say when all of them began with `--start`, or ask for times of the calendar.",
        )
    own = name_time.utc_ns(stated)
    return profile.start_ns if own > profile.start_ns and first_ns >= own - profile.start_ns - HOUR_NS else own


def own_format(name: str, texts: Sequence[str], time_format: str, zone_known: bool) -> tuple[str, bool]:
    """How one file of a plant writes its time, and whether it states its zone.

    As the others do, unless that reads almost none of it, or its own rows or the day in its name prove that day and month change places in it.
    """
    some = [text for text in texts[:LOOKED_AT] if text.strip()]
    if some and (other := _swapped(name, some, time_format)):
        return other, zone_known
    if not some or (two_clocks.stamps(some, time_format) != clock.UNREADABLE).mean() >= 1 - clock.MAX_UNREAD:
        return time_format, zone_known
    found = clock.recognise(some)
    return found if found and clock.ELAPSED not in (found[0], time_format) else (time_format, zone_known)


def _swapped(name: str, texts: Sequence[str], time_format: str) -> str:
    """The format with day and month in each other's place, where one file proves it; else nothing."""
    for month, day in clock.MONTH_FIRST.items():
        if time_format in (month, day):
            day_first = clock.day_first(texts, month)
            if day_first is None:
                day_first = _named_day(name, texts, month)
            if day_first is not None and day_first != (time_format == day):
                return day if day_first else month
    return ""


def _named_day(name: str, texts: Sequence[str], month: str) -> bool | None:
    """Whether the day stands first, told by the day that the name of the file states; None where it states none or fits both."""
    stated = name_time.day(name)
    if not stated:
        return None
    here = name_time.utc_ns(stated) // DAY_NS
    fits = [bool((two_clocks.stamps(texts, form) // DAY_NS == here).any()) for form in (clock.MONTH_FIRST[month], month)]
    return fits[0] if fits[0] != fits[1] else None


def _unread(best: TimeChoice, found: list[TimeChoice], parsed: Parsed, sample: Sample) -> tuple[tuple[str, str], ...]:
    """What is said where a column is called a time, reads as none, and another was taken."""
    for column in sample:
        if parsed[column].kind != "time" or any(column == other.column for other in found):
            continue
        example = next((text for text in sample[column][:LOOKED_AT] if text.strip()), "")
        if example and len(set(sample[column][:LOOKED_AT])) > 1:
            return (("clock-unread", f"{column} is called a time but is written as no time that is known (for example {example!r}); {best.column} was read"),)  # fmt: skip
    return ()


def judged(rules: list[ColumnRule], parsed: Parsed, sample: Sample, choice: TimeChoice, zone: str) -> list[ColumnRule]:
    """Rules in which the other clocks of a file are dropped with what they say, and elapsed times that are wrong by 3600 are rescaled."""
    kept_ns = two_clocks.stamps(sample[choice.column], choice.time_format)
    others = {other.column: other for other in _clocks(parsed, sample) if other.column != choice.column}
    result = []
    for rule in rules:
        other = others.get(rule.source)
        if other is not None and other.time_format != clock.ELAPSED and choice.time_format != clock.ELAPSED:
            other_ns = two_clocks.stamps(sample[rule.source], other.time_format)
            repair, evidence = two_clocks.compared(choice.column, kept_ns, rule.source, other_ns, zone)
            rule = ColumnRule(source=rule.source, quantity="drop", evidence=evidence, repair=repair)
        elif rule.quantity.startswith("source_"):
            numbers = sample_columns.numbers(sample[rule.source], _plain, comma=False)
            scaled = two_clocks.duration_scale(rule.source, numbers, kept_ns)
            if scaled is not None:
                rule = replace(rule, scale=scaled[0], evidence=scaled[1], repair="duration-scale")
        result.append(rule)
    return result


def _plain(text: str) -> float:
    return float(value) if (value := exact(text)) is not None else np.nan


def _clocks(parsed: Parsed, sample: Sample) -> list[TimeChoice]:
    """Every column that reads as time, named ones first. A count of seconds must be named so: other columns rise, too."""
    result = []
    for column in sorted(sample, key=lambda column: parsed[column].kind != "time"):
        found = clock.recognise(sample[column][:LOOKED_AT])
        if found and (parsed[column].kind == "time" or found[0] not in (clock.ELAPSED, clock.EXCEL)):
            result.append(TimeChoice(column, *found))
    return result
