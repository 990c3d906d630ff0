"""Which series does a file hold whose only column says nothing? The one that its name says: ``V_017.csv`` with the columns time and value."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath

from workbench.ingest import tags
from workbench.ingest.csv_source import Layout, Member

KNOWN = ("cell", "probe", "signal")
_DAY = re.compile(r"[ _.\-]*(?:19|20)\d\d[_.\-]?[01]\d[_.\-]?[0-3]\d.*$")


def named(member: Member, form: Layout) -> Layout:
    """The layout with its only nameless series named after the file, and a note that says so; as it was where the column or the file says otherwise."""
    kinds = [tags.parse(name) for name in form.header]
    values = [i for i, tag in enumerate(kinds) if tag.kind != "time"]
    if len(form.header) != 2 or len(values) != 1 or kinds[values[0]].kind != "unknown" or not form.has_header:
        return form
    title = _DAY.sub("", PurePosixPath(member.inner or member.path.name).stem)
    told = tags.parse(title)
    if told.kind not in KNOWN:
        return form
    unit = kinds[values[0]].unit
    made = f"{title} [{unit}]" if unit and not told.unit else title
    if made in form.header:
        return form
    was = form.header[values[0]]
    note = ("column-named", f"the column {was} was named after its file: {made}")
    header = tuple(made if i == values[0] else name for i, name in enumerate(form.header))
    return replace(form, header=header, notes=(*form.notes, note))
