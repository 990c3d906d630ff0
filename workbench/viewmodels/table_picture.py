"""The frozen description of a table. Apart from the other pictures (`pictures` hands it on), because the start page shows one before all else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class TableColumn:
    """One column of a table. align: l or r; unit goes into the head when the column shares it."""

    key: str
    title: str
    unit: str = ""
    align: str = "l"


@dataclass(frozen=True, slots=True, eq=False)
class TableCell:
    """What stands in one place: text, and a status (good, warning, bad, none, or '' for plain) that is always backed by a word."""

    text: str
    status: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class TablePicture:
    """A table, the same on screen, on paper and in the terminal. keys name the rows stably (check id, finding id, cell name)."""

    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    keys: tuple[str, ...]
    note: str = ""
