"""Why was a rack allowed or delivered less: temperature, resistance, cells apart, the ends of charge, or somebody's command?

Each cause is weighed by what the episode shows for and against it, compared with the samples of the same way in which nothing was held back. A cause
whose signals are missing is not established and never ruled out by silence; a cause is named only where it leads clearly. Weights are stated
working values, not probabilities. Shapes: T samples of the rack.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from workbench.analysis.candidates import in_print
from workbench.analysis.stress import CauseWeighed, Standing
from workbench.asset.window import BoolArray, FloatArray

TEMPERATURE, IMPEDANCE, DIVERGENCE, GUARD, COMMAND = "temperature", "resistance", "cells apart", "end of charge range", "command"
UNKNOWN = "not established"
SUPPORTED_FROM, LEAD = 2.0, 1.0  # score that supports a cause; by how much the first must lead the second
LOW_SOC, HIGH_SOC, MID_SOC = 0.12, 0.88, (0.2, 0.8)
NEAR_V = {True: 0.16, False: 0.56}  # room to the cut-off at which a BMS may begin to hold back: charging, discharging
END_V = 0.08  # a median cell with no more room than this to the cut-off is at its end
BEYOND_MV = 10.0  # a median cell further out than undisturbed load ever took it is at its end
APART_MV, APART_TIMES = 30.0, 3.0
BY_LOAD, NOT_BY_LOAD = 0.7, 0.4  # share of a cell's distance that is the load's doing
RAISED = 1.3  # times the middle cell's resistance, at least
MIN_REST = 5  # samples at rest after the episode that tell it
FOLLOWS = 0.6  # rank correlation of limit and temperature
STEADY = 0.02  # scatter of a commanded level, of the usual one


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What a rack shows around one episode. All arrays (T,) of the rack, NaN where not received. inside, onset, usual: samples of the episode, of its
    first third, where its cause must show already, and of the same way under load outside any. near: the episode with as much before and after, at most an hour each; short: it lasted no longer than that. rested,
    loading: the last samples of rest before the load that led into it, and the first of that load. cutoff_v: None where undeclared."""

    charging: bool
    short: bool
    inside: BoolArray
    onset: BoolArray
    usual: BoolArray
    near: BoolArray
    rested: BoolArray
    loading: BoolArray
    current: FloatArray
    limit: FloatArray | None
    usual_limit: float
    hottest: FloatArray | None
    coldest: FloatArray | None
    probe_error: float
    rest_a: float
    soc: FloatArray | None
    soc_source: str
    extreme_v: FloatArray
    median_v: FloatArray
    cutoff_v: float | None
    leading: str = ""  # the leading cell at the onset, and its resistance over the middle cell of the rack (95 %), where that is measured
    leading_ratio: tuple[float, float] | None = None
    near_v: float | None = None  # room to the cut-off [V] at which this BMS begins to hold back, where somebody has declared it
    near_source: str = ""


@dataclass(slots=True)
class _Case:
    """One cause being weighed."""

    cause: str
    score: float = 0.0
    pro: list[str] = field(default_factory=list)
    con: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def add(self, weight: float, sentence: str) -> None:
        """Evidence: for the cause where the weight is positive."""
        self.score += weight
        (self.pro if weight > 0 else self.con).append(sentence)


def weighed(scene: Scene) -> tuple[str, tuple[CauseWeighed, ...]]:
    """The cause that leads, or `not established`; and all of them, strongest first."""
    cases = [_Case(name) for name in (TEMPERATURE, IMPEDANCE, DIVERGENCE, GUARD)]
    rules: tuple[Callable[[_Case, Scene], None], ...] = (_temperature, _impedance, _divergence, _guard)
    for case, rule in zip(cases, rules, strict=True):
        rule(case, scene)
    cases.append(_command(scene, max(c.score for c in cases)))
    listed = sorted((_closed(case) for case in cases), key=lambda c: (-c.score, c.cause))
    first, second = listed[0], listed[1]
    leads = first.standing is Standing.SUPPORTED and first.score - second.score >= LEAD
    return (first.cause if leads else UNKNOWN), tuple(listed)


