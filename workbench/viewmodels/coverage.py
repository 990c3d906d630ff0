"""From day counts to the coverage picture: which signal is complete on which day?"""

from __future__ import annotations

import numpy as np

from workbench.asset.window import FloatArray, Int64Array, WindowFacts
from workbench.viewmodels.pictures import Caption, CoveragePicture

TITLES = {
    "cell_voltage_v": "cell voltages",
    "probe_temperature_degc": "probe temperatures",
    "rack_current_a": "current",
    "rack_voltage_v": "rack voltage",
    "reported_soc": "reported SoC",
    "reported_soh": "reported SoH",
    "reported_cell_voltage_max_v": "reported highest cell",
    "reported_cell_voltage_min_v": "reported lowest cell",
    "contactor_closed": "contactor",
    "alarm_code": "alarm word",
}
ALWAYS = ("cell_voltage_v", "rack_current_a", "rack_voltage_v", "probe_temperature_degc", "reported_soc", "reported_soh")
"""Signals a review needs: they are listed even when the export does not hold them, as a hatched row."""


def coverage_picture(facts: WindowFacts, root: str, names: tuple[str, ...], day_start_ns: Int64Array, share: FloatArray) -> CoveragePicture:
    """names (S,), day_start_ns (D,), share (S, D) in 0..1. Signals that are absent altogether become NaN rows at the end."""
    absent = [name for name in ALWAYS if name not in names]
    rows = np.vstack([share, np.full((len(absent), share.shape[1]), np.nan)]) if absent else share
    return CoveragePicture(
        caption=Caption(
            title="Share of expected samples received",
            quantity="coverage",
            unit="1",
            reduction="received samples over expected samples, per signal and day at the site",
            window_name=facts.name,
            window_root=root,
            time_zone=facts.time_zone,
        ),
        signals=tuple(TITLES.get(name, name) for name in (*names, *absent)),
        day_start_ns=day_start_ns,
        share=rows,
    )
