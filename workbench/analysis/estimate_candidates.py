"""Which findings do the estimates propose that voltages alone could not?

A leakage with its current, a resistance with its ratio, a module that holds more than its neighbours. As in `candidates`: what was seen with
numbers, what it would mean, what else could explain it, and what would settle it; never a cause as proved. A cell that already has a
diagnosis keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec.structs import replace

from workbench.analysis.candidates import in_print, proposal
from workbench.analysis.divergence import nan_median, robust_z
from workbench.analysis.estimates import CellEstimates, RackEstimates
from workbench.analysis.results import Candidate, Estimate, StudyParameters
from workbench.analysis.signs import bled_behind
from workbench.asset.topology import Rack, cell_name
from workbench.asset.window import FloatArray

MIN_LEAK_MA = 5.0  # what balancing makes good without being noticed
MIN_RATIO = 1.15
MIN_BEHIND = 0.01  # of capacity that a cell must surely be behind
NEARLY_FULL = 0.01
APART_Z = 2.5  # beside two other conditions that a healthy cell does not meet
MIN_WEAK_SHARE = 0.03  # below the middle cell; cells of one make differ by that much
BESIDE = {  # kind -> findings beside which it stands, because they do not explain it
    "leaking-cell": frozenset(("weak-cell", "low-cell", "hot-joint", "high-resistance")),
    "high-resistance": frozenset(("weak-cell", "leaking-cell", "bled-cell")),
    "weak-cell": frozenset(("leaking-cell", "bled-cell", "hot-joint", "high-resistance")),
}
MIN_MODULE_SHARE = 0.02  # of the string's capacity by which a module must stand above all others


def estimate_candidates(
    rack: Rack, found: RackEstimates, known: tuple[Candidate, ...], span_ns: tuple[int, int], parameters: StudyParameters
) -> tuple[Candidate, ...]:
    """Proposals of one rack. known: what is proposed already. span_ns: the window, for where each shows.

    A cell that has a diagnosis keeps it, and gets a second one only where another quantity was measured that the first does not explain.
    """
    proposed: list[Candidate] = []
    said: dict[int, set[str]] = {}
    for candidate in known:
        for number in candidate.cells:
            said.setdefault(number, set()).add(candidate.kind)
    for candidate in (
        *_over_bled(rack, found, span_ns),
        *_leaking(rack, found, parameters, span_ns),
        *_low_in_charge(rack, found, span_ns),
        *_resistive(rack, found, parameters, span_ns),
        *_weak(rack, found, span_ns),
        *_new_modules(rack, found, span_ns),
    ):
        beside = BESIDE.get(candidate.kind, frozenset())
        if all(said.get(number, set()) <= beside for number in candidate.cells):
            proposed.append(candidate)
            for number in candidate.cells:
                said.setdefault(number, set()).add(candidate.kind)
    return tuple(proposed)


def with_estimates(proposed: tuple[Candidate, ...], found: RackEstimates, *, sloping: bool) -> tuple[Candidate, ...]:
    """The proposals of `candidates` with what the estimators say of the same cell; without those that a measured capacity or leakage denies.

    A cell that empties first is weak or low in charge as its measured capacity or its position at mid charge say, whatever its voltage at the
    end of charge looked like. sloping: the chemistry has no step at mid charge, so a position is no gauge of it.
    """
    kept = []
    for candidate in proposed:
        cell = found.cells[candidate.cells[0] - 1] if candidate.cells else None
        if cell is None:
            kept.append(candidate)
        elif not _is_denied(candidate.kind, cell, found):
            one = _low_or_weak(candidate, cell, found, sloping=sloping)
            said, figures = _said(one.kind, cell, found)
            kept.append(replace(one, observation=in_print(one.observation + said), figures={**one.figures, **figures}))
    return tuple(kept)


def _low_or_weak(candidate: Candidate, cell: CellEstimates, found: RackEstimates, *, sloping: bool) -> Candidate:
    """The proposal under the other name, where an estimate is sure of what the voltages at the ends only suggested."""
    place, share = cell.ahead_share, cell.capacity_share
    others = _others_hold(cell, found)
    weak = isinstance(share, Estimate) and share.high < (1 - MIN_WEAK_SHARE) * others
    depth = candidate.figures.get("depth_mv")
    if depth is None:
        return candidate
    seen = f"At the end of discharge {cell.name} is {-depth:.0f} mV below the rack median (z {candidate.figures['z']:.0f})."
    lags = not (weak or sloping) and _others_are_full(found) and not _is_full(cell)  # a weak cell would be full with them
    if candidate.kind == "weak-cell" and lags and isinstance(place, Estimate) and place.high < -MIN_BEHIND:
        seen += f" At mid charge it stands {-100 * place.value:.1f} [{-100 * place.high:.1f}, {-100 * place.low:.1f}] % of capacity behind the middle of its rack, and it is not full when most others are: charge is missing."
        return replace(
            candidate, id=candidate.id.replace("weak-cell", "low-cell", 1), kind="low-cell", observation=in_print(seen),
            meaning="The rack must stop when this cell is empty; balancing would give the difference back.",
            alternatives="Less capacity as well: a cell that never comes near full has only a lower bound.",
        )  # fmt: skip
    if candidate.kind == "low-cell" and weak and isinstance(share, Estimate):
        seen += f" It {_holds(share, others)}."
        return replace(
            candidate, id=candidate.id.replace("low-cell", "weak-cell", 1), kind="weak-cell", observation=in_print(seen),
            meaning="The rack must stop when this cell is empty; what the other cells still hold cannot be used. Balancing would not return it.",
            alternatives="Raised resistance of this cell at low charge; an offset of its channel (it would show everywhere).",
        )  # fmt: skip
    return candidate


def _is_denied(kind: str, cell: CellEstimates, found: RackEstimates) -> bool:
    """Whether the estimate that belongs to a diagnosis says that it is none: near the knee a thousandth of the charge is many millivolts."""
    if kind == "leaking-cell":
        leak = cell.leakage_ma
        if not isinstance(leak, Estimate):
            return False
        return leak.high < MIN_LEAK_MA or (leak.low < MIN_LEAK_MA and _is_over_bled(cell, found))  # what it was bled explains its fall
    return kind == "weak-cell" and _is_sound(cell, found)


def _over_middle(cell: CellEstimates, found: RackEstimates) -> tuple[float, float] | None:
    """Capacity over that of the rack's middle cell, and half width; None where either is not known."""
    share = cell.capacity_share
    known = [c.capacity_share for c in found.cells if c is not cell and isinstance(c.capacity_share, Estimate)]
    if not isinstance(share, Estimate) or len(known) < 0.5 * len(found.cells):
        return None
    middle = float(np.median([k.value for k in known]))
    common = float(np.median([(k.high - k.low) / 2 for k in known]))  # the shape of the leading curve shifts all others alike
    value = share.value / middle
    return value, value * ((share.high - share.low) / 2 / share.value + common / middle)


