"""Are statements that carry no interval as near to the truth as they have to be? One function per statement: (how far off, whether that is near enough).

Dwell, share of current, openings, causes of derating, delays that are only said to be at least so long. Shapes: T samples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from workbench.analysis.derating_causes import COMMAND, GUARD, TEMPERATURE, UNKNOWN
from workbench.analysis.regimes import REST_SHARE
from workbench.analysis.results import StudyResult
from workbench.simulation.bms import BmsSpec
from workbench.simulation.holding_back import RULES
from workbench.simulation.scene import Scene
from workbench.workflow.truth_life import true_soc

Looks = Iterator[tuple[float, bool]]
DWELL, REST, SHARE, HELD = 0.03, 0.02, 0.02, 0.10
OPENED_PERIODS = 2.0
BORDER = 0.0098  # of SoC: 1.96 times what full and empty are known to
TENTHS = 10
SHORTFALL = 0.05  # of what was asked, as the kernel has it


def soc_dwell(scene: Scene, result: StudyResult) -> Looks:
    """The border between two tenths of SoC below which the share of time is furthest off, each border somewhere within what an anchor is known to: a
    rack that rests on a border for days counts on either side of it.
    """
    borders = np.arange(1, TENTHS) / TENTHS
    for rack in result.estimates.racks if result.estimates else ():
        if rack.regime.soc_dwell:
            soc = np.sort(true_soc(scene, rack.rack, scene.lived[rack.rack].series.time_ns))
            least, most = (np.searchsorted(soc, borders + way * BORDER) / len(soc) for way in (-1, 1))
            below = np.cumsum(list(rack.regime.soc_dwell.values()))[:-1]
            off = float(np.maximum(np.maximum(least - below, below - most), 0.0).max())
            yield off, off <= DWELL


def rest_hours(scene: Scene, result: StudyResult) -> Looks:
    """Time at rest, as a share of what was recorded."""
    for rack in result.estimates.racks if result.estimates else ():
        if rack.regime.recorded_h:
            current = np.abs(scene.lived[rack.rack].true_current_a)
            true = float((current <= REST_SHARE * current.max()).mean())
            off = abs(rack.regime.rest_h / rack.regime.recorded_h - true)
            yield off, off <= REST


def current_share(scene: Scene, result: StudyResult) -> Looks:
    """What CX18 says the most uneven rack carries against the middle one, as their sensors count it: which of them is wrong is another check's question."""
    for check in result.checks:
        rack = check.seen.split()[0]
        if check.id != "CX18" or rack not in scene.lived or not scene.scenario.parallel:
            continue
        current = {name: lived.true_current_a * (1 + scene.truth[name].current_gain) for name, lived in scene.lived.items()}
        together = np.abs(np.sum(list(current.values()), axis=0))
        loaded = (together > 0.1 * together.max()) & np.all([np.abs(one) > 0.02 * np.abs(one).max() for one in current.values()], axis=0)
        usual = np.median([one[loaded] for one in current.values()], axis=0)
        off = abs(check.figures["share"] - (float(np.median(current[rack][loaded] / usual)) - 1))
        yield off, off <= SHARE


def openings(scene: Scene, result: StudyResult) -> Looks:
    """When a rack that was opened was, and for how long, in sampling periods."""
    planted = {rack.rack: rack for rack in scene.scenario.racks if rack.opened_h is not None}
    for rack in result.stress.racks if result.stress else ():
        spec = planted.get(rack.rack)
        found = [one.opening for one in rack.replays if one.opening is not None]
        if spec is None or spec.opened_h is None:
            continue
        off = float("inf")
        for one in found:
            began = abs((one.opened_ns - spec.start_ns) / 1e9 - 3600 * spec.opened_h[0])
            lasted = 3600 * abs(one.hours - (spec.opened_h[1] - spec.opened_h[0]))
            off = min(off, max(began, lasted) / spec.period_s)
        yield off, off <= OPENED_PERIODS


def held_back(scene: Scene, result: StudyResult) -> Looks:
    """Hours in which a rack was held back, whatever the cause, as a share of the true ones."""
    for true, named in _held(scene, result):
        off = abs(named.total() - true.total()) / true.total()
        yield off, off <= HELD


def wrongly_held(scene: Scene, result: StudyResult) -> Looks:
    """Hours under a cause that did not hold the rack back then, as a share of the true ones; hours without a named cause accuse none."""
    for true, named in _held(scene, result):
        off = sum(max(hours - true[cause], 0.0) for cause, hours in named.items() if cause != UNKNOWN) / true.total()
        yield off, off <= HELD


def _held(scene: Scene, result: StudyResult) -> Iterator[tuple[Counter[str], Counter[str]]]:
    """Hours by cause, true and named, of every rack that was held back."""
    for rack in result.stress.racks if result.stress else ():
        true, named = true_held_h(scene, rack.rack), Counter[str]()
        for one in rack.deratings:
            named[one.cause] += (one.end_ns - one.start_ns) / 3.6e12  # type: ignore[assignment]
        if true.total():
            yield true, named


def true_held_h(scene: Scene, rack: str) -> Counter[str]:
    """Hours in which each cause, in the words of the ranking, really left clearly less than was asked."""
    lived = scene.lived[rack]
    hours: Counter[str] = Counter()
    if lived.held_by is None or lived.requested_a is None:
        return hours
    spec = next(one for one in scene.scenario.racks if one.rack == rack)
    planted = next((p.cause for p in scene.scenario.planted if p.rack == rack and "derating" in p.names), GUARD)
    words = dict(zip(RULES, (TEMPERATURE, TEMPERATURE, GUARD, planted, COMMAND, COMMAND), strict=True))
    asked, flowed = np.abs(lived.requested_a), np.abs(lived.true_current_a)
    short = asked - flowed > np.maximum(SHORTFALL * asked, 0.02 * float(flowed.max()))
    for place, rule in enumerate(RULES):
        hours[words[rule]] += float(((lived.held_by == place) & short & (flowed > 0)).sum()) * spec.period_s / 3600  # type: ignore[assignment]
    return hours


def late_at_least(scene: Scene, result: StudyResult) -> Looks:
    """The delay that CX11 states of the latest rack, against the filters of the BMS: never more, and not less than half of a long one."""
    filters = [
        (scene.scenario.display.get(rack.rack) or scene.scenario.display.get("") or BmsSpec()).alarm_delay_s
        for rack in scene.scenario.racks
    ]
    period_s = scene.scenario.racks[0].period_s
    for check in result.checks:
        if check.id == "CX11" and "delay_s" in check.figures:
            off = check.figures["delay_s"] - max(filters)
            yield off, -max(0.5 * max(filters), 2 * period_s) <= off <= 2 * period_s
