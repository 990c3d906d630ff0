"""What capacity do windows carry that never went from limit to limit, when charge and state of charge are both uncertain?

y = Q x with y the charge between two anchors and x the state of charge between them. Both carry noise, so ordinary least squares is biased low; the
weighted total least squares of Plett takes both. For LFP only anchors below 20 %, at the graphite step or above 98.5 % are admitted: on
the plateaus a state of charge from voltage is invented. Shapes: N windows. Source: methods.md 2.1.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from workbench.analysis.charge_count import ChargeCount
from workbench.analysis.regimes import Pass
from workbench.analysis.results import Answer, Estimate, NotEstablished, Regime
from workbench.analysis.step_matching import StepMatch
from workbench.asset.window import FloatArray, Int64Array

ADMITTED_LFP = ((0.0, 0.20), (0.55, 0.75), (0.985, 1.0))
STEP_SOC, STEP_ERROR = 0.63, 0.02  # where the graphite step lies on the usable scale, the same in every window; ageing and cut-offs move it
STEP_FOUND, END_ERROR = 0.003, 0.005  # of one anchor by itself: how surely the step is seen, and how near to its limit a pass ended
SAME = 1e-9
MOST_HALF = 0.5  # of the capacity: an interval wider than this (95 %) is no measurement
LEAST_SHARE = 0.25  # of state of charge between two anchors
SETTLES = "One full charge and one full discharge without interruption, logged every 10 s."


@dataclass(frozen=True, slots=True)
class Anchor:
    """A sample at which the state of charge is known without the BMS. error: standard uncertainty of this one alone."""

    sample: int
    soc: float
    error: float


def admitted(soc: float, chemistry: str) -> bool:
    """Whether a voltage may say that this is the state of charge."""
    return chemistry.upper() != "LFP" or any(low <= soc <= high for low, high in ADMITTED_LFP)


def total_least_squares(x: FloatArray, y: FloatArray, u_x: FloatArray, u_y: FloatArray) -> tuple[float, float]:
    """Slope of y = Q x and its standard uncertainty, both coordinates uncertain: least chi2(Q) = sum (y - Q x)^2 / (u_y^2 + Q^2 u_x^2)."""
    slope = float((x * y).sum() / (x * x).sum())
    for _ in range(50):  # fixed point of the normal equation; converges in a few steps where the errors are small beside x and y
        weight = 1 / (u_y**2 + slope**2 * u_x**2)
        true_x = weight * (u_y**2 * x + slope * u_x**2 * y)  # the most probable abscissa of each point
        new = float((weight * true_x * y).sum() / (weight * true_x * x).sum())
        if abs(new - slope) <= 1e-12 * abs(slope):
            break
        slope = new
    weight = 1 / (u_y**2 + slope**2 * u_x**2)
    rest = float((weight * (y - slope * x) ** 2).sum())
    inflated = max(rest / max(len(x) - 1, 1), 1.0)
    return slope, float(np.sqrt(inflated / (weight * x * x).sum()))


def anchors_of(ends: dict[Pass, float] | None, matches: tuple[StepMatch, ...], time_ns: Int64Array) -> tuple[Anchor, ...]:
    """Full and empty ends, each after the last sample of its pass has held, and the graphite step of each pass in which it was found, in order of time."""
    found = [Anchor(p.last, 1.0 if p.regime is Regime.CHARGE else 0.0, END_ERROR) for p in ends or ()]
    found += [Anchor(int(np.searchsorted(time_ns, m.start_ns)), STEP_SOC, STEP_FOUND) for m in matches]
    return tuple(sorted(found, key=lambda a: a.sample))


def with_common(
    x: FloatArray, y: FloatArray, common: FloatArray, u_x: FloatArray, u_y: FloatArray, known: tuple[float, float]
) -> tuple[float, float]:
    """Slope of y = Q (x + p moved) + o hours and its standard uncertainty.

    common: (N, 2) hours of each window, and by how much its x grows with p: what all windows share, the offset o of the sensor [A] and the place p
    of the step. known: standard uncertainties of both before the windows are seen. Charges and discharges together show the offset, windows above and below
    the step its place; where they do not, all of what was known before stays in Q. Errors of the single anchors are u_x, and nothing is in both.
    """
    slope, random = total_least_squares(x, y, u_x, u_y)
    x, y = np.r_[x, 0.0, 0.0], np.r_[y, 0.0, 0.0]  # what was known before is one more row each
    u_x = np.r_[u_x, 0.0, 0.0]
    for _ in range(20):
        columns = np.vstack([common, np.eye(2)]) * [1.0, slope]
        errors = np.r_[u_y, known[0], slope * known[1]]
        weight = (1 / np.sqrt(errors**2 + slope**2 * u_x**2))[:, None]
        share = np.linalg.lstsq(weight * columns, weight * np.stack([x, y], axis=1), rcond=None)[0]
        rest_x, rest_y = x - columns @ share[:, 0], y - columns @ share[:, 1]  # what neither explains
        new, random = total_least_squares(rest_x, rest_y, u_x, errors)
        if abs(new - slope) <= 1e-9 * abs(slope):
            break
        slope = new
    return slope, random


def partial_capacity(
    anchors: tuple[Anchor, ...], count: ChargeCount, gain_half: float, offset_u: float, chemistry: str, method: str
) -> Answer:
    """Capacity [Ah] from windows between admitted anchors. gain_half: 95 % half width of the sensor gain, declared or assumed; offset_u: standard
    uncertainty of its offset [A], likewise."""
    known = [a for a in anchors if admitted(a.soc, chemistry)]
    pairs = [
        (a, b)
        for a, b in itertools.pairwise(known)
        if abs(b.soc - a.soc) >= LEAST_SHARE and count.whole(a.sample, b.sample) and b.sample > a.sample
    ]
    if not pairs:
        return NotEstablished(
            reason="no-admitted-anchors",
            why=f"No two admitted anchors lie {100 * LEAST_SHARE:g} % of state of charge apart without a gap between them.",
            settles=SETTLES,
        )
    passed = np.r_[0.0, np.cumsum(count.ah)]
    x = np.array([b.soc - a.soc for a, b in pairs])
    y = np.array([passed[b.sample] - passed[a.sample] for a, b in pairs])
    u_x = np.array([np.hypot(a.error, b.error) for a, b in pairs])
    u_y = np.full(len(pairs), count.edge_ah / 6**0.5)
    spent = np.r_[0.0, np.cumsum(count.hours)]
    hours = np.array([spent[b.sample] - spent[a.sample] for a, b in pairs])
    moved = np.array([float(abs(b.soc - STEP_SOC) < SAME) - float(abs(a.soc - STEP_SOC) < SAME) for a, b in pairs])
    slope, random = with_common(x, y, np.stack([hours, moved], axis=1), u_x, u_y, (offset_u, STEP_ERROR))
    if slope <= 0:
        return NotEstablished(reason="count-against-anchors", why="The charge counted runs against the anchors.", settles=SETTLES)
    half = float(np.hypot(1.96 * random, gain_half * slope))
    if half > MOST_HALF * slope:
        return NotEstablished(
            reason="interval-too-wide",
            why=f"{len(pairs)} windows between anchors say {slope:.0f} Ah give or take {half:.0f} Ah: they contradict each other, or lie too near together.",
            settles=SETTLES,
        )
    condition = f"{len(pairs)} windows between anchors at {', '.join(f'{100 * s:.0f} %' for s in sorted({a.soc for p in pairs for a in p}))}; usable scale as operated"
    return Estimate(slope, slope - half, slope + half, "Ah", method, condition, len(pairs))