def _is_sound(cell: CellEstimates, found: RackEstimates) -> bool:
    """Whether a cell that was called weak was measured to hold nearly what the others do."""
    others = [c.capacity_share.value for c in found.cells if isinstance(c.capacity_share, Estimate)]
    if not isinstance(cell.capacity_share, Estimate) or len(others) < 0.5 * len(found.cells):
        return False
    return float(np.median(others)) - cell.capacity_share.low < MIN_WEAK_SHARE


def _said(kind: str, cell: CellEstimates, found: RackEstimates) -> tuple[str, dict[str, float]]:
    """One sentence and the figures behind it, from the estimate that belongs to the diagnosis."""
    share, leak, ratio = cell.capacity_share, cell.leakage_ma, cell.resistance_ratio
    if kind == "weak-cell" and isinstance(share, Estimate) and (holds := _over_middle(cell, found)) is not None:
        value, half = holds
        how = f" It holds {100 * value:.1f} [{100 * (value - half):.1f}, {100 * (value + half):.1f}] % of the middle cell of its rack"
        figures = {"capacity_over_middle": value, "capacity_over_middle_low": value - half, "capacity_over_middle_high": value + half}
        return f"{how}, {share.condition}.", figures
    if kind == "leaking-cell" and isinstance(leak, Estimate) and leak.low > 0:
        text = f" Its position at mid charge falls behind by {leak.value:.1f} [{leak.low:.1f}, {leak.high:.1f}] mA against the rack median."
        return text, {"leakage_ma": leak.value, "leakage_low_ma": leak.low, "leakage_high_ma": leak.high}
    if kind == "hot-joint" and isinstance(ratio, Estimate):
        text = f" At steps of the current it shows {ratio.value:.2f} [{ratio.low:.2f}, {ratio.high:.2f}] times the resistance of the middle cell ({ratio.condition})."
        return text, {"resistance_ratio": ratio.value}
    return "", {}


