"""Usable energy, which cells the data can speak about, what each rack gives, charge in and out; and every refusal with its settling test."""

from __future__ import annotations

from workbench.analysis.estimates import RackEstimates
from workbench.analysis.results import Answer, Estimate
from workbench.report import claim_figures
from workbench.report import tokens as t
from workbench.report.contents import ReportContents
from workbench.report.flow import Cell, Col, Flow, Status, esc
from workbench.report.sheet import Sheet
from workbench.viewmodels import numbers
from workbench.viewmodels.bank_table import opened_racks
from workbench.viewmodels.claim_pictures import IdentifiabilityPicture, WaterfallPicture

MOST_REASONS = 4


def energy(sheet: Sheet, contents: ReportContents) -> None:
    """6: from rated to usable, measured and unmeasured cells, racks, charge balance, refusals."""
    picture = contents.claims
    flow = Flow(sheet, "6", "Usable energy and capacity", esc(_lead(contents)))
    flow.boundary(
        "what the racks gave between the limits of their leading cells, and what each part of the loss is",
        "power, lifetime, and the gain error of the current sensors: it shifts every capacity and energy alike",
        "one cycle against a revenue meter, or the calibration record of the sensors",
    )
    if picture is not None:
        _waterfall(flow, sheet, picture.waterfall)
        _cells(flow, sheet, picture.identifiability)
    if contents.study.estimates is not None:
        _racks(flow, contents.study.estimates.racks)
        for sentence in opened_racks(contents.study):
            flow.para(esc(sentence), t.BODY2, gap=3)
    _charge(flow, contents)


def _lead(contents: ReportContents) -> str:
    picture = contents.claims
    if picture is None or picture.waterfall.headline == "not established":
        return "Usable energy is not established from these data; the reasons and the settling tests stand below."
    rated = picture.waterfall.bars[0]
    recoverable = (
        f" Of the difference, balancing and service would return {picture.waterfall.recoverable.removeprefix('recoverable ')}."
        if picture.waterfall.recoverable
        else ""
    )
    unit = numbers.unit_sign(picture.waterfall.caption.unit)
    return f"From {rated.text} {unit} rated to {picture.waterfall.headline} usable.{recoverable}"


def _waterfall(flow: Flow, sheet: Sheet, picture: WaterfallPicture) -> None:
    said = "; ".join(f"{bar.name} {bar.text}" for bar in picture.bars)
    broken = f" Scale begins at {numbers.number(picture.axis_from, 1, picture.caption.unit)}." if picture.axis_from > 0 else ""
    detail = f"{picture.caption.unit}; {picture.caption.condition}. Whiskers: 95 % interval. Dark: lost. Hatched: recoverable. Hollow: held back.{broken}"
    if all(bar.kind == "unknown" for bar in picture.bars):  # an axis without a figure would invent a scale
        flow.heading("No step from rated to usable energy is established")
    else:
        flow.figure(
            claim_figures.waterfall_height(picture), f"Energy waterfall: {said}.", lambda x, y, w, h: claim_figures.waterfall(sheet, picture, x, y, w, h),
            "Figure 5", "Energy waterfall", detail,
        )  # fmt: skip
    for bar in picture.bars:
        if bar.why:
            flow.para(f"{bar.name}: not established. {bar.why}", t.BODY2, gap=3)


def _cells(flow: Flow, sheet: Sheet, picture: IdentifiabilityPicture) -> None:
    total = picture.measured + picture.bounded + picture.nothing
    message = f"The capacity of {numbers.count(picture.measured)} of {numbers.count(total, 'cell')} is measured"
    alt = f"{message}; {picture.bounded} have only a lower bound, {picture.nothing} nothing. " + "; ".join(
        f"{row.rack} {row.words}" for row in picture.rows
    )
    flow.figure(
        claim_figures.identifiability_height(picture), alt, lambda x, y, w, h: claim_figures.identifiability(sheet, picture, x, y, w, h),
        "Figure 6", message, "One strip per rack, cells in physical order. A cell with only a bound is never counted as measured.",
    )  # fmt: skip
    for why, count in picture.reasons[:MOST_REASONS]:
        flow.para(f"{numbers.count(count, 'cell')}: {why}", t.BODY2, gap=3)


def _racks(flow: Flow, racks: tuple[RackEstimates, ...]) -> None:
    rows: list[list[Cell]] = [
        [
            r.rack,
            _answer_cell(r.string_ah),
            _share(r.mean_share),
            f"{_text(r.weakest_share)}{f' (C{r.weakest_cell:03d})' if r.weakest_cell else ''}",
            _share(r.imbalance_share),
            _share(r.round_trip),
        ]
        for r in racks
    ]
    flow.heading("What each rack gives", 0)
    flow.table(
        [
            Col("Rack", 26),
            Col("String", 76),
            Col("Mean cell, of string", 108),
            Col("Weakest cell, of string", 108),
            Col("Imbalance", 84),
            Col("Round trip, DC", 97),
        ],
        rows,
        "Capacity of racks and their cells",
        column=0,
    )
    condition = next((r.string_ah.condition for r in racks if isinstance(r.string_ah, Estimate)), "")
    if condition:
        flow.para(f"Condition: {condition}.", t.BODY2, gap=6)


def _share(answer: Answer) -> Cell:
    return _text(answer) if isinstance(answer, Estimate) else Status("not established", "none")


def _text(answer: Answer) -> str:
    if not isinstance(answer, Estimate):
        return "not established"
    digits = min(numbers.digits_for(50 * (answer.high - answer.low)), 2)  # hundredths of a percent decide nothing
    value, low, high = (numbers.number(100 * v, digits) for v in (answer.value, answer.low, answer.high))
    return f"{value} [{low}, {high}] %"


def _charge(flow: Flow, contents: ReportContents) -> None:
    balances = contents.study.balances
    rows: list[list[Cell]] = [
        [b.rack, *(_answer_cell(a) for a in (b.charge_ah, b.discharge_ah, b.offset_a, b.capacity_ah))] for b in balances
    ]
    flow.heading("Charge in and out, with declared sensors only")
    flow.table(
        [Col("Rack", 26), Col("Charge in", 76), Col("Charge out", 76), Col("Sensor offset", 117), Col("Capacity", 76)],
        rows,
        "Charge balance per rack",
    )
    reasons = {a.reason: a for b in balances for a in (b.charge_ah, b.offset_a, b.capacity_ah, b.efc) if not isinstance(a, Estimate)}
    if reasons:
        flow.heading("Not established, and what would settle it")
        flow.table(
            [Col("Reason", 76), Col("Why", 160), Col("Cheapest test", 135)],
            [[r.replace("-", " "), a.why, a.settles] for r, a in sorted(reasons.items())],
            "Refusals",
        )
    for note in contents.study.notes:
        flow.para(note, t.BODY2, gap=3)


def _answer_cell(answer: object) -> Cell:
    if isinstance(answer, Estimate):
        return numbers.interval(answer)
    return Status("not established", "none")
