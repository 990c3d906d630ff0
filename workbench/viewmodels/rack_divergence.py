"""From a study to the rack-divergence picture: which rack strays from the fleet, since when, how fast?"""

from __future__ import annotations

import numpy as np

from workbench.analysis.results import Estimate, NotEstablished, RackResult, StudyResult
from workbench.asset.topology import cell_name
from workbench.asset.window import FloatArray, Int64Array, WindowFacts
from workbench.viewmodels.pictures import Caption, DivergencePicture, Line, RackRow

MIN_FLEET = 4  # with fewer unflagged racks a 5-95 % band would pretend to be a population


def divergence_picture(facts: WindowFacts, result: StudyResult | None) -> DivergencePicture | NotEstablished:
    """The picture, or why there is none: without comparable moments no rack can be compared."""
    if result is None:
        return NotEstablished(reason="no-study", why="The study was not run yet for this window and scope.", settles="Run the study.")
    racks = [rack for rack in result.racks if rack.spread_mv]
    if not racks:
        return NotEstablished(
            reason="no-comparable-moment",
            why="No rack reached a moment at which its cells can be compared.",
            settles="One day with a full charge and a discharge of at least 0.2 C, logged every 60 s or faster.",
        )
    limit = result.parameters.spread_limit_mv
    flagged = {rack.rack for rack in racks if rack.status != "good"}
    return DivergencePicture(
        caption=Caption(
            title="Spread of the cells inside each rack",
            quantity="spread",
            unit="mV",
            reduction="highest minus lowest cell, one point per period",
            window_name=facts.name,
            window_root=result.window_root,
            time_zone=facts.time_zone,
            condition=racks[0].condition,
            method=result.method,
        ),
        lines=tuple(_line(rack, rack.rack in flagged or len(racks) == 1) for rack in racks),
        band=_band([rack for rack in racks if rack.rack not in flagged]),
        limit_mv=limit or None,
        limit_source="set by reviewer",
        rows=tuple(sorted((_row(facts, rack, limit) for rack in racks), key=lambda row: -row.last_mv)),
        threshold_z=result.parameters.flag_z,
        false_flags=result.false_flags_per_look,
    )


def _line(rack: RackResult, subject: bool) -> Line:
    time_ns = np.asarray(rack.period_start_ns, dtype=np.int64)
    spread = np.asarray(rack.spread_mv, dtype=np.float64)
    return Line(rack.rack, time_ns, spread, spread, spread, "subject" if subject else "quiet")


def _band(racks: list[RackResult]) -> Line | None:
    """5-95 % and median over racks, on the union of their periods (each rack's value held to the nearest of its own periods)."""
    if len(racks) < MIN_FLEET:
        return None
    times = np.unique(np.concatenate([np.asarray(rack.period_start_ns, dtype=np.int64) for rack in racks]))
    count = round(float(np.median([len(rack.period_start_ns) for rack in racks])))
    times = times[np.linspace(0, len(times) - 1, min(count, len(times))).round().astype(int)]
    spreads = [(np.asarray(rack.period_start_ns, np.int64), np.asarray(rack.spread_mv, np.float64)) for rack in racks]
    values = np.array([held(own, spread, times) for own, spread in spreads])
    low, mid, high = np.percentile(values, [5, 50, 95], axis=0)
    return Line("fleet without flagged racks, 5–95 % and median", times, low, mid, high, "reference")


def held(own: Int64Array, values: FloatArray, times: Int64Array) -> FloatArray:
    """(T,) values at instants, each that of the nearest of its own instants (N,), all in UTC ns."""
    right = np.clip(np.searchsorted(own, times), 0, len(own) - 1)
    left = np.clip(right - 1, 0, len(own) - 1)
    nearest = np.where(np.abs(own[left] - times) <= np.abs(own[right] - times), left, right)
    return values[nearest]


def _row(facts: WindowFacts, result: RackResult, limit: float) -> RackRow:
    rack = facts.plant.rack(result.rack)
    above = [t for t, s in zip(result.period_start_ns, result.spread_mv, strict=True) if limit and s > limit]
    slope = result.slope_mv_per_day
    value, low, high = (slope.value, slope.low, slope.high) if isinstance(slope, Estimate) else (float("nan"),) * 3
    lowest = max(set(result.lowest_cell), key=result.lowest_cell.count)
    return RackRow(
        rack=result.rack,
        label=rack.label,
        spark=result.spread_mv,
        last_mv=result.spread_mv[-1],
        max_mv=max(result.spread_mv),
        slope_mv_per_day=value,
        slope_low=low,
        slope_high=high,
        first_above_ns=above[0] if above else None,
        lowest_cell=cell_name(rack, lowest),
        z=result.z if result.z is not None else float("nan"),
        reading=result.reading,
        reading_status=result.status,
    )
