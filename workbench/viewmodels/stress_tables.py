"""Tables of stress: replays and their timelines, deratings with their causes, plating-prone charge, cells beyond their limits."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.analysis.results import Estimate, StudyResult
from workbench.analysis.stress import BeyondUnseen, CauseWeighed, Derating, FaultReplay, Justified, PlatingExposure, RackStress
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import TableCell, TablePicture
from workbench.viewmodels.tables import answer_cell, answer_text, made_table

JUSTIFIED_STATUS = {Justified.SHOWN: "good", Justified.NOT_SHOWN: "warning", Justified.NOT_TESTABLE: "none"}
SEVERITY_STATUS = {"bad": "bad", "warning": "warning", "info": ""}
UNITS = {"degC": "°C", "ohm": "Ω"}
Rows = Iterable[tuple[str, tuple[TableCell | str, ...]]]


def replays_table(result: StudyResult, zone: str = "UTC") -> TablePicture:
    """One row per episode: what, what came first, whether the data bear it out, delay, nearest margin, current after the opening, what is missing."""

    def row(r: FaultReplay) -> tuple[str, tuple[TableCell | str, ...]]:
        alarm = r.alarms[0] if r.alarms else None
        return r.id, (
            r.rack,
            numbers.timestamp(r.first_ns, zone, weekday=False),
            TableCell(r.title, SEVERITY_STATUS[r.severity]),
            r.first or TableCell(r.order_note, "none"),
            TableCell(alarm.verdict.value, JUSTIFIED_STATUS[alarm.verdict]) if alarm else "–",
            answer_cell(alarm.delay) if alarm else "–",
            nearest(r),
            opening_text(r),
            numbers.count(len(r.unseen), "thing"),
        )

    racks = result.stress.racks if result.stress else ()
    columns = "rack:Rack|when:When|what:What|first:First|borne_out:Data|delay:Delay|margin:Nearest margin at the trip|opening:After the opening|unseen:Not recorded::r"
    note = "; ".join(_left(r) for r in racks if _left(r))
    return made_table(
        "Fault replays",
        columns,
        (row(r) for rack in racks for r in rack.replays),
        note or "Order is claimed only where sampling allows it.",
    )


def timelines_table(result: StudyResult, zone: str = "UTC") -> TablePicture:
    """The timeline of every replay, one row per moment."""
    rows: list[tuple[str, tuple[TableCell | str, ...]]] = []
    for rack in result.stress.racks if result.stress else ():
        for replay in rack.replays:
            rows += [(f"{replay.id}/{key}", (replay.id, *cells)) for key, cells in _moments(replay, zone)]
    return made_table("Fault replay", f"replay:Replay|{MOMENTS}", rows, TIMELINE_NOTE)


MOMENTS = "n:No.::r|not_before:After|not_later:Not later than|from_trip:From first trigger::r|kind:Kind|element:Element|what:What|after:Surely after"
TIMELINE_NOTE = "A sampled change lies between two samples; 'surely after 1–3' leaves the order against all others open."


def timeline_table(replay: FaultReplay, zone: str) -> TablePicture:
    """The timeline of one replay."""
    return made_table("Timeline", MOMENTS, _moments(replay, zone), TIMELINE_NOTE)


def _moments(replay: FaultReplay, zone: str) -> Rows:
    for place, m in enumerate(replay.moments, 1):
        early, late = ((ns - replay.first_ns) / 1e9 for ns in (m.earliest_ns, m.latest_ns))
        cells = (
            str(place),
            _clock(m.earliest_ns, zone),
            _clock(m.latest_ns, zone),
            f"{numbers.number(early, 0, sign=True)} to {numbers.number(late, 0, 's', sign=True)}",
            TableCell(m.kind.value, SEVERITY_STATUS[m.severity]),
            m.element,
            m.text,
            "–" if not m.after else "1" if m.after == 1 else f"1–{m.after}",
        )
        yield str(place), cells


def margins_table(replay: FaultReplay) -> TablePicture:
    """Each quantity against its limit at the trip."""
    rows = (
        (
            m.quantity,
            (
                m.quantity,
                m.element or "–",
                _value(m.value, m.unit),
                _value(m.limit, m.unit),
                _margin(m.margin, m.unit),
                m.reason or m.source,
            ),
        )
        for m in replay.margins
    )
    note = "The worse of the sample of the trip and the one before it; a positive margin lies inside the limit."
    return made_table(
        "Margins at the trip", "quantity:Quantity|element:Element|value:Value::r|limit:Limit::r|margin:Margin|source:Limit from", rows, note
    )


def judged_table(replay: FaultReplay, zone: str) -> TablePicture:
    """Each alarm against the data."""
    rows = (
        (
            f"{k}",
            (_clock(a.time_ns, zone), a.text, TableCell(a.verdict.value, JUSTIFIED_STATUS[a.verdict]), a.why, answer_cell(a.delay)),
        )
        for k, a in enumerate(replay.alarms, 1)
    )
    return made_table("Alarms against the data", "when:When|alarm:Alarm|verdict:Data|why:Why|delay:Delay", rows)


def around_table(replay: FaultReplay) -> TablePicture:
    """Channels before, at and after, and the current after an opening."""
    rows: list[tuple[str, tuple[TableCell | str, ...]]] = [
        (a.quantity, (a.quantity.replace("_", " "), _value(a.before, a.unit), _value(a.at, a.unit), _value(a.after, a.unit)))
        for a in replay.around
    ]
    return made_table(
        "Before, at, after", "channel:Channel|before:Before::r|at:At::r|after:After::r", rows, opening_text(replay, long=True)
    )


def unseen_table(replay: FaultReplay) -> TablePicture:
    """What was not recorded."""
    rows = ((str(k), (TableCell(u.what, "none"), u.why)) for k, u in enumerate(replay.unseen, 1))
    return made_table("Not recorded", "what:What|why:What that takes away", rows)


def derating_table(result: StudyResult, zone: str = "UTC") -> TablePicture:
    """Every episode with its depth, energy and causes ranked."""

    def row(d: Derating) -> tuple[str, tuple[TableCell | str, ...]]:
        hours = (d.end_ns - d.start_ns) / 1e9
        energy = answer_cell(d.withheld_kwh)
        if d.at_most_kwh is not None:
            energy = TableCell(f"{energy.text}; at most {numbers.number(d.at_most_kwh, 1, 'kWh')}", energy.status)
        return d.id, (
            d.rack,
            numbers.timestamp(d.start_ns, zone, weekday=False),
            numbers.duration(hours) + (" or more" if d.truncated else ""),
            d.way,
            d.source,
            f"{numbers.number(d.depth, 0)} of {numbers.number(d.usual, 0, d.unit)}",
            energy,
            TableCell(d.cause, "none" if d.cause == "not established" else ""),
            "; ".join(_cause(c) for c in d.causes),
        )

    racks = result.stress.racks if result.stress else ()
    columns = (
        "rack:Rack|start:Start|length:Length|way:Way|source:Seen in|depth:Depth::r|energy:Withheld|cause:Cause|weighed:For and against"
    )
    reasons = tuple(f"{r.rack}: {r.derating_reason}" for r in racks if r.derating_reason)
    more = tuple(f"{r.rack}: {numbers.count(r.deratings_left_out, 'shorter episode')} more" for r in racks if r.deratings_left_out)
    bases = sorted({d.basis for r in racks for d in r.deratings if d.basis})
    said = (*reasons[:6], *more, *(f"{one[0].upper()}{one[1:]}." for one in bases))
    note = " ".join(said) or "A low limit that nobody leans on withholds nothing and is no episode."
    none = TableCell("not established", "none")
    refused = [(r.rack, (r.rack, "–", "–", "–", "–", "–", none, none, r.derating_reason)) for r in racks if r.derating_reason]
    return made_table("Deratings", columns, (*(row(d) for rack in racks for d in rack.deratings), *refused), note)


def _cause(one: CauseWeighed) -> str:
    parts = [f"for: {', '.join(one.speaks_for)}"] if one.speaks_for else []
    parts += [f"against: {', '.join(one.speaks_against)}"] if one.speaks_against else []
    parts += [f"missing: {', '.join(one.missing)}"] if one.missing else []
    return f"{one.cause} {one.standing.value} ({'; '.join(parts)})"


def plating_table(result: StudyResult) -> TablePicture:
    """Exposure per rack, then the map of charge by rate, temperature and SoC."""
    racks = result.stress.racks if result.stress else ()
    rows: list[tuple[str, tuple[TableCell | str, ...]]] = []
    for rack in racks:
        one = rack.plating
        if one is None:
            rows.append((rack.rack, (rack.rack, "all", "", "", TableCell("not established", "none"), "", rack.plating_reason)))
            continue
        prone = isinstance(one.hours, Estimate) and one.hours.value > 0
        rows.append(
            (
                rack.rack,
                (
                    rack.rack,
                    "beyond the thresholds",
                    "",
                    "",
                    TableCell(answer_text(one.hours), "warning" if prone else "good"),
                    answer_cell(one.ah),
                    _exposure(one),
                ),
            )
        )
        rows += [
            (
                f"{rack.rack}/{k}",
                (
                    rack.rack,
                    b.rate,
                    b.temperature,
                    b.soc,
                    numbers.number(b.hours, 2, "h"),
                    numbers.number(b.ah, 0, "Ah"),
                    "beyond" if b.prone else "",
                ),
            )
            for k, b in enumerate(sorted(one.bins, key=lambda b: (not b.prone, -b.hours))[:12])
        ]
    sources = {r.plating.threshold_source for r in racks if r.plating}
    note = f"Exposure, never proof. Thresholds: {'; '.join(sorted(sources))}." if sources else "Exposure, never proof."
    columns = "rack:Rack|rate:Rate|temperature:Temperature|soc:SoC|hours:Hours|ah:Charge|note:Note"
    return made_table("Plating-prone charge", columns, rows, note)


def _exposure(one: PlatingExposure) -> str:
    blind = f"; {numbers.number(one.unseen_h, 1, 'h')} of charge without a temperature" if one.unseen_h > 0 else ""
    return f"of {numbers.number(one.charge_h, 1, 'h')} of charge; {one.probes} probes for {numbers.count(one.cells, 'cell')}, the coldest counts; SoC {one.soc_source}{blind}; thresholds: {one.threshold_source}"


def excursions_table(result: StudyResult, zone: str = "UTC") -> TablePicture:
    """Cells beyond their limits and what the summary did meanwhile."""

    def row(b: BeyondUnseen) -> tuple[str, tuple[TableCell | str, ...]]:
        return f"{b.name}/{b.start_ns}", (
            b.name,
            numbers.timestamp(b.start_ns, zone, weekday=False),
            numbers.duration((b.end_ns - b.start_ns) / 1e9),
            f"{b.side} {numbers.number(b.limit_v, 3, 'V')}" if b.worst_v is not None else "outside what a cell can show",
            numbers.number(b.worst_v, 3, "V") if b.worst_v is not None else "masked",
            TableCell("unseen", "bad") if b.unseen else TableCell("seen or not recorded", "none"),
            "; ".join(f.said for f in b.fields),
        )

    racks = result.stress.racks if result.stress else ()
    reasons = " ".join(f"{r.rack}: {r.beyond_reason}" for r in racks if r.beyond_reason)
    columns = "cell:Cell|start:Start|length:Length|limit:Limit|worst:Worst::r|summary:Summary|said:What the summary did"
    none = TableCell("not established", "none")
    refused = [(r.rack, (r.rack, "–", "–", "–", "–", none, r.beyond_reason)) for r in racks if r.beyond_reason]
    return made_table(
        "Cells beyond their limits",
        columns,
        (*(row(b) for rack in racks for b in rack.beyond), *refused),
        reasons or "A field that was not recorded accuses nobody.",
    )


def nearest(replay: FaultReplay) -> str:
    """The voltage or temperature margin that matters most at the trip."""
    known = [m for m in replay.margins if m.margin is not None and m.unit != "A"]
    if not known:
        return "no limit could be tested"
    worst = min(known, key=lambda m: (m.margin or 0.0) / abs(m.limit or 1.0))
    return f"{worst.quantity} {_value(worst.value, worst.unit)}, {abs(worst.margin or 0.0):.3g} {_unit(worst.unit)} {'inside' if (worst.margin or 0.0) >= 0 else 'beyond'}"


def opening_text(replay: FaultReplay, *, long: bool = False) -> str:
    """What flowed after the opening."""
    o = replay.opening
    if o is None:
        return "" if long else "–"
    if o.largest_a is None:
        return "no current was received while open"
    text = f"at most {numbers.number(o.largest_a, 1, 'A')} in {numbers.duration(3600 * o.hours)}"
    return (
        f"While open {text} ({numbers.count(o.samples, 'sample')}); an open rack may read {numbers.number(o.zero_a, 1, 'A')}."
        if long
        else text + (": current flowed" if o.flowed else "")
    )


def _left(rack: RackStress) -> str:
    parts = [f"{numbers.count(rack.replays_left_out, 'milder episode')} not replayed"] if rack.replays_left_out else []
    parts += [f"{numbers.count(rack.routine_openings, 'routine opening')} at rest"] if rack.routine_openings else []
    return f"{rack.rack}: {', '.join(parts)}" if parts else ""


def _clock(time_ns: int, zone: str) -> str:
    when = numbers.moment(time_ns, zone)
    return f"{when:%H:%M:%S}" + (f".{when.microsecond // 1000:03d}" if when.microsecond else "")


def _unit(unit: str) -> str:
    return UNITS.get(unit, "" if unit == "1" else unit)


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    if unit == "1":
        return numbers.percent(value)
    return f"{numbers.number(value, 3 if unit == 'V' and abs(value) < 10 else 0 if unit == 'ohm' else 1)} {_unit(unit)}"


def _margin(value: float | None, unit: str) -> TableCell:
    if value is None:
        return TableCell("not established", "none")
    text = f"{numbers.number(abs(value), 3 if unit == 'V' else 1)} {_unit(unit)} {'inside' if value >= 0 else 'beyond'}"
    return TableCell(text, "good" if value >= 0 else "bad")