def basis(scene: Scene) -> str:
    """Which working values weighed the causes of an episode, and where each comes from."""
    where = f"from {1000 * _near(scene):.0f} mV to the cut-off on a BMS may hold back"
    source = f"design record, {scene.near_source or 'source not stated'}" if scene.near_v is not None else "working value of this workbench"
    return f"{where} ({source}); a cause is supported from a score of {SUPPORTED_FROM:g} and named where it leads by {LEAD:g} (working values, tried on the truth suite: `workbench truth`)"


def _near(scene: Scene) -> float:
    return NEAR_V[scene.charging] if scene.near_v is None else scene.near_v


def _closed(case: _Case) -> CauseWeighed:
    standing = (
        Standing.NOT_ESTABLISHED if not case.pro and not case.con
        else Standing.SUPPORTED if case.score >= SUPPORTED_FROM
        else Standing.UNLIKELY if case.score < 0
        else Standing.POSSIBLE
    )  # fmt: skip
    pro, con = (tuple(in_print(text) for text in texts) for texts in (case.pro, case.con))
    return CauseWeighed(case.cause, standing, round(case.score, 2), pro, con, tuple(case.missing))


def _temperature(case: _Case, scene: Scene) -> None:
    if scene.hottest is None or scene.coldest is None or not np.isfinite(scene.hottest[scene.inside]).any():
        case.missing.append("no temperature was received in the episode")
        return
    ordinary = scene.hottest[scene.usual], scene.coldest[scene.usual]
    if not np.isfinite(ordinary[0]).any():
        case.missing.append("no undisturbed load of this way to compare temperatures with")
        return
    hot, cold = float(np.nanmax(scene.hottest[scene.inside])), float(np.nanmin(scene.coldest[scene.inside]))
    high, low = float(np.nanpercentile(ordinary[0], 99)), float(np.nanpercentile(ordinary[1], 1))
    slack = max(2 * scene.probe_error, 2.0)
    if hot > high + slack:
        case.add(2.0, f"hottest probe at {hot:.1f} °C, undisturbed load stays below {high:.1f} °C")
    elif cold < low - slack:
        case.add(2.0, f"coldest probe at {cold:.1f} °C, undisturbed load stays above {low:.1f} °C")
    else:
        case.add(-2.0, f"{cold:.1f} to {hot:.1f} °C, as under undisturbed load ({low:.1f} to {high:.1f} °C)")
        return
    probe, sign = (scene.hottest, -1.0) if hot > high + slack else (scene.coldest, 1.0)
    linked = _rank_link(scene.limit if scene.limit is not None else np.abs(scene.current), probe, scene.near)
    if linked is None:
        case.missing.append("the limit did not change enough to see whether it follows the temperature")
    elif sign * linked >= FOLLOWS:
        case.add(1.5, f"what is allowed follows the temperature (rank correlation {linked:+.2f})")
    else:
        case.add(-0.5, f"what is allowed does not follow the temperature (rank correlation {linked:+.2f})")


def _apart(scene: Scene) -> tuple[float, float] | None:
    """Largest distance [mV] of the leading cell from the median at the onset, and the usual one."""
    distance = 1000 * np.abs(scene.extreme_v - scene.median_v)
    if not np.isfinite(distance[scene.onset]).any():
        return None
    usual = distance[scene.usual]
    return float(np.nanmax(distance[scene.onset])), float(np.nanmedian(usual)) if np.isfinite(usual).any() else float("nan")


