"""Tables of the independent read: estimates, verdicts, waterfall, identifiability, displayed state and operating regime."""

from __future__ import annotations

from workbench.analysis.estimates import CellEstimates, Observability, RackEstimates
from workbench.analysis.identifiability import QUANTITIES, counted
from workbench.analysis.results import Answer, Estimate, NotEstablished, StudyResult
from workbench.analysis.verdicts import ClaimVerdict, ClaimWord, proposal, verdicts
from workbench.asset.scope import Scope
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import TableCell, TablePicture
from workbench.viewmodels.tables import answer_cell, answer_text, made_table

WORD_STATUS = {
    ClaimWord.SUPPORTED: "good",
    ClaimWord.TOO_WIDE: "warning",
    ClaimWord.CONTRADICTED: "bad",
    ClaimWord.NOT_TESTABLE: "none",
}
STATE_STATUS = {Observability.MEASURED: "", Observability.BOUNDED: "warning", Observability.NOT_OBSERVABLE: "none"}


def percent_answer(answer: Answer) -> TableCell:
    """A fraction with its interval in percent, or the reason why there is none."""
    if isinstance(answer, NotEstablished):
        return answer_cell(answer)
    return TableCell(numbers.interval(scaled(answer, 100.0, "%")))


def points_answer(answer: Answer) -> TableCell:
    """A difference of two fractions in points: 2 points of 50 % are no 2 %."""
    if isinstance(answer, NotEstablished):
        return answer_cell(answer)
    return TableCell(numbers.interval(scaled(answer, 100.0, "points")))


def estimates_table(result: StudyResult) -> TablePicture:
    """Every rack: what it gives, what its cells hold, what balancing would return, efficiency and the worst leak."""
    found = result.estimates
    racks = found.racks if found else ()

    def row(r: RackEstimates) -> tuple[str, tuple[TableCell | str, ...]]:
        strongest = max((c for c in r.cells if c.resistance_z is not None), key=lambda c: c.resistance_z or 0.0, default=None)
        return r.rack, (
            r.rack,
            answer_cell(r.string_ah if isinstance(r.string_ah, Estimate) else r.partial_ah),
            "limit to limit" if isinstance(r.string_ah, Estimate) else "partial windows" if isinstance(r.partial_ah, Estimate) else "–",
            answer_cell(r.usable_kwh),
            percent_answer(r.mean_share),
            percent_answer(r.weakest_share),
            f"C{r.weakest_cell:03d}" if r.weakest_cell else "–",
            percent_answer(r.imbalance_share),
            percent_answer(r.round_trip),
            answer_cell(r.leakage),
            f"{numbers.number(strongest.resistance_z or 0.0, 1)} ({strongest.name})" if strongest else "–",
            f"{counted(r.cells, 'capacity')[Observability.MEASURED]} of {len(r.cells)}",
        )

    columns = (
        "rack:Rack|string:Usable charge|how:From|usable:Usable energy|mean:Mean cell, of string|weakest:Weakest cell, of string|cell:Which"
        "|imbalance:Imbalance|efficiency:Round trip DC|leak:Strongest leak|resistance:Highest z of resistance|measured:Cells measured"
    )
    condition = next((r.string_ah.condition for r in racks if isinstance(r.string_ah, Estimate)), "")
    return made_table("Estimates", columns, map(row, racks), condition)


