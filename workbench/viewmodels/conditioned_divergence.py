"""Racks against each other under a condition the reviewer chose: the same picture as that of the study, made from the samples."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from workbench.analysis.conditioned_spread import Condition, DailySpread
from workbench.analysis.trends import slope_per_day
from workbench.asset.estimate import Estimate, NotEstablished
from workbench.asset.topology import cell_name
from workbench.asset.window import WindowFacts
from workbench.viewmodels.pictures import Caption, DivergencePicture, Line, RackRow
from workbench.viewmodels.rack_divergence import MIN_FLEET

MIN_MAD_MV = 1.0  # resolution of the stored voltages


def conditioned_picture(
    facts: WindowFacts, root: str, spreads: Mapping[str, DailySpread], condition: Condition, limit_mv: float | None
) -> DivergencePicture | NotEstablished:
    """The picture, or why there is none. spreads: rack id -> one value per day."""
    held = {rack: s for rack, s in spreads.items() if len(s.spread_mv)}
    if not held:
        return NotEstablished(
            reason="no-comparable-moment",
            why=f"No rack has a day with samples under this condition: {condition.words()}.",
            settles="Widen the condition.",
        )
    last = {rack: float(s.spread_mv[-1]) for rack, s in held.items()}
    scores = _scores(last)
    lines = tuple(
        Line(rack, s.start_ns, s.spread_mv, s.spread_mv, s.spread_mv, "quiet" if len(held) > 1 else "subject") for rack, s in held.items()
    )
    rows = tuple(_row(facts, rack, s, scores[rack], limit_mv) for rack, s in held.items())
    return DivergencePicture(
        caption=Caption(
            title="Spread of the cells inside each rack",
            quantity="spread",
            unit="mV",
            reduction="median over the day of highest minus lowest cell",
            window_name=facts.name,
            window_root=root,
            time_zone=facts.time_zone,
            condition=condition.words(),
            method="conditioned spread 1",
        ),
        lines=lines,
        band=_band(list(held.values())),
        limit_mv=limit_mv,
        limit_source="set by reviewer",
        rows=tuple(sorted(rows, key=lambda r: -r.last_mv)),
        threshold_z=float("nan"),
        false_flags=float("nan"),
    )


def _scores(last: dict[str, float]) -> dict[str, float]:
    """Robust z of the last values; NaN where the fleet is too small to be one."""
    values = np.array(list(last.values()))
    if len(values) <= MIN_FLEET:
        return dict.fromkeys(last, float("nan"))
    middle = float(np.median(values))
    mad = max(float(np.median(np.abs(values - middle))), MIN_MAD_MV)
    return {rack: 0.6745 * (value - middle) / mad for rack, value in last.items()}


def _band(spreads: list[DailySpread]) -> Line | None:
    if len(spreads) < MIN_FLEET:
        return None
    day_ns = 86_400_000_000_000
    days = sorted({int(t) // day_ns for s in spreads for t in s.start_ns})
    inside = [[float(v) for s in spreads for t, v in zip(s.start_ns, s.spread_mv, strict=True) if int(t) // day_ns == day] for day in days]
    kept = [
        (day * day_ns + day_ns // 2, np.percentile(values, [5, 50, 95]))
        for day, values in zip(days, inside, strict=True)
        if len(values) >= MIN_FLEET
    ]
    if not kept:
        return None
    low, mid, high = np.array([q for _, q in kept]).T
    return Line("fleet, 5–95 % and median", np.array([t for t, _ in kept], np.int64), low, mid, high, "reference")


def _row(facts: WindowFacts, rack_id: str, spread: DailySpread, z: float, limit_mv: float | None) -> RackRow:
    rack = facts.plant.rack(rack_id)
    slope = slope_per_day(tuple(int(t) for t in spread.start_ns), spread.spread_mv, "mV/d", "conditioned spread 1", "")
    figures = (slope.value, slope.low, slope.high) if isinstance(slope, Estimate) else (float("nan"),) * 3
    above = spread.start_ns[spread.spread_mv > limit_mv] if limit_mv is not None else spread.start_ns[:0]
    return RackRow(
        rack=rack_id,
        label=rack.label,
        spark=tuple(float(v) for v in spread.spread_mv),
        last_mv=float(spread.spread_mv[-1]),
        max_mv=float(spread.spread_mv.max()),
        slope_mv_per_day=figures[0],
        slope_low=figures[1],
        slope_high=figures[2],
        first_above_ns=int(above[0]) if len(above) else None,
        lowest_cell=cell_name(rack, int(np.bincount(spread.lowest_cell).argmax())),
        z=z,
        reading="under the condition",
        reading_status="none",
    )
