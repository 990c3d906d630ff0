"""Which signal was received on which day? Shares of expected samples. Shapes: S signals, D days of the site's clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from workbench.analysis.logging_checks import IRREGULAR, uneven_share
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


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Names (S,), begin of each day at the site (D,), share received (S, D) and over the whole window (S,) in 0..1, all racks together.

    interval_s: usual time between two values of a signal; NaN where values come on change and none is usual.
    """

    names: tuple[str, ...]
    day_start_ns: Int64Array
    share: FloatArray
    total: FloatArray
    interval_s: tuple[float, ...]


def coverage(facts: WindowFacts, load: Callable[[str], RackSeries], progress: Progress) -> Coverage:
    """What was received of what each signal's own interval promises, rack by rack.

    A rack that lacks a channel counts as not received; only probes are expected of no rack but those that have some. A signal that is
    recorded on change promises nothing but that it is there: a day with any record of it is complete.
    """
    progress.stage("coverage")
    edges = day_edges(facts.start_ns, facts.end_ns, facts.time_zone)
    days = edges[:-1]
    inside_s = (np.minimum(edges[1:], facts.end_ns) - np.maximum(days, facts.start_ns)) / 1e9
    shares: dict[str, list[FloatArray]] = {}
    intervals: dict[str, list[float]] = {}
    for number, rack in enumerate(facts.plant.racks):
        progress.step(number, len(facts.plant.racks))
        series = load(rack.id)
        day = np.searchsorted(edges, series.time_ns, "right") - 1
        counts = {"cell_voltage_v": (series.cell_voltage_mv != MISSING_INT16).mean(axis=0)}
        if len(rack.probes):
            counts["probe_temperature_degc"] = (series.probe_temperature_ddegc != MISSING_INT16).any(axis=0).astype(float)
        counts |= {name: np.isfinite(values).astype(float) for name, values in series.signals.items() if not name.startswith(OTHER_PREFIX)}
        for name, received in counts.items():
            interval = _interval(series.time_ns[received > 0], facts.nominal_period_s) if facts.sampling == "periodic" else float("nan")
            got = np.bincount(day, received, len(days))
            of_day = got / np.maximum(inside_s / interval, 1e-9) if np.isfinite(interval) else (got > 0).astype(float)
            shares.setdefault(name, []).append(np.minimum(of_day, 1.0))
            intervals.setdefault(name, []).append(interval)
    racks = {name: len(facts.plant.racks) for name in shares} | {"probe_temperature_degc": sum(bool(r.probes) for r in facts.plant.racks)}
    share = np.array([np.minimum(np.sum(rows, axis=0) / racks[name], 1.0) for name, rows in shares.items()])
    total = share @ inside_s / inside_s.sum() if len(share) else np.empty(0)
    return Coverage(tuple(shares), days, share, total, tuple(_usual(intervals[name]) for name in shares))


def _interval(received_ns: Int64Array, nominal_s: float) -> float:
    """Usual seconds between two values: the window's own unless this signal is clearly slower; NaN where it is recorded on change."""
    steps = np.diff(received_ns) / 1e9
    if len(steps) < 2:
        return nominal_s
    if uneven_share(steps) > IRREGULAR:
        return float("nan")
    usual = float(np.median(steps))
    return nominal_s if usual <= 1.5 * nominal_s else usual


def _usual(intervals: list[float]) -> float:
    known = [one for one in intervals if np.isfinite(one)]
    return float(np.median(known)) if known else float("nan")
