"""Which signal was received on which day? Shares of expected samples. Shapes: S signals, D days of the site's clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from workbench.asset.channels import MISSING_INT16, OTHER_PREFIX
from workbench.asset.window import FloatArray, Int64Array, RackSeries, WindowFacts
from workbench.jobs.progress import Progress


def day_edges(start_ns: int, end_ns: int, zone: str) -> Int64Array:
    """Midnights of the site's clock around [start, end), (D + 1,) UTC nanoseconds; a day of a clock change has 23 or 25 hours."""
    clock = ZoneInfo(zone)
    midnight = datetime.fromtimestamp(start_ns // 1_000_000_000, UTC).astimezone(clock).replace(hour=0, minute=0, second=0, microsecond=0)
    edges = [midnight]
    while int(edges[-1].timestamp()) * 1_000_000_000 < end_ns:
        edges.append(edges[-1] + timedelta(days=1))  # wall-clock arithmetic: zoneinfo keeps midnight over a clock change
    return np.array([int(edge.timestamp()) * 1_000_000_000 for edge in edges], dtype=np.int64)


def coverage(facts: WindowFacts, load: Callable[[str], RackSeries], progress: Progress) -> tuple[tuple[str, ...], Int64Array, FloatArray]:
    """Names (S,), begin of each day at the site (D,) and share received (S, D) in 0..1 over all racks; expected counts follow the nominal period.

    A rack that lacks a channel counts as not received; only probes are expected of no rack but those that have some.
    """
    progress.stage("coverage")
    edges = day_edges(facts.start_ns, facts.end_ns, facts.time_zone)
    days = edges[:-1]
    inside = np.minimum(edges[1:], facts.end_ns) - np.maximum(days, facts.start_ns)
    expected = np.maximum(inside / 1e9 / facts.nominal_period_s, 1e-9)
    got: dict[str, FloatArray] = {}
    for number, rack in enumerate(facts.plant.racks):
        progress.step(number, len(facts.plant.racks))
        series = load(rack.id)
        day = np.searchsorted(edges, series.time_ns, "right") - 1
        counts = {"cell_voltage_v": (series.cell_voltage_mv != MISSING_INT16).mean(axis=0)}
        if len(rack.probes):
            counts["probe_temperature_degc"] = (series.probe_temperature_ddegc != MISSING_INT16).any(axis=0).astype(float)
        counts |= {name: np.isfinite(values).astype(float) for name, values in series.signals.items() if not name.startswith(OTHER_PREFIX)}
        for name, received in counts.items():
            got.setdefault(name, np.zeros(len(days)))
            got[name] += np.bincount(day, received, len(days))
    names = tuple(got)
    racks = {name: len(facts.plant.racks) for name in names} | {"probe_temperature_degc": sum(bool(r.probes) for r in facts.plant.racks)}
    share = np.array([np.minimum(got[name] / (expected * racks[name]), 1.0) for name in names])
    return names, days, share