def _leaking(rack: Rack, found: RackEstimates, parameters: StudyParameters, span_ns: tuple[int, int]) -> Iterator[Candidate]:
    for cell in found.cells:
        leak, z = cell.leakage_ma, cell.leakage_z or 0.0
        cleared = isinstance(cell.duty_leakage_ma, Estimate)  # with the bleeding of each cell known, a shunt is no leak and hides none
        if not isinstance(leak, Estimate) or z < parameters.flag_z or leak.low < MIN_LEAK_MA:
            continue
        texts = {
            "title": f"{cell.name} loses charge against its rack",
            "observation": f"{cell.name} falls behind the middle of its rack by {leak.value:.1f} [{leak.low:.1f}, {leak.high:.1f}] mA ({leak.condition}; {z:.0f} robust deviations from the other cells).",
            "meaning": "Self-discharge: the rack is drained with this cell unless it is balanced every time, and a leak can grow.",
            "alternatives": ("A" if cleared else "Balancing that bleeds this cell alone; a")
            + " cell that is warmer than its neighbours all the time.",
            "settles": "Ten days at rest after a full charge with balancing off, open-circuit voltage of this cell against its neighbours; or the balancing log.",
        }
        figures = {"leakage_ma": leak.value, "leakage_low_ma": leak.low, "leakage_high_ma": leak.high}
        yield proposal("leaking-cell", "major", rack, (cell.cell,), texts, leak.value, figures, span_ns)


def _over_bled(rack: Rack, found: RackEstimates, span_ns: tuple[int, int]) -> Iterator[Candidate]:
    """Cells that balancing itself drives away: bled more than the others while they stand behind and fall."""
    for cell in found.cells:
        duty, drift, place = cell.duty_leakage_ma, cell.drift_ma, cell.ahead_share
        if not (isinstance(duty, Estimate) and isinstance(drift, Estimate) and _is_over_bled(cell, found)):
            continue
        where = "it is not full when most others are"
        if isinstance(place, Estimate) and place.high < 0:
            where = f"it stands {-100 * place.value:.1f} [{-100 * place.high:.1f}, {-100 * place.low:.1f}] % of capacity behind"
        own = cell.leakage_ma
        left = f" What it loses by itself is {own.value:.1f} [{own.low:.1f}, {own.high:.1f}] mA." if isinstance(own, Estimate) else ""
        texts = {
            "title": f"{cell.name} is bled although it stands behind its rack",
            "observation": f"{cell.name} was bled by {-duty.value:.1f} [{-duty.high:.1f}, {-duty.low:.1f}] mA more than the middle cell ({duty.condition})"
            f" while its position at mid charge fell by {drift.value:.1f} [{drift.low:.1f}, {drift.high:.1f}] mA, and {where}.{left}",
            "meaning": "Balancing makes the imbalance that it should take away: the rack empties with this cell, and the charge is turned into heat.",
            "alternatives": "A channel that reads high at the voltages by which the BMS decides; a wrong charge count of the BMS; a log that names another cell than the one bled.",
            "settles": "Read this channel with a calibrated meter near full beside the displayed value, and ask for the balancing rule of the BMS.",
        }
        figures = {"duty_ma": -duty.value, "drift_ma": drift.value}
        yield proposal("bled-cell", "major", rack, (cell.cell,), texts, -duty.value, figures, span_ns)


