"""From day counts to the coverage picture: which signal is complete on which day?"""

from __future__ import annotations

import numpy as np

from workbench.analysis.coverage import Coverage
from workbench.asset.window import WindowFacts
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import Caption, CoveragePicture

TITLES = {
    "cell_voltage_v": "Cell voltage",
    "probe_temperature_degc": "Temperature",
    "rack_current_a": "Rack current",
    "rack_voltage_v": "Rack voltage",
    "reported_soc": "SoC (reported)",
    "reported_soh": "SoH (reported)",
    "reported_cell_voltage_max_v": "Highest cell (reported)",
    "reported_cell_voltage_min_v": "Lowest cell (reported)",
    "reported_cell_voltage_mean_v": "Mean cell (reported)",
    "reported_probe_temperature_max_degc": "Hottest probe (reported)",
    "reported_probe_temperature_min_degc": "Coldest probe (reported)",
    "insulation_resistance_ohm": "Insulation resistance",
    "contactor_closed": "Contactor",
    "alarm_code": "Alarm word",
    "charge_state_code": "Charging state word",
}
ALWAYS = (
    "cell_voltage_v",
    "rack_current_a",
    "rack_voltage_v",
    "probe_temperature_degc",
    "reported_soc",
    "reported_soh",
    "contactor_closed",
    "alarm_code",
)
"""Signals a review needs: they are listed even when the export does not hold them, as a hatched row."""
METER = "Energy meter"
COMPLETE, NOTHING = 0.995, 0.005  # shares that need no figure, and that are no data


def coverage_picture(facts: WindowFacts, root: str, found: Coverage, *, metered: bool = False) -> CoveragePicture:
    """What was received, what a review always needs first. Signals that are absent altogether become NaN rows. metered: an energy meter is among the other channels."""
    order = [
        *(n for n in ALWAYS if n in found.names),
        *(n for n in found.names if n not in ALWAYS),
        *(n for n in ALWAYS if n not in found.names),
    ]
    place = {name: k for k, name in enumerate(found.names)}
    nothing = np.full(len(found.day_start_ns), np.nan)
    rows = [found.share[place[n]] if n in place else nothing for n in order] + ([] if metered else [nothing])
    totals = [float(found.total[place[n]]) if n in place else float("nan") for n in order] + ([] if metered else [float("nan")])
    words = [interval_text(found.interval_s[place[n]]) if n in place else "–" for n in order] + ([] if metered else ["–"])
    return CoveragePicture(
        caption=Caption(
            title="Share of expected samples received",
            quantity="coverage",
            unit="1",
            reduction="received samples over those that the signal's own interval promises, per signal and day at the site",
            window_name=facts.name,
            window_root=root,
            time_zone=facts.time_zone,
        ),
        signals=(*(TITLES.get(name, name) for name in order), *(() if metered else (METER,))),
        day_start_ns=found.day_start_ns,
        share=np.array(rows),
        total=np.array(totals),
        interval=tuple(words),
    )


def interval_text(seconds: float) -> str:
    """How often a signal is recorded: ``10 s``, ``1 min``, or ``event`` where it is recorded on change."""
    return numbers.duration(seconds) if np.isfinite(seconds) else "event"


def total_text(share: float) -> str:
    """The share over the whole window; a signal that is nowhere is absent, and 99.96 % is not 100 %."""
    if not np.isfinite(share):
        return "absent"
    return numbers.percent(0.999 if 0.9995 <= share < 0.9999 else share, 1)


def cell_text(share: float) -> str:
    """What a day says: nothing where it is complete or holds nothing, else its figure in percent."""
    return f"{100 * share:.0f}" if NOTHING < share < COMPLETE else ""
