"""What does a heatmap say as a table? One line per row of the picture: lowest, highest and how much of it was received, in the interval in view.

Of a folded rack the lowest and highest are those of any of its cells; the ends of its median row stand beside them.
"""

from __future__ import annotations

import numpy as np

from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import HeatmapPicture, TablePicture
from workbench.viewmodels.tables import made_table


def rows_table(picture: HeatmapPicture) -> TablePicture:
    """The rows of the picture in its order. A row that holds nothing says so; several cells in one row are named first to last."""
    caption, step = picture.caption, round(picture.cells_per_row)
    any_folded = any(rack.folded for rack in picture.racks)
    unit, digits = numbers.unit_sign(caption.unit), 0 if picture.limit_high - picture.limit_low >= 12 else 2
    rows = []
    for rack in picture.racks:
        for offset, cell in enumerate(rack.cells):
            place = rack.first_row + offset
            name = f"{rack.rack} · C{cell:03d}" + (f"–C{cell + step - 1:03d}" if step > 1 else "")
            name = f"{rack.rack} · {rack.folded} folded" if rack.folded else name
            held = picture.count[place] > 0
            planes = [picture.value, picture.value] if caption.quantity == "count" else [picture.low_value, picture.high_value]
            ends = [*planes, picture.value, picture.value] if any_folded else planes
            if held.any():
                figures = [reach(plane[place]) for plane, reach in zip(ends, (np.nanmin, np.nanmax) * 2, strict=False)]
                words = [numbers.number(float(v), digits, unit) for v in figures]
                words[2:] = words[2:] if rack.folded else ["–", "–"][: len(words[2:])]
            else:
                words = ["no data"] * len(ends)
            rows.append((name, (name, *words, numbers.percent(float(held.mean())))))
    medians = "|median_low:Median row, lowest::r|median_high:Median row, highest::r" if any_folded else ""
    columns = f"cells:Cells|low:Lowest in view::r|high:Highest in view::r{medians}|received:Of the view received::r"
    return made_table(caption.title, columns, rows, f"{caption.reduction}; window {caption.window_name}")