def _is_over_bled(cell: CellEstimates, found: RackEstimates) -> bool:
    """Whether a cell is surely bled more than its rack while it stands behind and falls."""
    behind = (isinstance(cell.ahead_share, Estimate) and cell.ahead_share.high < 0) or (_others_are_full(found) and not _is_full(cell))
    return bled_behind(cell.duty_leakage_ma, cell.drift_ma, behind=behind)


def _is_full(cell: CellEstimates) -> bool:
    return isinstance(cell.to_full_share, Estimate) and cell.to_full_share.low < NEARLY_FULL


def _others_are_full(found: RackEstimates) -> bool:
    """Whether most cells of the rack were full when it stopped."""
    return sum(map(_is_full, found.cells)) >= 0.8 * len(found.cells)


def _low_in_charge(rack: Rack, found: RackEstimates, span_ns: tuple[int, int]) -> Iterator[Candidate]:
    """Behind at mid charge and not full when most others are: charge is missing, which balancing gives back. A weak cell would be full with them."""
    ahead = np.array([c.ahead_share.value if isinstance(c.ahead_share, Estimate) else np.nan for c in found.cells])
    if not _others_are_full(found) or not np.isfinite(ahead).any():
        return
    z = robust_z(ahead, 0.001)
    for row in np.flatnonzero(np.nan_to_num(z) <= -APART_Z):
        cell, place = found.cells[row], found.cells[row].ahead_share
        if _is_full(cell) or not isinstance(place, Estimate) or place.high > -MIN_BEHIND:
            continue
        texts = {
            "title": f"{cell.name} holds less charge than its rack",
            "observation": f"At mid charge {cell.name} stands {-100 * place.value:.1f} [{-100 * place.high:.1f}, {-100 * place.low:.1f}] % of capacity behind the middle of its rack ({place.condition}), and it is not full when most others are.",
            "meaning": "Imbalance: the rack empties with this cell although it may hold as much as the others; balancing would give the difference back.",
            "alternatives": "Less capacity as well: a cell that never comes near full has only a lower bound. A leak, where the window was too short to see it.",
            "settles": "Balance the rack, then one full charge and discharge at C/4: if the cell is full with the others and empties last, it was imbalance alone.",
        }
        yield proposal("imbalance", "moderate", rack, (cell.cell,), texts, abs(float(z[row])), {"ahead_share": place.value}, span_ns)


def _resistive(rack: Rack, found: RackEstimates, parameters: StudyParameters, span_ns: tuple[int, int]) -> Iterator[Candidate]:
    for cell in found.cells:
        ratio = cell.resistance_ratio
        if not isinstance(ratio, Estimate) or (cell.resistance_z or 0.0) < parameters.flag_z or ratio.low < MIN_RATIO:
            continue
        texts = {
            "title": f"{cell.name} resists more than its rack",
            "observation": f"At steps of the current {cell.name} shows {ratio.value:.2f} [{ratio.low:.2f}, {ratio.high:.2f}] times the resistance of the middle cell ({ratio.condition}; z {cell.resistance_z:.0f}).",
            "meaning": "It heats more and reaches both limits earlier under load than its charge would say.",
            "alternatives": "A joint or a sense lead in the measured path; a temperature of this cell that its probe does not see.",
            "settles": "Joint resistance with a micro-ohmmeter, then ten logged steps at one second.",
        }
        yield proposal("high-resistance", "moderate", rack, (cell.cell,), texts, ratio.value, {"resistance_ratio": ratio.value}, span_ns)


