"""Which signal was received on which day? Shares of expected samples. Shapes: S signals, D days (UTC)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from workbench.asset.channels import MISSING_INT16, OTHER_PREFIX
from workbench.asset.window import FloatArray, Int64Array, RackSeries, WindowFacts
from workbench.jobs.progress import Progress

DAY_NS = 86_400_000_000_000


def coverage(facts: WindowFacts, load: Callable[[str], RackSeries], progress: Progress) -> tuple[tuple[str, ...], Int64Array, FloatArray]:
    """Names (S,), begin of each UTC day (D,) and share received (S, D) in 0..1 over all racks; expected counts follow the nominal period."""
    progress.stage("coverage")
    first = facts.start_ns // DAY_NS
    days = np.arange(first, (facts.end_ns - 1) // DAY_NS + 1) * DAY_NS
    inside = np.minimum(days + DAY_NS, facts.end_ns) - np.maximum(days, facts.start_ns)
    expected = np.maximum(inside / 1e9 / facts.nominal_period_s, 1e-9)
    got: dict[str, FloatArray] = {}
    weight: dict[str, int] = {}
    for number, rack in enumerate(facts.plant.racks):
        progress.step(number, len(facts.plant.racks))
        series = load(rack.id)
        day = series.time_ns // DAY_NS - first
        counts = {"cell_voltage_v": (series.cell_voltage_mv != MISSING_INT16).mean(axis=0)}
        if len(rack.probes):
            counts["probe_temperature_degc"] = (series.probe_temperature_ddegc != MISSING_INT16).any(axis=0).astype(float)
        counts |= {name: np.isfinite(values).astype(float) for name, values in series.signals.items() if not name.startswith(OTHER_PREFIX)}
        for name, received in counts.items():
            got.setdefault(name, np.zeros(len(days)))
            got[name] += np.bincount(day, received, len(days))
            weight[name] = weight.get(name, 0) + 1
    names = tuple(got)
    share = np.array([np.minimum(got[name] / (expected * weight[name]), 1.0) for name in names])
    return names, days, share