def _by_load(scene: Scene) -> float | None:
    """Share of the leading cell's distance from the median at the onset that is the load's doing; None where neither its beginning nor its end tells.

    A resistance stands there at once when the load begins and is gone when it stops; a lack of charge comes with the charge that flows. The end tells
    only soon after the onset: in the hours of a long episode a cell moves on its curve.
    """
    distance = np.abs(scene.extreme_v - scene.median_v)
    loaded = distance[scene.onset & np.isfinite(distance)]
    if not len(loaded) or loaded.max() <= 0:
        return None
    top, size = float(np.percentile(loaded, 90)), np.abs(scene.current)
    rested, loading = (mask & np.isfinite(distance) & np.isfinite(size) for mask in (scene.rested, scene.loading))
    if rested.any() and loading.any() and size[loading].min() > 0:
        scale = float(np.nanmedian(size[scene.onset])) / float(np.median(size[loading]))
        return float(np.clip((np.median(distance[loading]) - np.median(distance[rested])) * scale / top, -1.0, 1.0))
    after = scene.near & (np.arange(len(distance)) > np.flatnonzero(scene.inside)[-1]) & (size <= scene.rest_a) & np.isfinite(distance)
    if not scene.short or after.sum() < MIN_REST:
        return None
    return float(np.clip(1 - np.median(distance[after]) / top, -1.0, 1.0))


def _room(scene: Scene) -> float | None:
    """How near [V] the leading cell stood to the cut-off at the onset; negative beyond it."""
    if scene.cutoff_v is None or not np.isfinite(scene.extreme_v[scene.onset]).any():
        return None
    side = 1.0 if scene.charging else -1.0
    return float(np.nanmin(side * (scene.cutoff_v - scene.extreme_v[scene.onset])))


def _at_end(scene: Scene) -> bool | None:
    """Whether the median cell too stands at its end: at the onset near the cut-off, or further out than undisturbed load of this way took it.

    None if unknown. A long taper is undisturbed load as well, so that the second alone would miss it where a chemistry has no knee.
    """
    side = 1.0 if scene.charging else -1.0
    here, usual = side * scene.median_v[scene.onset], side * scene.median_v[scene.usual]
    if not np.isfinite(here).any() or not np.isfinite(usual).any():
        return None
    near = scene.cutoff_v is not None and side * scene.cutoff_v - np.nanmax(here) <= END_V
    return bool(near or np.nanmax(here) > np.nanpercentile(usual, 99) + BEYOND_MV / 1000)


def _impedance(case: _Case, scene: Scene) -> None:
    apart = _apart(scene)
    if apart is None:
        case.missing.append("no cell voltages at the onset")
        return
    room, share = _room(scene), _by_load(scene)
    if room is None:
        case.missing.append("the cut-off voltage is not declared")
    elif room > _near(scene):
        case.add(-2.0, f"the leading cell keeps {1000 * room:.0f} mV to its cut-off at the onset")
        return
    elif _at_end(scene) is False:
        case.add(1.0, f"the leading cell comes within {1000 * room:.0f} mV of its cut-off although the median cell is not at its end")
    if scene.leading_ratio is not None and scene.leading_ratio[0] >= RAISED:
        low, high = scene.leading_ratio
        case.add(
            1.5,
            f"the leading cell {scene.leading} shows {low:.1f} to {high:.1f} times the resistance of the middle cell at steps of the current",
        )
    if share is None:
        case.missing.append("no rest before or soon after it that would tell resistance from charge")
    elif apart[0] < APART_MV:
        case.add(-0.5, f"no cell stands more than {apart[0]:.0f} mV from the median at the onset")
    elif share >= BY_LOAD:
        case.add(2.0, f"{100 * share:.0f} % of the leading cell's distance from the median comes and goes with the load")
    elif share <= NOT_BY_LOAD:
        case.add(-2.0, f"only {100 * max(share, 0.0):.0f} % of the leading cell's distance from the median comes and goes with the load")


