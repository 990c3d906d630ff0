"""Where do the column names of a table stand, and what are they? Titles over nameless columns, a row of units, names one short of the rows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbench.ingest import clock, tags

Note = tuple[str, str]  # rule, what was done
MIN_NUMERIC = 0.8  # of filled fields that make a row one of data
LOOKED_AT = 50  # rows below the header that tell where a missing name belongs


@dataclass(frozen=True, slots=True)
class Head:
    """last: the row of the names (the last of two), as an index of the rows given. names: cleaned, empty where there is none."""

    last: int
    names: tuple[str, ...]
    has_header: bool
    notes: tuple[Note, ...] = ()


def found(rows: list[list[str]], width: int) -> Head:
    """The names of rows that are usually `width` fields wide."""
    top = next(i for i, row in enumerate(rows) if len(row) == width)
    first = rows[top]
    if looks_like_data([tags.cleaned(name) for name in first]):
        return _short(rows, width, top) or Head(top, tuple(tags.cleaned(name) for name in first), False)
    names, notes = [tags.cleaned(name) for name in first], _cleaned(first)
    last, below = top, [row for row in rows[top + 1 :] if len(row) == width]
    second = [tags.cleaned(name) for name in rows[top + 1]] if top + 1 < len(rows) and len(rows[top + 1]) == width else []
    if second != names and _units(second):
        names = [f"{name} [{unit}]" if unit and name and not _has_unit(name) else name for name, unit in zip(names, second, strict=True)]
        last, notes, below = top + 1, [*notes, ("unit-row", "the row of units below the names was read with them")], below[1:]
    elif "" in names and second != names and _titles(names, second):
        names = _under_titles(names, second)
        last, notes = top + 1, [*notes, ("header-merged", "titles of the row above were put before the names below them")]
    else:
        names, invented = _spread(names, below[:LOOKED_AT])
        if invented:
            notes = [*notes, ("header-invented", f"nameless columns after a title were numbered under it: {invented}")]
    return Head(last, tuple(names), True, tuple(notes))


def looks_like_data(row: list[str]) -> bool:
    """Whether most filled fields are numbers, times or lists of numbers."""
    filled = [value for value in row if value]
    numeric = sum(bool(re.fullmatch(r"-?[\d.,:/\- TZ+;|\[\]{}()eE]*\d[\d.,:/\- TZ+;|\[\]{}()eE]*", value)) for value in filled)
    return bool(filled) and numeric > MIN_NUMERIC * len(filled)


def _cleaned(names: list[str]) -> list[Note]:
    odd = [name for name in names if re.search("[\ufeff（）％［］\u3000]", name)]
    return (
        [("header-cleaned", f"byte-order marks and full-width signs taken out of names, for example {tags.cleaned(odd[0])}")] if odd else []
    )


def _has_unit(name: str) -> bool:
    return bool(tags.parse(name).unit)


def _units(row: list[str]) -> bool:
    filled = [text.strip("[]() ").lower() for text in row if text.strip("[]() -")]
    return bool(filled) and sum(text in tags.UNITS or text in ("s", "h", "ah", "wh", "datetime") for text in filled) > MIN_NUMERIC * len(
        filled
    )


def _titles(names: list[str], second: list[str]) -> bool:
    """Whether a row of few titles stands over a row of names."""
    return bool(second) and not looks_like_data(second) and sum(map(bool, second)) > sum(map(bool, names))


def _under_titles(titles: list[str], names: list[str]) -> list[str]:
    made, title = [], ""
    for above, name in zip(titles, names, strict=True):
        title = above or title
        made.append(f"{title} {name}".strip() if name and title != name and tags.parse(name).kind != "time" else name or above)
    return made


def _spread(names: list[str], below: list[list[str]]) -> tuple[list[str], str]:
    """Two or more nameless columns that hold something after a title belong to it. A lone one may be anything and stays nameless."""
    made, invented, place = list(names), "", 0
    while place < len(names):
        end = place + 1
        while end < len(names) and not names[end] and any(row[end].strip() for row in below):
            end += 1
        if names[place] and end - place > 2 and tags.parse(names[place]).kind != "time":
            found_unit = re.search(r"\s*([\[(][^\])]*[\])])\s*$", names[place])
            body, unit = (names[place][: found_unit.start()], f" {found_unit[1]}") if found_unit else (names[place], "")
            made[place:end] = [f"{body} {k}{unit}" for k in range(1, end - place + 1)]
            invented = invented or f"{made[place]} to {made[end - 1]}"
        place = end
    return made, invented


def _short(rows: list[list[str]], width: int, top: int) -> Head | None:
    """Names one fewer than the fields of every row: the nameless field stands where the column of time then reads as time."""
    above = rows[top - 1] if top else []
    if len(above) != width - 1 or width < 3 or looks_like_data([tags.cleaned(name) for name in above]):
        return None
    names, below = [tags.cleaned(name) for name in above], [row for row in rows[top:] if len(row) == width][:LOOKED_AT]
    fits = []
    for shift, made in ((0, [*names, ""]), (1, ["", *names])):
        times = [i for i, name in enumerate(made) if tags.parse(name).kind == "time"]
        read = clock.recognise([row[times[0]] for row in below]) if times else None
        if read is not None:
            fits.append((read[0] == clock.ELAPSED, shift, made))  # a counter of rows can look like elapsed time
    fits = [fit for fit in fits if fit[0] == min(fits)[0]]
    if len(fits) != 1:
        return None
    _, shift, made = fits[0]
    where = "first" if shift else "last"
    note = ("header-short", f"rows hold one field more than the header; the {where} one has no name")
    return Head(top - 1, tuple(made), True, (note,))
