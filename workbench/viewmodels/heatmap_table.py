"""What does a heatmap say as a table? One line per row of the picture: lowest, highest and how much of it was received, in the interval in view."""

from __future__ import annotations

import numpy as np

from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import HeatmapPicture, TablePicture
from workbench.viewmodels.tables import made_table


def rows_table(picture: HeatmapPicture) -> TablePicture:
    """The rows of the picture in its order. A row that holds nothing says so; several cells in one row are named first to last."""
    caption, step = picture.caption, round(picture.cells_per_row)
    unit, digits = numbers.unit_sign(caption.unit), 0 if picture.limit_high - picture.limit_low >= 12 else 2
    rows = []
    for rack in picture.racks:
        for offset, cell in enumerate(rack.cells):
            place = rack.first_row + offset
            name = f"{rack.rack} · C{cell:03d}" + (f"–C{cell + step - 1:03d}" if step > 1 else "")
            held = picture.count[place] > 0
            if held.any():
                ends = [float(np.nanmin(picture.low_value[place])), float(np.nanmax(picture.high_value[place]))]
                words = [numbers.number(v, digits, unit) for v in ends]
            else:
                words = ["no data", "no data"]
            rows.append((name, (name, *words, numbers.percent(float(held.mean())))))
    columns = "cells:Cells|low:Lowest in view::r|high:Highest in view::r|received:Of the view received::r"
    return made_table(caption.title, columns, rows, f"{caption.reduction}; window {caption.window_name}")