def _divergence(case: _Case, scene: Scene) -> None:
    apart = _apart(scene)
    if apart is None:
        case.missing.append("no cell voltages at the onset")
        return
    most, usual = apart
    if most < APART_MV or most < APART_TIMES * usual:
        case.add(-1.5, f"the leading cell stands {most:.0f} mV from the median at the onset, undisturbed {usual:.0f} mV")
        return
    room, share = _room(scene), _by_load(scene)
    if room is not None and room > _near(scene):
        case.add(-1.5, f"the leading cell keeps {1000 * room:.0f} mV to its cut-off at the onset")
        return
    case.add(1.0, f"the leading cell stands {most:.0f} mV from the median at the onset, undisturbed {usual:.0f} mV")
    if room is None:
        case.missing.append("the cut-off voltage is not declared")
    ends = _at_end(scene)
    if ends is False and room is not None:
        case.add(1.5, f"it comes within {1000 * room:.0f} mV of its cut-off while the median cell is not at its end")
    elif ends:
        case.add(-1.5, "the median cell is at its end too")
    if share is None:
        case.missing.append("no rest before or soon after it that would tell charge from resistance")
    elif share <= NOT_BY_LOAD:
        case.add(0.5, "its distance came with the charge that flowed, not with the load: charge, not resistance")
    elif share >= BY_LOAD:
        case.add(-2.0, "its distance comes and goes with the load: resistance, not charge")


def _soc(scene: Scene) -> float | None:
    """The state of charge at the onset."""
    if scene.soc is None:
        return None
    known = scene.soc[scene.onset]
    known = known[np.isfinite(known)]
    return float(np.median(known)) if len(known) else None


def _guard(case: _Case, scene: Scene) -> None:
    soc = _soc(scene)
    if soc is None:
        case.missing.append("no state of charge, neither counted between anchors nor displayed")
        return
    sure = 1.0 if scene.soc_source == "anchored" else 0.7
    said = f"{100 * soc:.0f} % SoC ({scene.soc_source}) at the onset"
    if soc >= HIGH_SOC if scene.charging else soc <= LOW_SOC:
        case.add(1.5 * sure, said)
    elif MID_SOC[0] <= soc <= MID_SOC[1] or (soc > MID_SOC[1]) != scene.charging:
        case.add(-2.5 * sure, said + ": far from the end this way")
    else:
        case.add(0.5 * sure, said + ": towards the end")
    ends = _at_end(scene)
    if ends:
        case.add(1.5, "the median cell is at its end: near its cut-off, or further out than undisturbed load takes it")
    elif ends is False:
        case.add(-1.5, "the median cell is not at its end: most cells still hold charge or room")
    else:
        case.missing.append("no undisturbed load of this way to compare cell voltages with")


def _command(scene: Scene, other: float) -> _Case:
    """A level that somebody set: steady, abrupt, and nothing physical beside it."""
    case = _Case(COMMAND)
    if scene.limit is None:
        case.missing.append("no limit channel: what the BMS allowed is not known")
    else:
        allowed = scene.limit[scene.inside]
        allowed = allowed[np.isfinite(allowed)]
        if len(allowed) and float(np.median(allowed)) > 0.9 * scene.usual_limit:
            case.add(2.5, f"the BMS went on allowing {float(np.median(allowed)):.0f} A: the reduction came from elsewhere")
        elif len(allowed) and float(np.ptp(allowed)) <= STEADY * scene.usual_limit:
            case.add(2.0, f"what is allowed stands at {float(np.median(allowed)):.0f} A throughout")
        elif len(allowed):
            case.add(-1.5, f"what is allowed changes all the time ({float(allowed.min()):.0f} to {float(allowed.max()):.0f} A)")
    apart = _apart(scene)
    if case.pro and apart is not None and apart[0] >= APART_MV:
        case.add(-2.5, f"a cell stood {apart[0]:.0f} mV from the median at the onset: a rule of the BMS that looks at it is not ruled out")
    if other >= SUPPORTED_FROM:
        case.add(-1.0, "a physical cause is supported")
    elif case.pro:
        case.add(1.0, "no physical cause is supported")
    return case


def _rank_link(one: FloatArray, other: FloatArray, use: BoolArray) -> float | None:
    """Rank correlation over some samples, None where either hardly changes."""
    good = use & np.isfinite(one) & np.isfinite(other)
    if good.sum() < 10 or len(np.unique(one[good])) < 5 or len(np.unique(other[good])) < 5:
        return None
    ranks = [np.unique(values[good], return_inverse=True)[1].astype(np.float64) for values in (one, other)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])
