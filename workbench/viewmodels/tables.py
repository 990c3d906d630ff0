"""Tables of the review: the same rows in the window, the report and the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace

from workbench.analysis.check_settles import settles
from workbench.analysis.results import Answer, Candidate, CellResult, ChargeBalance, Estimate, NotEstablished, Outcome, StudyResult
from workbench.asset.channels import OTHER_PREFIX, quantity_of
from workbench.asset.scope import Scope
from workbench.asset.topology import cell_name
from workbench.asset.window import WindowFacts
from workbench.review.document import ReviewDocument
from workbench.review.finding import Finding, FindingState, Selection, Severity
from workbench.review.stages import Stage
from workbench.viewmodels import numbers
from workbench.viewmodels.candidate_state import state_of
from workbench.viewmodels.pictures import TableCell, TableColumn, TablePicture

MOST_CELLS = 4  # named in one line

OUTCOME_STATUS = {Outcome.PASS: "good", Outcome.DEGRADED: "warning", Outcome.FAIL: "bad", Outcome.NOT_ESTABLISHED: "none"}
SEVERITY_STATUS = {
    Severity.UNSTATED: "warning",
    Severity.MAJOR: "bad",
    Severity.MODERATE: "warning",
    Severity.MINOR: "none",
    Severity.INFO: "none",
}
STATE_STATUS = {FindingState.DRAFT: "none", FindingState.RETURNED: "warning", FindingState.ACCEPTED: "good"}

Rows = Iterable[tuple[str, tuple[TableCell | str, ...]]]


def made_table(title: str, columns: str, rows: Rows, note: str = "") -> TablePicture:
    """columns: ``key:Title:unit:align`` parts separated by ``|``; rows: (key, cells)."""
    heads = tuple(TableColumn(*part.split(":")) for part in columns.split("|"))
    listed = list(rows)
    body = tuple(tuple(cell if isinstance(cell, TableCell) else TableCell(cell) for cell in cells) for _, cells in listed)
    return TablePicture(title, heads, body, tuple(key for key, _ in listed), note)


def posture_table(result: StudyResult) -> TablePicture:
    """DQ and CX checks: result, what was seen, what would have passed, what it means."""
    rows = (
        (
            check.id,
            (
                check.id,
                check.title,
                TableCell(check.outcome.value, OUTCOME_STATUS[check.outcome]),
                check.seen,
                check.limit,
                check.consequence,
                settles(check) or "–",
            ),
        )
        for check in result.checks
    )
    columns = "id:ID|check:Check|result:Result|seen:What was seen|limit:Limit|consequence:Consequence|settles:Would make it possible"
    return made_table("Posture", columns, rows)


def repairs_table(facts: WindowFacts) -> TablePicture:
    """Everything that was altered or masked on import; the source files themselves are untouched."""
    rows = (
        (str(i), (str(i), r.rule, r.place, numbers.count(r.count), r.detail, r.evidence or "–", r.first or "–"))
        for i, r in enumerate(facts.repairs, 1)
    )
    columns = "n:No.::r|rule:Rule|place:Place|count:Count::r|detail:What was done|evidence:Evidence|first:First at"
    return made_table("Repairs", columns, rows, "Source files are never written to.")


def sources_table(facts: WindowFacts) -> TablePicture:
    """The files as the owner handed them over, with their digests."""
    rows = ((s.name, (s.name, numbers.count(s.size_bytes), s.sha256)) for s in facts.sources)
    return made_table("Sources", "name:File|size:Size:B:r|sha256:SHA-256", rows)


def windows_table(windows: Iterable[tuple[WindowFacts, str]]) -> TablePicture:
    """The imported windows and the roots that prove them."""
    rows = (
        (
            facts.id,
            (
                facts.name,
                numbers.span(facts.start_ns, facts.end_ns, facts.time_zone),
                numbers.every(facts),
                numbers.count(len(facts.plant.racks)),
                numbers.count(facts.plant.n_cells),
                numbers.count(facts.samples),
                root,
            ),
        )
        for facts, root in windows
    )
    columns = "name:Window|span:Span|rows:Rows|racks:Racks::r|cells:Cells::r|samples:Samples::r|root:Evidence root"
    return made_table("Windows", columns, rows)


def channels_table(facts: WindowFacts, signals: Iterable[tuple[str, tuple[str, ...]]]) -> TablePicture:
    """Which quantities each rack holds. signals: (rack id, signal names)."""
    rows: list[tuple[str, tuple[TableCell | str, ...]]] = []
    for rack_id, names in signals:
        rack = facts.plant.rack(rack_id)
        rows.append((f"{rack_id}/cell_voltage_v", (rack_id, "cell_voltage_v", "V", f"{len(rack.cells)} cells", rack.label)))
        if rack.probes:
            rows.append(
                (f"{rack_id}/probe_temperature_degc", (rack_id, "probe_temperature_degc", "°C", f"{len(rack.probes)} probes", rack.label))
            )
        for name in names:
            known = quantity_of(name)
            unit = numbers.unit_sign(known.unit) if known is not None else "unknown"
            rows.append((f"{rack_id}/{name}", (rack_id, name, unit, "1", name.removeprefix(OTHER_PREFIX))))
    return made_table("Channels", "rack:Rack|channel:Channel|unit:Unit|elements:Elements|label:Owner's label", rows)


def cells_table(result: StudyResult) -> TablePicture:
    """Every cell against its rack, the most striking first."""

    def worst(cell: CellResult) -> float:
        return max((abs(z) for z in cell.z.values()), default=0.0)

    status_rank = {"bad": 0, "warning": 1, "none": 2, "good": 3}
    ordered = sorted(result.cells, key=lambda c: (status_rank.get(c.status, 2), -worst(c)))
    rows = []
    for cell in ordered:
        regime = max(cell.z, key=lambda r: abs(cell.z[r]), default="")
        rows.append(
            (
                cell.name,
                (
                    cell.name,
                    cell.label,
                    regime or "–",
                    numbers.number(cell.deviation_mv.get(regime, float("nan")), 1, sign=True),
                    numbers.number(cell.z.get(regime, float("nan")), 1, sign=True),
                    numbers.percent(cell.persistence[regime], 0) if regime in cell.persistence else "–",
                    _without_unit(cell.trend_mv_per_day),
                    _without_unit(cell.resistance_mohm),
                    TableCell(cell.reading, cell.status),
                ),
            )
        )
    columns = (
        "cell:Cell|label:Owner's label|regime:Strays most at|deviation:Deviation:mV:r|z:Robust z::r|persistence:Persistence::r"
        "|trend:Trend:mV/d|resistance:Response to load:mohm|reading:Reading"
    )
    note = f"Expected false flags per look at |z| ≥ {result.parameters.flag_z:g}: {result.false_flags_per_look:.2g}."
    return made_table("Cells", columns, rows, note)


def _without_unit(answer: Answer) -> str:
    """For a column whose head says the unit."""
    if not isinstance(answer, Estimate):
        return answer_text(answer)
    return numbers.interval(Estimate(answer.value, answer.low, answer.high, "", answer.method))


def racks_table(result: StudyResult) -> TablePicture:
    """Every rack: spread at the comparable moment, drift, hottest probe."""
    rows = (
        (
            rack.rack,
            (
                rack.rack,
                rack.condition,
                numbers.number(rack.spread_mv[-1] if rack.spread_mv else float("nan"), 0),
                numbers.number(max(rack.spread_mv, default=float("nan")), 0),
                answer_text(rack.slope_mv_per_day),
                numbers.number(rack.z if rack.z is not None else float("nan"), 1),
                f"{rack.hottest_probe}  {numbers.number(rack.hottest_degc, 1, 'degC')}" if rack.hottest_degc is not None else "–",
                TableCell(rack.reading, rack.status),
            ),
        )
        for rack in result.racks
    )
    columns = "rack:Rack|condition:Compared at|last:Last:mV:r|max:Max:mV:r|slope:Slope|z:z::r|hottest:Hottest probe|reading:Reading"
    return made_table("Racks", columns, rows)


def banks_table(result: StudyResult) -> TablePicture:
    """Charge balance of every rack: answers with intervals, or why there is none."""

    def row(b: ChargeBalance) -> tuple[str, tuple[TableCell | str, ...]]:
        share = numbers.percent(b.gap_charge_share) if b.gap_charge_share is not None else "–"
        cells = tuple(answer_cell(a) for a in (b.charge_ah, b.discharge_ah, b.net_ah, b.offset_a, b.capacity_ah, b.efc))
        return b.rack, (b.rack, *cells, share)

    columns = (
        "rack:Rack|charge:Charge|discharge:Discharge|net:Net|offset:Sensor offset|capacity:Capacity|efc:Full cycles|gaps:Charge in gaps::r"
    )
    return made_table("Charge balance", columns, map(row, result.balances))


def answer_text(answer: Answer) -> str:
    """An answer in one line: value with interval, or the reason why there is none."""
    if isinstance(answer, Estimate):
        return numbers.interval(answer)
    return f"not established ({answer.reason.replace('-', ' ')})"


def answer_cell(answer: Answer) -> TableCell:
    """As `answer_text`, with the sign for a missing number."""
    return TableCell(answer_text(answer), "none" if isinstance(answer, NotEstablished) else "")


def _claimed(value: float | None, unit: str) -> str:
    """A figure of a claim as it was stated: a fraction in percent, anything else in its unit, without digits nobody gave."""
    if value is None:
        return "–"
    shown, sign = (100 * value, "%") if unit in ("", "1") else (value, unit)
    text = f"{shown:.6g}"
    return numbers.number(shown, len(text.partition(".")[2]) if "e" not in text else 0, sign)


def claims_table(scope: Scope | None) -> TablePicture:
    """The claims under review, as the scope states them; what the study makes of them is the table of verdicts."""
    claims = scope.claims if scope else ()
    rows = (
        (
            claim.id,
            (
                claim.id,
                claim.text,
                _claimed(claim.value, claim.unit),
                _claimed(claim.materiality, claim.unit),
                TableCell("see verdicts", "none"),
            ),
        )
        for claim in claims
    )
    return made_table("Claims", "id:ID|claim:Claim|value:Value::r|materiality:Materiality::r|verdict:Verdict", rows)


def candidates_table(result: StudyResult, document: ReviewDocument) -> TablePicture:
    """Findings the study proposes, most serious first, with what the reviewer made of them."""
    severity = {s.value: OUT for s, OUT in SEVERITY_STATUS.items()}
    in_rack = Counter(cell.rack for cell in result.cells)
    rows = (
        (
            c.id,
            (
                TableCell(c.severity, severity.get(c.severity, "none")),
                c.title,
                _where(c, in_rack[c.rack]),
                c.observation,
                c.settles,
                state_of(c, result, document),
            ),
        )
        for c in result.candidates
    )
    return made_table(
        "Candidates", "severity:Severity|title:Candidate|where:Where|observation:Observation|settles:Settles it|state:State", rows
    )


def _where(candidate: Candidate, cells: int) -> str:
    """The cells a candidate is about; the rack alone where it is about all of them."""
    if not candidate.cells or len(candidate.cells) == cells:
        return candidate.rack or "site"
    more = f" and {len(candidate.cells) - MOST_CELLS} more" if len(candidate.cells) > MOST_CELLS else ""
    return f"{candidate.rack} · " + ", ".join(f"C{cell:03d}" for cell in candidate.cells[:MOST_CELLS]) + more


def findings_table(document: ReviewDocument, facts: Iterable[WindowFacts]) -> TablePicture:
    """Recorded findings in order of severity, then of recording."""
    by_id = {f.id: f for f in facts}
    signed = document.stage in (Stage.APPROVED, Stage.ISSUED)  # the principal's signature covers every finding
    ordered = sorted(document.findings, key=lambda f: (list(Severity).index(f.severity), f.id))
    rows = (
        (
            f.id,
            (
                f.id,
                TableCell(f.severity.value, SEVERITY_STATUS[f.severity]),
                confidence(f),
                f.title,
                bearing(f),
                where(f.selection, by_id.get(f.selection.window_id)),
                f.claim_id or "–",
                TableCell("signed", "good") if signed else TableCell(f.state.value, STATE_STATUS[f.state]),
                numbers.count(len(f.evidence), "view") if f.evidence else "none",
            ),
        )
        for f in ordered
    )
    columns = (
        "id:ID|severity:Severity|confidence:Confidence|title:Finding|bears:Bears on|where:Where|claim:Claim|state:State|evidence:Evidence"
    )
    return made_table("Findings", columns, rows)


def confidence(finding: Finding) -> str:
    """How sure the reviewer is, or that nobody said so."""
    return finding.confidence.value if finding.confidence else "not stated"


def bearing(finding: Finding) -> str:
    """The decisions a finding bears on, or that nobody said so."""
    return ", ".join(finding.bears_on) or "not stated"


def with_stale(table: TablePicture, stale: Collection[str]) -> TablePicture:
    """The findings table with a word at findings whose evidence no longer shows what was pinned."""
    last = len(table.columns) - 1
    rows = tuple(
        (*row[:last], TableCell("stale", "warning")) if key in stale else row for key, row in zip(table.keys, table.rows, strict=True)
    )
    return replace(table, rows=rows)


def where(selection: Selection, facts: WindowFacts | None) -> str:
    """The place of a selection in words: site, rack, one cell by name, or so many cells."""
    if not selection.rack:
        return "site"
    if not selection.cells:
        return selection.rack
    if len(selection.cells) == 1 and facts is not None:
        return cell_name(facts.plant.rack(selection.rack), selection.cells[0])
    if len(selection.cells) == 1:
        return f"{selection.rack} · C{selection.cells[0]:03d}"
    return f"{selection.rack}, {len(selection.cells)} cells"
