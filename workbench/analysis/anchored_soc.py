"""What was the state of charge of a rack at each sample, from its own charge count pinned to full and empty, without asking the BMS?

An anchor is a sample at which the leading cell crossed a limit. Between two anchors the count must close; what it misses is sensor offset and is
spread evenly over the time between. The scale is the usable capacity of the string at the rate it was operated: 0 is where the rack stops
discharging, 1 where it stops charging. Shapes: T samples. Source: methods.md 2.5; anchors as in 2.1.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from workbench.analysis.charge_balance import StringCapacity
from workbench.analysis.charge_count import ChargeCount
from workbench.analysis.regimes import Pass
from workbench.analysis.results import NotEstablished, Regime
from workbench.asset.window import FloatArray

ANCHOR_SHARE = 0.005  # standard uncertainty of full and of empty: rate and temperature move them
UNKNOWN_LOSS = 0.08  # of the rated capacity, standard uncertainty where the string's own was not counted
USUAL_LEFT = 0.92  # of the rated capacity, taken in that case
STEADY_SPANS = 3  # between anchors, before what they miss in common is taken for an offset
WIDEST = 0.15  # beyond this error a state of charge is not given


@dataclass(frozen=True, slots=True, eq=False)
class AnchoredSoc:
    """soc: (T,) fraction of usable charge, NaN where not known. error: (T,) standard uncertainty. anchors: samples. capacity_ah: the scale.

    drift_a: the offset current that closes the count between anchors. condition: what full and empty are.
    """

    soc: FloatArray
    error: FloatArray
    anchors: tuple[int, ...]
    capacity_ah: float
    drift_a: float
    condition: str


@dataclass(frozen=True, slots=True)
class _Span:
    """From one anchor to the next: samples, the state at the first, and the charge [Ah] by which the count does not close."""

    first: int
    last: int
    full: float
    missed: float


def anchored_soc(
    ends: dict[Pass, float] | None, count: ChargeCount, string: StringCapacity | NotEstablished, rated_ah: float | None
) -> AnchoredSoc | NotEstablished:
    """The state of charge of one rack over the window, or why there is none. ends: passes that ended at a limit, as from `limit_ends`."""
    known = sorted(((p.last - 1, 1.0 if p.regime is Regime.CHARGE else 0.0) for p in ends or ()), key=lambda a: a[0])
    if len(known) < 2:
        return NotEstablished(
            reason="too-few-anchors",
            why=f"A count without the BMS needs two moments at which a cell reached a limit; there are {len(known)}.",
            settles="Two full charges, or one full charge and one full discharge.",
        )
    if isinstance(string, StringCapacity):
        capacity, loss, condition = string.ah, string.half_ah / 1.96 / string.ah, string.condition
    elif rated_ah is not None:
        capacity, loss = USUAL_LEFT * rated_ah, UNKNOWN_LOSS
        condition = f"usable capacity assumed {100 * USUAL_LEFT:g} % of rated, because it could not be counted"
    else:
        return string
    passed = np.r_[0.0, np.cumsum(count.ah[:-1])]
    hours = np.r_[0.0, np.cumsum(count.hours[:-1])]
    hidden = np.r_[0.0, np.cumsum(count.hidden_ah[:-1])] / capacity
    anchor = float(np.hypot(ANCHOR_SHARE, count.edge_ah / capacity))  # a load begins and ends somewhere inside one sampling period
    soc, error = np.full(len(passed), np.nan), np.full(len(passed), np.inf)
    spans = [
        _Span(a, b, full_a, (passed[b] - passed[a]) - (full_b - full_a) * capacity)
        for (a, full_a), (b, full_b) in itertools.pairwise(known)
    ]
    drifts = [
        (s.missed, hours[s.last] - hours[s.first])
        for s in spans
        if hours[s.last] > hours[s.first] and hidden[s.last] - hidden[s.first] < ANCHOR_SHARE
    ]
    drift = float(sum(d[0] for d in drifts) / sum(d[1] for d in drifts)) if drifts else 0.0
    steady = drift if len(drifts) >= STEADY_SPANS else 0.0  # what every span misses alike is an offset of the sensor, and comes evenly
    for one, (_, full_b) in zip(spans, known[1:], strict=True):
        cut = slice(one.first, one.last + 1)
        length = hours[one.last] - hours[one.first]
        share = (hours[cut] - hours[one.first]) / max(length, 1e-9)
        soc[cut] = one.full + (passed[cut] - passed[one.first] - one.missed * share) / capacity
        bow = abs(one.missed - steady * length) / capacity * 2 * share * (1 - share)  # the rest of the miss need not have come evenly
        error[cut] = np.hypot(anchor, bow) + loss * _to_nearest(soc[cut], one.full, full_b) + (hidden[one.last] - hidden[one.first])
    _extend(soc, error, passed, hours, hidden, capacity, loss, drift, anchor, known)
    wide = error > WIDEST
    soc[wide], error[wide] = np.nan, np.nan
    return AnchoredSoc(soc, error, tuple(a for a, _ in known), capacity, drift, condition)


def _to_nearest(soc: FloatArray, full_a: float, full_b: float) -> FloatArray:
    """How far from the nearer of the two anchored states: a wrong capacity grows with it."""
    result: FloatArray = np.minimum(np.abs(soc - full_a), np.abs(soc - full_b))
    return result


def _extend(
    soc: FloatArray,
    error: FloatArray,
    passed: FloatArray,
    hours: FloatArray,
    hidden: FloatArray,
    capacity: float,
    loss: float,
    drift: float,
    anchor: float,
    known: list[tuple[int, float]],
) -> None:
    """Before the first and after the last anchor: an open count, with the drift taken off and an error that grows with time and distance."""
    for (place, full), cut in ((known[0], slice(0, known[0][0])), (known[-1], slice(known[-1][0] + 1, len(soc)))):
        away = hours[cut] - hours[place]
        soc[cut] = full + (passed[cut] - passed[place] - drift * away) / capacity
        unsure = 0.5 * abs(drift) + 0.0005 * capacity  # A: half of the drift, and what a good sensor has left
        error[cut] = anchor + unsure * np.abs(away) / capacity + loss * np.abs(soc[cut] - full) + np.abs(hidden[cut] - hidden[place])