def cell_estimates_table(result: StudyResult) -> TablePicture:
    """Every cell: capacity relative to its string, place, leakage and resistance, weakest first."""
    found = result.estimates
    rows = [(r, c) for r in (found.racks if found else ()) for c in r.cells]
    rows.sort(key=lambda pair: pair[1].capacity_share.value if isinstance(pair[1].capacity_share, Estimate) else 9.0)

    def row(pair: tuple[RackEstimates, CellEstimates]) -> tuple[str, tuple[TableCell | str, ...]]:
        c = pair[1]
        bound = f"at least {numbers.number(100 * c.at_least_share, 1)} %" if c.at_least_share is not None else "–"
        return c.name, (
            c.name,
            percent_answer(c.capacity_share),
            bound,
            answer_cell(c.capacity_ah),
            percent_answer(c.to_full_share),
            percent_answer(c.to_empty_share),
            percent_answer(c.ahead_share),
            answer_cell(c.leakage_ma),
            numbers.number(c.leakage_z if c.leakage_z is not None else float("nan"), 1),
            f"{numbers.number(100 * c.bled_share, 1)} %" if c.bled_share is not None else "–",
            answer_cell(c.duty_leakage_ma),
            answer_cell(c.drift_ma),
            answer_cell(c.resistance_ratio),
            numbers.number(c.resistance_z if c.resistance_z is not None else float("nan"), 1),
            answer_cell(c.resistance_mohm),
        )

    columns = (
        "cell:Cell|share:Capacity, of string|bound:Bound|ah:Capacity|top:Still to full|bottom:Still to empty|ahead:Ahead of rack"
        "|leak:Leakage|leak_z:z::r|bled:Bled|duty:Leak by its bleeding|drift:Falls behind|ratio:Resistance over middle cell|ratio_z:z::r|mohm:Resistance"
    )
    return made_table(
        "Cell estimates", columns, map(row, rows), "Shares hold whatever the gain of the current sensor; ampere-hours need it declared."
    )


def verdicts_table(result: StudyResult, scope: Scope | None) -> TablePicture:
    """Claim by claim: the four-way verdict, the interval, what limits it and the cheapest settling test; then the proposal."""
    judged = judged_claims(result, scope)

    def row(v: ClaimVerdict) -> tuple[str, tuple[TableCell | str, ...]]:
        factor, unit = shown_scale(v)
        digits = 1 if factor != 1.0 else 3
        return v.claim_id, (
            v.claim_id,
            v.text,
            numbers.number(factor * v.value, digits, unit) if v.value is not None else "–",
            f"±{numbers.number(factor * v.materiality, digits, 'points' if unit == '%' else unit)}" if v.materiality is not None else "–",
            TableCell(v.word.value, WORD_STATUS[v.word]),
            answer_cell(scaled(v.found, factor, unit)),
            "; ".join(f"{r.name} {answer_text(scaled(r.answer, factor, unit))}" for r in v.readings) or "–",
            v.limited_by,
            v.settles or "none needed",
        )

    columns = (
        "claim:Claim|text:Text|value:Value::r|materiality:Materiality::r|verdict:Verdict|found:Found"
        "|readings:Readings|limited:Limited by|settles:Cheapest next test"
    )
    offered = proposal(judged, scope.mandate) if scope else None
    note = f"Proposal: {offered.recommendation.value}. {offered.because} The reviewer decides." if offered else ""
    return made_table("Verdicts", columns, map(row, judged), note)


def shown_scale(verdict: ClaimVerdict) -> tuple[float, str]:
    """By what the figures of a claim are multiplied for a person, and the unit they then have: fractions in percent, little energy in kWh."""
    found = verdict.found
    if not isinstance(found, Estimate):
        return (1.0, verdict.unit) if verdict.unit not in ("", "1") else (100.0, "%")
    if found.unit == "1":
        return 100.0, "%"
    if found.unit == "MWh" and max(abs(found.value), abs(verdict.value or 0.0)) < 1:
        return 1000.0, "kWh"
    return 1.0, found.unit


def scaled(answer: Answer, factor: float, unit: str) -> Answer:
    """An answer in another unit; a refusal stays what it is."""
    if isinstance(answer, NotEstablished):
        return answer
    return Estimate(factor * answer.value, factor * answer.low, factor * answer.high, unit, answer.method, answer.condition, answer.samples)


