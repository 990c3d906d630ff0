"""Do a date and a time of day stand in columns of their own? Side by side they are the time of the row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa

from workbench.ingest import clock, unit_columns
from workbench.ingest.csv_source import Layout

LOOKED_AT = 200
SHAPE = "date-and-time"
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{2,4}\.?|\d{8}|\d{1,2}[-. /]+[^\W\d]{3,9}\.?[-. /]+\d{2,4}")
_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[APap]\.?[Mm]\.?)?")


def joined(form: Layout) -> Layout | None:
    """The layout with one column of time in place of the two, or None where there are no two, or one tells the whole time already."""
    texts = [[row[k].strip() for row in form.sample[:LOOKED_AT] if row[k].strip()] for k in range(len(form.header))]
    dates = [k for k, own in enumerate(texts) if own and all(_DATE.fullmatch(t) for t in own)]
    times = [k for k, own in enumerate(texts) if own and all(_TIME.fullmatch(t) for t in own)]
    if len(dates) != 1 or len(times) != 1 or form.shape != "plain":
        return None
    date, time = dates[0], times[0]
    rows = [f"{row[date].strip()} {row[time].strip()}" for row in form.sample[:LOOKED_AT]]
    if clock.recognise(rows) is None:
        return None
    name = f"{form.header[date]} {form.header[time]}"
    rest = [k for k in range(len(form.header)) if k not in (date, time)]
    sample = tuple((f"{row[date].strip()} {row[time].strip()}", *(row[k] for k in rest)) for row in form.sample)
    note = ("time-joined", f"the columns {form.header[date]} and {form.header[time]} were read together as the time")
    header = (name, *(form.header[k] for k in rest))
    lists = ((name, (form.header[date], form.header[time])),)
    return replace(form, header=header, sample=sample, notes=(*form.notes, note), shape=SHAPE, inner=form, lists=lists)


def columns(block: Mapping[str, pa.DictionaryArray], form: Layout) -> dict[str, pa.DictionaryArray]:
    """A block with the two columns made one."""
    name, (date, time) = form.lists[0]
    return {name: unit_columns.joined(block[date], block[time])} | {other: block[other] for other in form.header[1:]}
