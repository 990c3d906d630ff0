"""Which stress did one rack go through? Replays, deratings, plating-prone charge and cells beyond their limits, each refusing by itself.

Nothing here decides; a rack is read once and nothing of it is kept but the frozen result. Shapes: T samples.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace

from workbench.analysis.anchored_soc import AnchoredSoc, anchored_soc
from workbench.analysis.beyond_unseen import beyond_unseen
from workbench.analysis.charge_balance import gap_share, string_capacity
from workbench.analysis.charge_count import charge_count, held_hours
from workbench.analysis.derating import DeratingInput, deratings
from workbench.analysis.derating_causes import DIVERGENCE, IMPEDANCE, TEMPERATURE
from workbench.analysis.estimates import RackEstimates
from workbench.analysis.event_triggers import of_rack
from workbench.analysis.fault_replay import fault_replay
from workbench.analysis.plating_exposure import PlatingInput, PlatingTally, exposure, see
from workbench.analysis.regimes import Pass, Regimes, cell_extremes
from workbench.analysis.stress import Derating, PlatingExposure, RackStress, Stress
from workbench.asset.estimate import Estimate, NotEstablished
from workbench.asset.events import Event
from workbench.asset.nameplate import DesignRecord
from workbench.asset.topology import Plant
from workbench.asset.window import FloatArray, RackSeries

IN_CELLS = {TEMPERATURE, IMPEDANCE, DIVERGENCE}  # causes of a derating that keep a rack from its limits
STRETCH = 100_000  # samples of the exposure that are counted together


@dataclass(frozen=True, slots=True)
class StressInput:
    """What the study already knows of a rack. live: its series without what stands frozen. ends: passes that ended at a limit, None where none is known."""

    series: RackSeries
    live: RackSeries
    events: tuple[Event, ...]
    regimes: Regimes
    ends: dict[Pass, float] | None
    estimates: RackEstimates
    design: DesignRecord
    period_s: float
    held: float
    method: str


def rack_stress(given: StressInput) -> RackStress:
    """Everything of one rack."""
    series, design, rest_a = given.series, given.design, given.regimes.rest_current_a
    replays, more_replays, routine = fault_replay(series, given.events, design, given.period_s, rest_a, given.held, given.method)
    anchored = _anchored(given)
    extremes = cell_extremes(given.live)
    held_back = _deratings(given, anchored, extremes)
    plating = _plating(given, anchored)
    beyond = beyond_unseen(given.live, extremes, design)
    told, more_beyond = ((), 0) if isinstance(beyond, NotEstablished) else beyond
    kept, more = ((), 0) if isinstance(held_back, NotEstablished) else held_back
    return RackStress(
        rack=series.rack.id,
        replays=replays,
        deratings=kept,
        derating_reason=_refused(held_back) if isinstance(held_back, NotEstablished) else "",
        plating=None if isinstance(plating, NotEstablished) else plating,
        plating_reason=_refused(plating) if isinstance(plating, NotEstablished) else "",
        beyond=told,
        beyond_reason=_refused(beyond) if isinstance(beyond, NotEstablished) else "",
        replays_left_out=more_replays,
        deratings_left_out=more,
        beyond_left_out=more_beyond,
        routine_openings=routine,
    )


def _refused(answer: NotEstablished) -> str:
    """Why, and what would settle it."""
    return f"{answer.why} {answer.settles}".strip()


def window_stress(racks: Iterable[RackStress], events: Iterable[Event], plant: Plant) -> Stress:
    """The racks of a window, and how many of its alarms and trips name none of them."""
    lanes = ("alarm", "protection", "contactor")
    foreign = sum(e.lane in lanes and not any(of_rack(e, rack.id) for rack in plant.racks) for e in events)
    return Stress(tuple(racks), foreign)


def withheld(found: RackStress, why: str) -> RackStress:
    """The same without everything that rests on the sign and scale of currents and voltages."""
    return replace(found, deratings=(), derating_reason=why, plating=None, plating_reason=why, beyond=(), beyond_reason=why)


def as_held_back(estimates: RackEstimates, found: RackStress) -> RackEstimates:
    """The estimates of a rack that some cause in its cells holds back before it comes to its limits: what windows between anchors say it would
    carry is not what it carries, and its full end may not be one. What was counted from limit to limit stands."""
    causes = sorted({d.cause for d in found.deratings if d.cause in IN_CELLS})
    if not causes or isinstance(estimates.string_ah, Estimate) or isinstance(estimates.partial_ah, NotEstablished):
        return estimates
    why = f"The rack is held back before it comes to its limits ({', '.join(causes)}): what lies between two anchors is not what it carries as operated."
    settles = "One full charge and one full discharge at C/10 or less, without anything held back."
    return replace(estimates, partial_ah=NotEstablished(reason="held-back", why=why, settles=settles))


def _anchored(given: StressInput) -> AnchoredSoc | None:
    """State of charge without the BMS, where the rack came to limits."""
    series = given.series
    current = series.signal("rack_current_a")
    if current is None or not np.isfinite(current).any():
        return None
    count = charge_count(series, current, given.period_s, given.held)
    string = string_capacity(given.ends, given.regimes.passes, count, gap_share(series, given.period_s, given.held))
    found = anchored_soc(given.ends, count, string, given.design.rated_capacity_ah)
    return None if isinstance(found, NotEstablished) else found


def _deratings(
    given: StressInput, anchored: AnchoredSoc | None, extremes_v: tuple[FloatArray, FloatArray]
) -> tuple[tuple[Derating, ...], int] | NotEstablished:
    current = given.series.signal("rack_current_a")
    if current is None or not np.isfinite(current).any():
        return NotEstablished(reason="no-current", why="Without a rack current nobody can see what was held back.", settles="Export it.")
    count = charge_count(given.series, current, given.period_s, given.held)
    ratios = tuple(cell.resistance_ratio for cell in given.estimates.cells)
    rest = given.regimes.rest_current_a
    return deratings(
        DeratingInput(given.live, count, anchored, *extremes_v, rest, given.period_s, given.held, given.design, given.method, ratios)
    )


def _plating(given: StressInput, anchored: AnchoredSoc | None) -> PlatingExposure | NotEstablished:
    """Counted stretch by stretch; the sum does not depend on where they are cut."""
    series = given.series
    hold_ns = np.rint(held_hours(series.time_ns, given.period_s, given.held) * 3.6e12).astype(np.int64)
    shown = series.signal("reported_soc")
    soc, error, source = (
        (anchored.soc, anchored.error, "anchored")
        if anchored is not None
        else (shown, None, "displayed" if shown is not None else "unknown")
    )
    tally = PlatingTally()
    rest = given.regimes.rest_current_a
    for first in range(0, len(series.time_ns), STRETCH):
        cut = slice(first, first + STRETCH)
        part = PlatingInput(
            hold_ns[cut], None if soc is None else soc[cut], None if error is None else error[cut], source, rest, given.design, given.method
        )
        see(tally, series.span(cut.start, cut.stop), part)
    return exposure(tally, series, PlatingInput(hold_ns, soc, error, source, rest, given.design, given.method))