def judged_claims(result: StudyResult, scope: Scope | None) -> tuple[ClaimVerdict, ...]:
    """The claims of a scope against one study; empty without either."""
    if scope is None or result.estimates is None:
        return ()
    return verdicts(scope.claims, result.estimates, scope.design, result.method)


def waterfall_table(result: StudyResult) -> TablePicture:
    """From rated to usable energy, step by step; a step that is not established says why and takes nothing off."""
    found = result.estimates
    if found is None:
        return made_table("Waterfall", "step:Step|mwh:Energy|kind:Kind|why:Condition or reason", ())
    w = found.waterfall
    rows: list[tuple[str, tuple[TableCell | str, ...]]] = [("rated", ("rated", answer_cell(w.rated_mwh), "", _said(w.rated_mwh)))]
    rows += [(s.name, (s.name, _taken(s.mwh), "recoverable" if s.recoverable else "lost", _said(s.mwh))) for s in w.steps]
    rows.append(("usable today", ("usable today", answer_cell(w.usable_mwh), "", _said(w.usable_mwh))))
    rows.append(("recoverable", ("of it recoverable", answer_cell(w.recoverable_mwh), "recoverable", _said(w.recoverable_mwh))))
    return made_table("Waterfall", "step:Step|mwh:Energy|kind:Kind|why:Condition or reason", rows, w.condition)


def _taken(answer: Answer) -> TableCell:
    """A loss with its sign."""
    if isinstance(answer, NotEstablished):
        return answer_cell(answer)
    return TableCell(numbers.interval(Estimate(-answer.value, -answer.high, -answer.low, answer.unit, answer.method)))


def _said(answer: Answer) -> str:
    return answer.condition if isinstance(answer, Estimate) else answer.why


def identifiability_table(result: StudyResult) -> TablePicture:
    """Rack by rack and quantity by quantity: how many cells are measured, bounded, not observable, and the usual reason."""
    found = result.estimates
    rows: list[tuple[str, tuple[TableCell | str, ...]]] = []
    for rack in found.racks if found else ():
        for quantity in QUANTITIES:
            number = counted(rack.cells, quantity)
            parts = [p for c in rack.cells for p in c.parts if p.quantity == quantity and p.reason]
            reasons = [p.reason for p in parts]
            usual = max(dict.fromkeys(reasons), key=reasons.count, default="")
            why = next((p.why for p in parts if p.reason == usual), "")
            worst = next((s for s in (Observability.NOT_OBSERVABLE, Observability.BOUNDED) if number[s]), Observability.MEASURED)
            rows.append(
                (
                    f"{rack.rack}/{quantity}",
                    (
                        rack.rack,
                        quantity,
                        *(TableCell(numbers.count(number[s]), STATE_STATUS[s] if number[s] else "") for s in Observability),
                        TableCell(usual.replace("-", " ") or "–", STATE_STATUS[worst]),
                        why,
                    ),
                )
            )
    columns = (
        "rack:Rack|quantity:Quantity|measured:Measured::r|bounded:Bounded::r|not_observable:Not observable::r|reason:Usual reason|why:Why"
    )
    return made_table("Identifiability", columns, rows)


def reported_table(result: StudyResult) -> TablePicture:
    """What the BMS displays against the anchored count, and what its SoH does."""
    found = result.estimates

    def row(r: RackEstimates) -> tuple[str, tuple[TableCell | str, ...]]:
        p = r.reported
        over = f"{numbers.percent(p.soh_last)}" if p.soh_last is not None else "–"
        return r.rack, (
            r.rack,
            points_answer(p.soc_error),
            points_answer(p.soc_error_worst),
            numbers.count(len(p.jumps)),
            f"{numbers.number(100 * p.jumps[0].size, 1, 'points', sign=True)} {p.jumps[0].moment}" if p.jumps else "–",
            answer_cell(p.implied_offset_a),
            answer_cell(p.soc_denominator_ah),
            numbers.number(p.plateau_ah, 1, "Ah") if p.plateau_ah else "–",
            numbers.number(p.charged_at_full_ah, 1, "Ah") if p.charged_at_full_ah else "–",
            over,
            TableCell(p.soh_form, "warning" if p.soh_form not in ("varies", "not displayed") else "none"),
        )

    columns = (
        "rack:Rack|median:SoC error, median|worst:SoC error, worst|jumps:Jumps::r|largest:Largest jump|offset:Implied offset"
        "|denominator:Display divides by|plateau:Stood still for::r|at_full:Charged at 100 %::r|soh:Displayed SoH::r|form:SoH is"
    )
    return made_table("Displayed state", columns, map(row, found.racks if found else ()))


