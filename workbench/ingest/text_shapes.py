"""Which shape do the rows of a text file have? Whatever it is, blocks of plain columns come out: lists, changing headers and captures included.

The rest of the import knows one shape only. What had to be invented or cut stands in the notes of the layout and in `Rejected.odd`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

from workbench.errors import IngestError, Reason
from workbench.ingest import console_source, csv_source, date_time_columns, day_of_file, fixed_width, header_changes, listed_cells
from workbench.ingest.csv_source import Layout, Member, Rejected
from workbench.ingest.digit_fields import NOTHING_WANTED, Wanted


def layout(member: Member, likes: Layout | Sequence[Layout] | None = None) -> Layout:
    """How a member is laid out. likes: neighbours, the nearest last, one of which may have the header that a continuation lacks."""
    if (capture := console_source.layout(member)) is not None:
        return capture
    known = [likes] if isinstance(likes, Layout) else list(likes or [])
    refused: IngestError | None = None
    tried: list[Layout | None] = [form.inner or form for form in reversed(known)]
    for like in tried or [None]:
        try:
            form = csv_source.layout(member, like)
            break
        except IngestError as error:
            refused = refused or error
            if error.reason not in (Reason.TIME_MISSING, Reason.FORMAT_UNKNOWN):
                raise
    else:
        if (standing := fixed_width.layout(member)) is not None:
            return day_of_file.dated(member, standing) or standing
        raise refused or IngestError(Reason.FORMAT_UNKNOWN, f"{member.name} is no table.")
    if member.glanced and (watched := header_changes.watched(member, form)) is not None:
        return listed_cells.spread(watched) or date_time_columns.joined(watched) or day_of_file.dated(member, watched) or watched
    return (
        header_changes.widened(member, form)
        or listed_cells.spread(form)
        or date_time_columns.joined(form)
        or day_of_file.dated(member, form)
        or form
    )


def blocks(member: Member, form: Layout, rejected: Rejected, wanted: Wanted = NOTHING_WANTED) -> Iterator[Mapping[str, pa.DictionaryArray]]:
    """Rows in file order as dictionary-encoded text columns of `form.header`. wanted: as in `csv_source.blocks`."""
    if form.shape == "console":
        yield from console_source.blocks(member, form, rejected)
    elif form.shape == "changing":
        yield from header_changes.blocks(member, form, rejected)
    elif form.shape == "listed" and form.inner is not None:
        for block in csv_source.blocks(member, form.inner, rejected):
            spread, odd = listed_cells.columns(block, form)
            if odd:
                rejected.odd["list-length"] += odd
            yield spread
    elif form.shape == date_time_columns.SHAPE and form.inner is not None:
        for block in csv_source.blocks(member, form.inner, rejected):
            yield date_time_columns.columns(block, form)
    elif form.shape == day_of_file.SHAPE and form.inner is not None:
        yield from day_of_file.columns(blocks(member, form.inner, rejected), form)
    elif form.shape == fixed_width.SHAPE:
        yield from fixed_width.blocks(member, form, rejected)
    else:
        yield from csv_source.blocks(member, form, rejected, wanted)
