"""What does one pixel of a heatmap stand for? How many samples, and how far they reach: what a reduced picture does not show by its colour."""

from __future__ import annotations

import numpy as np

from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import HeatmapPicture


def pixel_lines(picture: HeatmapPicture | None, rack: str, cell: int, time_ns: int) -> tuple[tuple[str, str], ...]:
    """Caption and value. cell: one-based, 0 for a folded rack. Nothing where the pixel is one sample, one result, or not in view."""
    rows = next((r for r in picture.racks if r.rack == rack), None) if picture is not None else None
    if picture is None or rows is None:
        return ()
    column = int(np.searchsorted(picture.edges_ns, time_ns, side="right")) - 1
    held = [i for i, first in enumerate(rows.cells) if first <= max(cell, 1) < first + (rows.folded or picture.cells_per_row)]
    if not held or not 0 <= column < picture.count.shape[1]:
        return ()
    row = rows.first_row + held[0]
    count = int(picture.count[row, column])
    if count <= 1 and not rows.folded:
        return (("Pixel", "no data"),) if not count else ()
    lines = [
        ("Pixel", f"{numbers.count(count, 'sample')} of {'a cell' if rows.folded else numbers.count(int(picture.cells_per_row), 'cell')}")
    ]
    unit, fine = numbers.unit_sign(picture.caption.unit), 3 if picture.caption.unit == "V" else 1
    sign = picture.colour_map == "diverging"

    def figure(value: float, shown: str = "") -> str:
        return numbers.number(value, fine if value != round(value) else 0, shown, sign=sign)

    if rows.folded and count:
        lines.append(("Median in it", figure(float(picture.value[row, column]), unit)))
    if picture.caption.quantity != "count" and count:
        low, high = float(picture.low_value[row, column]), float(picture.high_value[row, column])
        lines.append(("Lowest … highest", f"{figure(low)} … {figure(high, unit)}"))
    return tuple(lines)
