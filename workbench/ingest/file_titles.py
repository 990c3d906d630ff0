"""Which series does a file hold whose only column says nothing? The one that its name says: ``V_017.csv`` with the columns time and value."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath

from workbench.ingest import tags
from workbench.ingest.csv_source import Layout, Member
from workbench.ingest.values import number_of

KNOWN = ("cell", "probe", "signal")
OF_ANY = {"cell": "rack_voltage_v", "probe": ""}  # what a column is taken for that names the quantity of an element, but not which
MOST_COLUMNS, LOOKED_AT = 4, 50
_DAY = re.compile(r"[ _.\-]*(?:19|20)\d\d[_.\-]?[01]\d[_.\-]?[0-3]\d.*$")


def named(member: Member, form: Layout) -> Layout:
    """The layout with its only nameless series, or the cells of a module, named after the file, and a note that says so; else as it was."""
    if member.kind == "text" and form.has_header:
        title = without_day(PurePosixPath(member.inner or member.path.name).stem)
        return _module(title, form) or _single(title, form) or form
    return (_module(member.part, form) or form) if member.kind == "workbook" else form


def without_day(stem: str) -> str:
    """The name of a file without the day that it states."""
    return _DAY.sub("", stem)


def _module(title: str, form: Layout) -> Layout | None:
    """Cells that are counted anew in the file of each module: without its name those of two modules would be the same."""
    own = [name for name in form.header if (tag := tags.parse(name)).kind in ("cell", "probe") and not tag.module]
    if not tags.module_of_file(title) or not own:
        return None
    made = {name: f"{title} {name}" for name in own}
    if any(tags.parse(new).kind != tags.parse(old).kind or not tags.parse(new).module for old, new in made.items()):
        return None
    note = ("column-named", f"the columns of {len(own)} cells and probes were named after the module of their file: {made[own[0]]}")
    return replace(form, header=tuple(made.get(name, name) for name in form.header), notes=(*form.notes, note))


def _single(title: str, form: Layout) -> Layout | None:
    """One series in a file that is named after it. Beside it there may be words, such as a judgement of its quality, but no other number."""
    told, kinds = tags.parse(title), [tags.parse(name) for name in form.header]
    values = [i for i, tag in enumerate(kinds) if tag.kind != "time" and _numbers(form, i)]
    if told.kind not in KNOWN or len(values) != 1 or len(form.header) > MOST_COLUMNS:
        return None
    place, own = values[0], kinds[values[0]]
    if own.kind != "unknown" and not (told.kind in ("cell", "probe") and own.kind == "signal" and own.quantity == OF_ANY[told.kind]):
        return None
    made = f"{title} [{own.unit}]" if own.unit and not told.unit else title
    if made in form.header:
        return None
    note = ("column-named", f"the column {form.header[place]} was named after its file: {made}")
    header = tuple(made if i == place else name for i, name in enumerate(form.header))
    return replace(form, header=header, notes=(*form.notes, note))


def _numbers(form: Layout, place: int) -> bool:
    """Whether a column holds numbers, in the rows looked at."""
    filled = [row[place].strip() for row in form.sample[:LOOKED_AT] if row[place].strip()]
    return not filled or sum(number_of(text, comma=form.decimal == ",") is not None for text in filled) > len(filled) / 2