OPERATION_NOTE = "Charge and cycles are those under load. Tenths of SoC are of the anchored count: a rack that rests within a point of a border may count on either side of it."


def operation_table(result: StudyResult) -> TablePicture:
    """How each rack was run."""
    found = result.estimates

    def row(r: RackEstimates) -> tuple[str, tuple[TableCell | str, ...]]:
        o = r.regime
        return r.rack, (
            r.rack,
            numbers.duration(3600 * o.recorded_h),
            numbers.number(o.charge_ah, 0, "Ah"),
            numbers.number(o.discharge_ah, 0, "Ah"),
            answer_cell(o.efc),
            numbers.count(min(o.full_charges, o.full_discharges)),
            numbers.count(o.rests),
            _bands(o.c_rate_dwell),
            _bands(o.soc_dwell) or "not established",
            _bands(o.temperature_dwell) or "no temperatures",
            f"{numbers.number(o.coldest_degc, 1)} to {numbers.number(o.hottest_degc, 1, 'degC')}"
            if o.hottest_degc is not None and o.coldest_degc is not None
            else "–",
        )

    columns = (
        "rack:Rack|recorded:Recorded::r|charge:Charge::r|discharge:Discharge::r|efc:Full cycles, equivalent|full:Limit to limit::r|rests:Rests::r"
        "|rate:C-rate, share of time|soc:SoC, share of time|temperature:Temperature, share of time|span:Coldest and hottest"
    )
    return made_table("Operating regime", columns, map(row, found.racks if found else ()), OPERATION_NOTE if found else "")


def _bands(shares: dict[str, float]) -> str:
    """The three most frequent bands in words."""
    top = sorted(shares.items(), key=lambda pair: -pair[1])[:3]
    return ", ".join(f"{name.replace('degC', '°C')} {numbers.percent(share, 0)}" for name, share in top if share >= 0.005)


def limits_table(result: StudyResult) -> TablePicture:
    """Every warranty limit of the scope against every rack."""
    found = result.estimates
    rows: list[tuple[str, tuple[TableCell | str, ...]]] = []
    for rack in found.racks if found else ():
        for e in rack.regime.exceedances:
            state = (
                TableCell("not testable", "none") if e.reason else TableCell("exceeded", "bad") if e.count else TableCell("kept", "good")
            )
            rows.append(
                (
                    f"{rack.rack}/{e.limit_id}",
                    (
                        rack.rack,
                        e.limit_id,
                        e.text,
                        numbers.number(e.limit, 2, e.unit),
                        state,
                        numbers.duration(3600 * e.hours) if e.count else "–",
                        numbers.count(e.count),
                        numbers.number(e.worst, 3, e.unit) if e.worst is not None else "–",
                        numbers.timestamp(e.worst_ns) if e.worst is not None else "–",
                        e.reason or f"tested over {numbers.duration(3600 * e.tested_h)}",
                    ),
                )
            )
    columns = "rack:Rack|id:Limit|text:Text|limit:Value::r|state:State|hours:Beyond for::r|count:Times::r|worst:Worst::r|when:Worst at|tested:Tested"
    return made_table("Warranty limits", columns, rows, "" if rows else "The scope declares no warranty limits.")
