"""What do the chosen cells show over the chosen interval? Received share, extremes and means, from the samples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workbench.asset.channels import MISSING_INT16
from workbench.asset.rack_median import deviation_half_mv, rack_median_half_mv
from workbench.asset.topology import cell_name
from workbench.asset.window import RackSeries
from workbench.viewmodels import numbers


def selection_figures(series: RackSeries, cells: Sequence[int]) -> tuple[tuple[str, str], ...]:
    """Caption and value pairs. cells: one-based in the rack of the series."""
    chosen = [c - 1 for c in cells if 1 <= c <= series.cell_voltage_mv.shape[0]]
    stored = series.cell_voltage_mv[chosen]
    usable = stored != MISSING_INT16
    if not usable.any():
        return (("Samples", "none received"),)
    values = stored[usable] / 1000.0
    whole = series.cell_voltage_mv
    deviation = deviation_half_mv(whole, rack_median_half_mv(whole))[chosen]
    judged = deviation[deviation != MISSING_INT16] / 2.0
    lowest = np.unravel_index(np.where(usable, stored, 32767).argmin(), stored.shape)[0]
    spread = (
        f"{numbers.number(float(judged.min()), 0, sign=True)}, {numbers.number(float(judged.max()), 0, 'mV', sign=True)}"
        if judged.size
        else "–"
    )
    return (
        ("Samples", f"{numbers.count(int(usable.sum()))}, {numbers.percent(float(usable.mean()))} received"),
        ("Min, max", f"{numbers.number(float(values.min()), 3)}, {numbers.number(float(values.max()), 3, 'V')}"),
        ("Mean", numbers.number(float(values.mean()), 3, "V")),
        ("To rack median", spread),
        ("Mean to median", numbers.number(float(judged.mean()), 1, "mV", sign=True) if judged.size else "–"),
        ("Lowest cell", cell_name(series.rack, chosen[int(lowest)] + 1)),
    )
