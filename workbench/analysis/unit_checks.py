"""Are unit, scale and sign what the mapping says? DQ11 by the design record and by the channels against each other, DQ12 by load steps."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from workbench.analysis.glance import Glance
from workbench.analysis.results import Check, Outcome
from workbench.analysis.unmade import MOST_ELEMENTS, unmade
from workbench.asset.channels import MISSING_INT16
from workbench.asset.nameplate import DesignRecord
from workbench.asset.window import FloatArray, WindowFacts

FACTORS = (10.0, 100.0, 1000.0, 3600.0)
NEAR = 0.2  # a ratio within a fifth of a factor is that factor: nothing physical is
USUAL_V = {"LFP": (3.0, 3.5), "NMC": (3.38, 4.25), "NCA": (3.38, 4.25), "LTO": (2.0, 2.8), "LCO": (3.3, 4.3), "LMO": (3.3, 4.25)}
USUAL_C = (0.01, 8.0)  # largest current over rated capacity: beyond, ask
USUAL_DEGC = (-25.0, 65.0)
MIN_STEPS = 5
AGREES = 0.3  # correlation of voltage and current steps that counts as an answer


@dataclass
class UnitTally:
    """rack -> figure; a rack without the channel has none."""

    cell_v: dict[str, float] = field(default_factory=dict)
    rack_ratio: dict[str, float] = field(default_factory=dict)  # rack voltage over the sum of its cells
    cells: dict[str, int] = field(default_factory=dict)
    largest_a: dict[str, float] = field(default_factory=dict)
    implied_ah: dict[str, float] = field(default_factory=dict)  # counted charge per 100 % of displayed SoC, magnitude
    degc: dict[str, float] = field(default_factory=dict)
    sign: dict[str, float] = field(default_factory=dict)  # correlation of dV with dI at load steps
    has_current: list[str] = field(default_factory=list)

    def merge(self, other: UnitTally) -> None:
        """Add what other racks have shown."""
        for name in ("cell_v", "rack_ratio", "cells", "largest_a", "implied_ah", "degc", "sign"):
            getattr(self, name).update(getattr(other, name))
        self.has_current += other.has_current


def see_rack(tally: UnitTally, glance: Glance) -> None:
    """Add one rack."""
    series, rack = glance.series, glance.series.rack.id
    middle = glance.middle_mv
    seen = np.isfinite(middle)
    if seen.any():
        tally.cell_v[rack] = float(np.median(middle[seen])) / 1000
    tally.cells[rack] = len(series.rack.cells)
    voltage = series.signal("rack_voltage_v")
    if voltage is not None and (both := seen & np.isfinite(voltage)).any():
        tally.rack_ratio[rack] = float(np.median(voltage[both] / (middle[both] / 1000 * max(len(series.rack.cells), 1))))
    probes = series.probe_temperature_ddegc[:, :: max(1, len(series.time_ns) // 5000)]
    if (probes != MISSING_INT16).any():
        tally.degc[rack] = float(np.median(probes[probes != MISSING_INT16])) / 10
    if glance.current is None:
        return
    tally.has_current.append(rack)
    tally.largest_a[rack] = glance.largest_a
    _displayed(tally, glance)
    places = glance.big_steps()
    places = places[places < len(middle) - 2]
    if len(places) >= MIN_STEPS:
        change_a = np.diff(glance.current)[places]
        volts = [np.diff(middle)[places], np.diff(middle)[places + 1]] + ([np.diff(voltage)[places]] if voltage is not None else [])
        answers = [_together(change_a, change_v) for change_v in volts]  # cells may come a sample late: that is DQ05's question
        tally.sign[rack] = max(answers, key=abs)


def _together(change_a: FloatArray, change_v: FloatArray) -> float:
    """Correlation about zero of two kinds of steps; 0 where too few are known."""
    known = np.isfinite(change_v)
    size = float(np.sqrt((change_a[known] ** 2).sum() * (change_v[known] ** 2).sum()))
    return float((change_a[known] * change_v[known]).sum()) / size if known.sum() >= MIN_STEPS and size > 0 else 0.0


def _displayed(tally: UnitTally, glance: Glance) -> None:
    """Charge that moved while the displayed SoC moved, per 100 %: least squares over hours, in which the display is neither coarse nor late."""
    soc, current = glance.series.signal("reported_soc"), glance.current
    if soc is None or current is None:
        return
    held_s = np.where(glance.near, glance.step_s, 0.0)
    ah = np.r_[0.0, np.cumsum(np.nan_to_num(current[:-1]) * held_s / 3600)]
    known = np.flatnonzero(np.isfinite(soc) & np.isfinite(current))
    if len(known) < 100 or glance.period_s <= 0:
        return
    stride = max(1, round(3600 / glance.period_s))
    known = known[::stride]
    moved, counted = np.diff(soc[known]), np.diff(ah[known])
    weight = float((moved * moved).sum())
    if len(moved) >= 10 and np.abs(moved).sum() >= 0.5 and weight > 0:
        tally.implied_ah[glance.series.rack.id] = abs(float((moved * counted).sum()) / weight)


def unit_checks(tally: UnitTally, facts: WindowFacts, design: DesignRecord) -> tuple[Check, ...]:
    """DQ11 and DQ12 of the whole window."""
    return (_scales(tally, facts, design), _signs(tally, facts))


def nearest_factor(ratio: float) -> float | None:
    """The power of ten (or the seconds of an hour) that this ratio or its inverse is near to; None where it is none."""
    for factor in FACTORS:
        for candidate in (factor, 1 / factor):
            if abs(ratio / candidate - 1) <= NEAR:
                return candidate
    return None


def _scales(tally: UnitTally, facts: WindowFacts, design: DesignRecord) -> Check:
    """Every comparison that can be made; what is off by a factor names the channel and the factor."""
    wrong: list[tuple[str, str]] = []  # rack, sentence
    made = []
    usual = USUAL_V.get(design.chemistry.upper())
    if usual and tally.cell_v:
        made.append(f"median cell {np.median(list(tally.cell_v.values())):.3f} V for {design.chemistry}")
        wrong += [
            (r, f"{r}: a median cell of {v:.2f} V is not {design.chemistry}")
            for r, v in tally.cell_v.items()
            if not usual[0] <= v <= usual[1]
        ]
    if tally.rack_ratio:
        made.append(f"rack voltage {np.median(list(tally.rack_ratio.values())):.4f} of the sum of cells")
        wrong += [(r, _ratio_text(r, q, tally.cells[r])) for r, q in tally.rack_ratio.items() if abs(q - 1) > 0.05]
    if design.rated_capacity_ah and tally.largest_a:
        rates = {r: a / design.rated_capacity_ah for r, a in tally.largest_a.items()}
        made.append(f"largest current {max(rates.values()):.2g} C of the rating")
        wrong += [
            (r, f"{r}: a largest current of {q:.2g} C does not fit the rated capacity")
            for r, q in rates.items()
            if not USUAL_C[0] <= q <= USUAL_C[1]
        ]
    if design.rated_capacity_ah and tally.implied_ah:
        ratios = {r: q / design.rated_capacity_ah for r, q in tally.implied_ah.items()}
        made.append(f"100 % of display is worth {np.median(list(ratios.values())):.2f} of the rated charge")
        wrong += [
            (r, f"{r}: displayed SoC against counted charge is off by a factor near {f:g}")
            for r, q in ratios.items()
            if (f := nearest_factor(q))
        ]
    if tally.degc:
        made.append(f"median probe {np.nanmedian(list(tally.degc.values())):.0f} °C")
        wrong += [
            (r, f"{r}: a median probe of {v:.0f} °C may be Fahrenheit")
            for r, v in tally.degc.items()
            if not USUAL_DEGC[0] <= v <= USUAL_DEGC[1]
        ]
    rescaled = [r for r in facts.repairs if r.rule in ("scale", "offset")]
    limit = "no channel off by a factor of 10, 100, 1000, 3600, by the number of cells, or in another unit"
    if not made:
        return unmade(
            "DQ11",
            "Unit and scale",
            "nothing to compare: no chemistry or rating declared, no rack voltage, no probe.",
            limit,
            "nothing-to-compare",
            "scales rest on the mapping alone",
        )
    text = "; ".join(dict.fromkeys(sentence for _, sentence in wrong[:3])) if wrong else "; ".join(made)
    if rescaled:
        text += f"; {len(rescaled)} channel {'kind was' if len(rescaled) == 1 else 'kinds were'} rescaled on import, see repairs"
    return Check(
        id="DQ11", title="Unit and scale", outcome=Outcome.FAIL if wrong else Outcome.PASS, seen=f"{text}.", limit=limit,
        consequence="a scale is wrong or a label is: confirm with the owner before any number is used" if wrong else "none",
        elements=tuple(dict.fromkeys(rack for rack, _ in wrong))[:MOST_ELEMENTS], figures={"compared": float(len(made)), "wrong": float(len(wrong)), "rescaled": float(len(rescaled))},
    )  # fmt: skip


def _ratio_text(rack: str, ratio: float, cells: int) -> str:
    factor, one_cell = nearest_factor(ratio), abs(ratio * cells - 1)
    if cells > 1 and one_cell <= NEAR and (factor is None or one_cell < abs(ratio / factor - 1)):
        return f"{rack}: rack voltage is that of one cell, not of {cells}"
    if factor:
        return f"{rack}: rack voltage is {factor:g} times the sum of cells"
    return f"{rack}: rack voltage is {ratio:.3f} of the sum of cells, no known factor"


def _signs(tally: UnitTally, facts: WindowFacts) -> Check:
    limit = "voltage rises when charge current steps up"
    if not tally.sign:
        why = "no current." if not tally.has_current else "too few load steps to tell."
        return unmade(
            "DQ12",
            "Sign of current",
            why,
            limit,
            "no-current" if not tally.has_current else "no-load-steps",
            "charge and discharge rest on the mapping alone",
        )
    reversed_ = [r for r, c in tally.sign.items() if c <= -AGREES]
    unclear = [r for r, c in tally.sign.items() if abs(c) < AGREES]
    flipped = sum(r.rule == "sign" for r in facts.repairs)
    worst = min(tally.sign.values())
    seen = f"voltage and current step together in {len(tally.sign) - len(reversed_) - len(unclear)} of {len(tally.sign)} racks, correlation at least {worst:+.2f}"
    if flipped:
        seen += "; discharge was positive as received and was reversed on import"
    if unclear:
        seen += f"; {len(unclear)} racks give no clear answer"
    outcome = (
        Outcome.FAIL
        if reversed_
        else Outcome.NOT_ESTABLISHED
        if len(unclear) == len(tally.sign)
        else Outcome.DEGRADED
        if unclear
        else Outcome.PASS
    )
    return Check(
        id="DQ12", title="Sign of current", outcome=outcome, seen=f"{seen}.", limit=limit,
        consequence="charge and discharge are exchanged in the racks named; mend the mapping" if reversed_ else "none" if outcome is Outcome.PASS else "charge and discharge rest on the mapping alone where unclear",
        elements=tuple([*reversed_, *unclear][:MOST_ELEMENTS]), figures={"correlation_min": worst, "reversed": float(len(reversed_))}, reason="no-clear-answer" if outcome is Outcome.NOT_ESTABLISHED else "",
    )  # fmt: skip
