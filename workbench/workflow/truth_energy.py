"""Which charges, energies and losses does the truth suite measure, and what is true of each in its own definition?

Truth is counted on the current that really flowed and on the voltage without the error of its sensor. Energies of a site are shares of what it is
rated at, so that small and large sites count alike. Shapes: T samples.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace

from workbench.analysis.results import StudyResult
from workbench.asset.estimate import Answer, Estimate
from workbench.asset.window import FloatArray
from workbench.simulation.rack import Lived
from workbench.simulation.scene import Scene
from workbench.workflow.truth_cells import Found, capacity_share, operated_ah

SAME_END_NS = 900_000_000_000  # an end that was seen and one that was are the same within a quarter of an hour
SITE = "site"
SAME_SOC = 0.005
RECORDED_ONLY = "recorded samples only"


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """What really flowed through one rack. ah: (T,) charge of each sample; kwh: (T,) energy at its terminals."""

    time_ns: np.ndarray[tuple[int], np.dtype[np.int64]]
    ah: FloatArray
    kwh: FloatArray


def flow(scene: Scene, rack: str) -> Flow:
    """The flow of one rack of a scene."""
    lived = scene.lived[rack]
    spec = next(one for one in scene.scenario.racks if one.rack == rack)
    ah = lived.true_current_a * spec.period_s / 3600
    volts = lived.series.signals["rack_voltage_v"] / (1 + spec.sensors.rack_gain)
    return Flow(lived.series.time_ns, ah, ah * volts / 1000)


def _of_balance(name: str, truth: Callable[[FloatArray, float], float]) -> Callable[[Scene, StudyResult], Iterator[Found]]:
    """A sum over the whole window. truth is asked with the charges and the rating; where gaps were left out, the sum is of something else."""

    def looks(scene: Scene, result: StudyResult) -> Iterator[Found]:
        for balance in result.balances:
            answer: Answer = getattr(balance, name)
            if isinstance(answer, Estimate) and RECORDED_ONLY in answer.condition:
                continue
            yield balance.rack, 0, truth(flow(scene, balance.rack).ah, scene.truth[balance.rack].rated_ah), answer

    return looks


def _round_trip(scene: Scene, result: StudyResult) -> Iterator[Found]:
    """Energy out over energy in between the equal ends that this rack really came to, or over the window with what stayed in it put back."""
    for rack in result.estimates.racks if result.estimates else ():
        yield rack.rack, 0, true_round_trip(scene.lived[rack.rack], flow(scene, rack.rack)), rack.round_trip


def true_round_trip(lived: Lived, flowed: Flow) -> float:
    """Round-trip efficiency of one rack. Where a voltage ended a pass at another state of charge than usual, it was no equal end."""
    full, empty = (_equal([done for done, up, own in lived.ends if own and up is way], lived.soc) for way in (True, False))
    equal = full if len(full) >= len(empty) else empty
    cut = slice(equal[0], equal[-1]) if len(equal) > 1 else slice(None)
    into, out = (float((way * flowed.kwh[cut]).clip(min=0).sum()) for way in (1, -1))
    kept = 0.0
    if len(equal) <= 1 and out > 0:
        left = float(lived.soc[-1] - lived.soc[0]) * lived.truth.string_load_ah
        kept = left * out / float((-flowed.ah).clip(min=0).sum())  # what is left would come out as the rest did
    return (out + kept) / into if into > 0 else 0.0


def _equal(ends: list[int], soc: FloatArray) -> list[int]:
    """Those of these ends that stood where most of them did."""
    at = soc[np.array(ends, int) - 1]
    return [end for end, one in zip(ends, at.tolist(), strict=True) if abs(one - float(np.median(at))) <= SAME_SOC]


def discharge_kwh_per_ah(lived: Lived, flowed: Flow) -> float:
    """Energy per charge over the full discharges of one rack, or over all its discharging where it never had one."""
    own = [(done, up) for done, up, own in lived.ends if own]
    use = np.zeros(len(flowed.ah), bool)
    for (a, was_full), (b, is_full) in itertools.pairwise(own):
        use[a:b] |= was_full and not is_full
    use &= flowed.ah < 0
    if not use.any():
        use = flowed.ah < 0
    return float(flowed.kwh[use].sum() / flowed.ah[use].sum())


def true_waterfall(scene: Scene, racks: tuple[str, ...]) -> dict[str, float]:
    """Each line [MWh], by the names of the waterfall: cells hold what the truth table says, at the voltage the rack really discharged with."""
    lines = dict.fromkeys(("rated", "ageing (mean cell)", "weakest cell", "ageing and weakest cell", "usable"), 0.0)
    weakest_mwh = 0.0
    for rack in racks:
        table = scene.truth[rack]
        per_ah = discharge_kwh_per_ah(scene.lived[rack], flow(scene, rack)) / 1000
        usable = operated_ah(table) * per_ah
        share = capacity_share(table)
        lines["rated"] += table.rated_ah * per_ah
        lines["usable"] += usable
        lines["ageing (mean cell)"] += table.rated_ah * per_ah - usable * float(share.mean())
        lines["weakest cell"] += usable * float(share.mean() - share.min())
        weakest_mwh += usable * float(share.min())
    lines["ageing and weakest cell"] = lines["rated"] - weakest_mwh
    lines["ageing, weakest cell and imbalance"] = lines["rated"] - lines["usable"]
    lines["imbalance"] = lines["recoverable"] = max(weakest_mwh - lines["usable"], 0.0)
    return lines


def _of_site(name: str) -> Callable[[Scene, StudyResult], Iterator[Found]]:
    """One line of the waterfall as a share of the rated energy. A site with a rack out of service counts by its other racks."""

    def looks(scene: Scene, result: StudyResult) -> Iterator[Found]:
        if result.estimates is None:
            return
        found = result.estimates.waterfall
        lines = {"usable": found.usable_mwh, "recoverable": found.recoverable_mwh} | {step.name: step.mwh for step in found.steps}
        racks = tuple(one.rack for one in result.estimates.racks)
        if name in lines and all(one.in_service for one in result.estimates.racks):
            true = true_waterfall(scene, racks)
            yield SITE, 0, true[name] / true["rated"], _over(lines[name], true["rated"])

    return looks


def _over(answer: Answer, by: float) -> Answer:
    if not isinstance(answer, Estimate):
        return answer
    return replace(answer, value=answer.value / by, low=answer.low / by, high=answer.high / by, unit="1")


def given_by_bank(scene: Scene, racks: tuple[str, ...], ends_ns: tuple[int, ...]) -> float | None:
    """Mean charge [Ah] that these racks of a bank gave from its full end to each of these empty ends; None where the truth knows no such end."""
    first = scene.lived[racks[0]]
    passed = np.r_[0.0, np.cumsum(sum(flow(scene, rack).ah for rack in racks))]
    time_ns, given = first.series.time_ns, []
    for (full, up, _), (empty, again, _) in itertools.pairwise(first.ends):
        if up and not again and any(abs(int(time_ns[empty - 1]) - seen) < SAME_END_NS for seen in ends_ns):
            given.append(float(passed[full] - passed[empty]))
    return float(np.mean(given)) if given else None


def _opened(scene: Scene, result: StudyResult) -> Iterator[Found]:
    """What a bank gave with racks of it opened, over what it gives with all of them."""
    banks = result.estimates.banks if result.estimates else ()
    whole = {one.bank: given_by_bank(scene, one.racks, one.ends_ns) for one in banks if not one.missing}
    for state in banks:
        ah, of = given_by_bank(scene, state.racks, state.ends_ns), whole.get(state.bank)
        if state.missing and state.over_whole is not None and ah and of:
            yield state.bank, 0, ah / of, state.over_whole


ENERGIES: tuple[tuple[str, str, Callable[[Scene, StudyResult], Iterator[Found]], bool], ...] = (
    ("charge into a rack", "Ah", _of_balance("charge_ah", lambda ah, _: float(ah[ah > 0].sum())), True),
    ("charge out of a rack", "Ah", _of_balance("discharge_ah", lambda ah, _: float(-ah[ah < 0].sum())), True),
    ("charge in minus out", "Ah", _of_balance("net_ah", lambda ah, _: float(ah.sum())), True),
    ("equivalent full cycles", "1", _of_balance("efc", lambda ah, rated: float(np.abs(ah).sum()) / 2 / rated), True),
    ("round-trip efficiency", "1", _round_trip, False),
    *(
        (f"site: {name}, of rated", "1", _of_site(name), True)
        for name in (
            "usable", "ageing (mean cell)", "weakest cell", "ageing and weakest cell", "ageing, weakest cell and imbalance", "imbalance",
            "recoverable",
        )
    ),
    ("bank with racks opened, over the whole", "1", _opened, False),
)  # fmt: skip
