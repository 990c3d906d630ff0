"""Do rows state the time of day only? The day then stands in the name of the file or in a title above its header, and midnights are counted on.

Shapes: T rows. Raises TIME_MISSING where no day is stated anywhere: nobody can tell afterwards which day it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pyarrow as pa

from workbench.errors import IngestError, Reason
from workbench.ingest import clock, csv_source, fixed_width, name_time, tags, text_encoding
from workbench.ingest.csv_source import Layout, Member

SHAPE = "time-of-day"
LOOKED_AT = 200
HALF_DAY_S = 43_200
MIN_RISING = 0.9  # of the steps, or the file does not run forward and its midnights cannot be told
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})([.,]\d+)?)?")
_ISO = re.compile(r"(?<!\d)(20\d{2})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(20\d{2})(?!\d)")


def dated(member: Member, form: Layout) -> Layout | None:
    """The layout whose only clock gets its day, or None where it has another clock or none."""
    columns = [[row[k].strip() for row in form.sample[:LOOKED_AT] if row[k].strip()] for k in range(len(form.header))]
    clocks = [k for k, own in enumerate(columns) if own and all(_TIME.fullmatch(text) for text in own)]
    others = [k for k, own in enumerate(columns) if k not in clocks and tags.parse(form.header[k]).kind == "time" and clock.recognise(own)]
    if form.shape not in ("plain", fixed_width.SHAPE) or not clocks or others or any(_calendar(own) for own in columns):
        return None
    place = next((k for k in clocks if tags.parse(form.header[k]).kind == "time"), clocks[0])
    name = form.header[place]
    seconds = [_seconds(text) for text in columns[place]]
    steps = [after - before for before, after in pairwise(seconds)]
    if steps and sum(step >= 0 or step < -HALF_DAY_S for step in steps) < MIN_RISING * len(steps):
        raise IngestError(
            Reason.CLOCK_UNUSABLE,
            f"{member.name}: {name} states the time of day only, and its rows do not run forward, so that the days cannot be counted.",
            "Ask for the date in every row.",
        )
    day, where = _day(member, form)
    if not day:
        raise IngestError(
            Reason.TIME_MISSING,
            f"{member.name}: {name} states the time of day only, and neither the name of the file nor a title states the day.",
            "Ask for the date in every row, or put the day into the name of the file (R01_2026-03-16.csv).",
        )
    sample = tuple(_with(row, place, f"{day} {row[place].strip()}") for row in form.sample)
    note = ("day-from-title", f"{name} states the time of day only; the day {day} was taken from {where}, and each midnight counts one on")
    return replace(form, sample=sample, notes=(*form.notes, note), shape=SHAPE, inner=form, lists=((name, (day,)),))


def columns(blocks: Iterator[Mapping[str, pa.DictionaryArray]], form: Layout) -> Iterator[dict[str, pa.DictionaryArray]]:
    """Blocks in which the clock has its day."""
    name, (first,) = form.lists[0]
    day, last = date.fromisoformat(first), -1.0
    for block in blocks:
        made = []
        for text in csv_source.texts(block[name]):
            found = _TIME.fullmatch(text.strip())
            if found is None:
                made.append(text)
                continue
            seconds = _seconds(text.strip())
            if seconds < last - HALF_DAY_S:
                day += timedelta(days=1)
            elif last >= 0 and seconds > last + HALF_DAY_S and day > date.fromisoformat(first):  # a late row of the day before
                made.append(f"{day - timedelta(days=1)} {_clock(found)}")
                continue
            last = seconds
            made.append(f"{day} {_clock(found)}")
        yield {other: block[other] for other in form.header if other != name} | {name: pa.array(made, pa.string()).dictionary_encode()}


def _clock(found: re.Match[str]) -> str:
    return f"{int(found[1]):02d}:{found[2]}:{found[3] or '00'}{(found[4] or '').replace(',', '.')}"


def _seconds(text: str) -> float:
    found = _TIME.fullmatch(text)
    return 0.0 if found is None else int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0)


def _calendar(own: list[str]) -> bool:
    return bool(own) and sum(bool(_ISO.search(text) or _DAY_FIRST.search(text)) for text in own) > len(own) / 2


def _day(member: Member, form: Layout) -> tuple[str, str]:
    """The day of the first row as ISO text, and where it stands."""
    if stated := name_time.day(member.name):
        return stated[:10], "the name of the file"
    with csv_source.opened(member) as file:
        head = file.read(csv_source.SNIFF_BYTES)
    lines = csv_source.LINE_END.split(head.decode(text_encoding.recognised(head), errors="replace"))[: form.skip]
    days = {day for line in lines for day in _days(line)}
    return (days.pop(), "a title above its header") if len(days) == 1 else ("", "")


def _days(line: str) -> Iterator[str]:
    parts = [(found[1], found[2], found[3]) for found in _ISO.finditer(line)] + [(f[3], f[2], f[1]) for f in _DAY_FIRST.finditer(line)]
    for year, month, day in parts:
        try:
            yield date(int(year), int(month), int(day)).isoformat()
        except ValueError:
            continue


def _with(row: tuple[str, ...], place: int, text: str) -> tuple[str, ...]:
    return (*row[:place], text, *row[place + 1 :])