def _weak(rack: Rack, found: RackEstimates, span_ns: tuple[int, int]) -> Iterator[Candidate]:
    """Cells measured to hold surely less than the middle of their rack, whether or not they are the first to be empty."""
    for cell in found.cells:
        share, others = cell.capacity_share, _others_hold(cell, found)
        if not isinstance(share, Estimate) or not share.high < (1 - MIN_WEAK_SHARE) * others:
            continue
        texts = {
            "title": f"{cell.name} holds less than its rack",
            "observation": f"{cell.name} {_holds(share, others)} ({share.condition}).",
            "meaning": "The rack can give no more than its weakest cell, balanced or not; balancing would not return it.",
            "alternatives": "A loss of capacity that came with another fault of this cell; fewer cells in parallel than at its neighbours.",
            "settles": "One full C/4 cycle of this rack with cell voltages every 10 s near both ends; swap of the module and repeat.",
        }
        less = 1 - share.value / others
        yield proposal(
            "weak-cell", "major", rack, (cell.cell,), texts, 100 * less, {"capacity_share": share.value, "others_at_least": others}, span_ns
        )


def _others_hold(cell: CellEstimates, found: RackEstimates) -> float:
    """What the middle of the other cells surely holds, over the string; NaN where nothing is known of them."""
    return float(nan_median(np.array([[_least(c) for c in found.cells if c is not cell]]))[0])


def _holds(share: Estimate, others: float) -> str:
    return f"holds {100 * share.value:.1f} [{100 * share.low:.1f}, {100 * share.high:.1f}] % of what its string gives, most others at least {100 * others:.1f} %"


def _new_modules(rack: Rack, found: RackEstimates, span_ns: tuple[int, int]) -> Iterator[Candidate]:
    """Modules whose cells hold clearly more than those of all others: they were not made or not used with them."""
    shares = np.array([_least(cell) for cell in found.cells])
    of = np.array([cell.module for cell in rack.cells])
    modules = [m for m in np.unique(of) if m and np.isfinite(shares[of == m]).sum() >= 3]
    if len(modules) < 3:
        return
    middles = np.array([float(np.nanmedian(shares[of == m])) for m in modules])
    for k, module in enumerate(modules):
        others = np.delete(middles, k)
        lead = float(middles[k] - others.max())
        inside: FloatArray = shares[(of == module) & np.isfinite(shares)]
        if lead < MIN_MODULE_SHARE or float((inside > others.max()).mean()) < 0.9 or float(robust_z(middles, 0.002)[k]) < 3.5:
            continue
        cells = tuple(int(c) for c in np.flatnonzero(of == module) + 1)
        texts = {
            "title": f"Module {module} of {rack.id} holds more than all others",
            "observation": f"The {len(inside)} cells read in module {module} ({cell_name(rack, cells[0])} to {cell_name(rack, cells[-1])}) hold at least {100 * lead:.1f} % of the string's capacity more than those of the next best module.",
            "meaning": "The module was probably replaced: its age is not that of the rack, and averages over the rack hide how far the other modules have aged.",
            "alternatives": "A production batch of its own; a module that was idle or cooler.",
            "settles": "Serial numbers and the service record of the rack.",
        }
        yield proposal("new-module", "minor", rack, cells, texts, 100 * lead, {"lead_share": lead, "module": float(module)}, span_ns)


def _least(cell: CellEstimates) -> float:
    """What a cell surely holds, over its string."""
    if isinstance(cell.capacity_share, Estimate):
        return cell.capacity_share.value
    return cell.at_least_share if cell.at_least_share is not None else float("nan")
