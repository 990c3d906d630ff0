"""Which rows of a table match what was typed, and in which order do they stand?"""

from __future__ import annotations

import re
from dataclasses import replace

from workbench.viewmodels.table_picture import TableCell, TablePicture

STATUS_ORDER = {"bad": 0, "warning": 1, "accent": 2, "none": 3, "good": 4, "": 5}
FIGURE = re.compile(r"[+\-−]?\d[\d\u202f]*(?:\.\d+)?")


def matching(table: TablePicture, text: str) -> TablePicture:
    """Rows that hold every typed word in some cell; all of them for an empty text."""
    words = text.lower().split()
    places = [i for i, row in enumerate(table.rows) if all(any(w in cell.text.lower() for cell in row) for w in words)]
    return picked(table, places)


def ordered(table: TablePicture, column: int, *, descending: bool) -> TablePicture:
    """Rows in order of one column: statuses by weight, figures by size, words by alphabet; rows without a figure come last either way."""
    return picked(table, order_of(table, column, descending=descending))


def order_of(table: TablePicture, column: int, *, descending: bool) -> list[int]:
    """Places of the rows in that order."""
    places = sorted(range(len(table.rows)), key=lambda i: _rank(table.rows[i][column]), reverse=descending)
    last = [i for i in places if _nothing(table.rows[i][column])]
    return [i for i in places if i not in set(last)] + last


def picked(table: TablePicture, places: list[int]) -> TablePicture:
    """These rows, in this order."""
    return replace(table, rows=tuple(table.rows[i] for i in places), keys=tuple(table.keys[i] for i in places))


def _nothing(cell: TableCell) -> bool:
    return cell.text in ("–", "", "not established")


def _rank(cell: TableCell) -> tuple[int, float, str]:
    found = FIGURE.match(cell.text)
    figure = float(found[0].replace("−", "-").replace("\u202f", "")) if found else float("inf")
    return STATUS_ORDER.get(cell.status, 5), figure, cell.text.lower()
