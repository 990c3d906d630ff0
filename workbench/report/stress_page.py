"""The page behind a finding that rests on stress: the replay of its event, the deratings of its rack, the map of its cold charge, its excursions."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analysis.stress import FaultReplay, RackStress
from workbench.report.contents import ReportContents
from workbench.report.flow import Cell, Col, Flow, Status, esc
from workbench.report.sheet import Sheet
from workbench.review.finding import Finding
from workbench.viewmodels import stress_tables
from workbench.viewmodels.pictures import TablePicture
from workbench.viewmodels.replay_picture import lead_of, replay_of_span, title_of

MOST_ROWS = 24  # of one table on paper; the study attached to this document holds all
WIDE = {  # table -> widths of the columns that are printed [pt], by key
    "Timeline": {"n": 18, "not_before": 46, "not_later": 46, "from_trip": 62, "element": 62, "what": 105, "after": 32},
    "Alarms against the data": {"when": 44, "alarm": 62, "verdict": 72, "why": 123, "delay": 70},
    "Margins at the trip": {"quantity": 66, "element": 76, "value": 48, "limit": 48, "margin": 80, "source": 53},
    "Before, at, after": {"channel": 171, "before": 66, "at": 66, "after": 68},
    "Not recorded": {"what": 171, "why": 200},
    "Deratings": {"start": 62, "length": 42, "depth": 54, "energy": 62, "cause": 54, "weighed": 97},
    "Plating-prone charge": {"rate": 68, "temperature": 60, "soc": 50, "hours": 66, "ah": 62, "note": 65},
    "Cells beyond their limits": {"cell": 62, "start": 62, "length": 42, "limit": 50, "worst": 42, "summary": 50, "said": 63},
}


def stress_page(sheet: Sheet, contents: ReportContents, finding: Finding, index: int) -> None:
    """7.n, continued: only for a finding whose interval is that of a stress result of its rack."""
    chosen = finding.selection
    replay = replay_of_span(contents.study, chosen.rack, chosen.start_ns, chosen.end_ns)
    if replay is not None:
        _replay(sheet, contents, finding, index, replay)
        return
    stress = contents.study.stress
    rack = next((r for r in stress.racks if r.rack == chosen.rack), None) if stress else None
    if rack is None:
        return
    table = _table(contents, rack, chosen.start_ns, chosen.end_ns)
    if table is not None:
        flow = Flow(sheet, f"7.{index}", f"Finding {finding.id}: {table.title.lower()}", f"Rack {chosen.rack}, all of the window.")
        _boundary(flow, table.title)
        _printed(flow, table)


def _table(contents: ReportContents, rack: RackStress, start_ns: int, end_ns: int) -> TablePicture | None:
    """The table a finding of this interval rests on, of its rack alone."""
    study, zone = contents.study, contents.window.time_zone
    if any((d.start_ns, d.end_ns) == (start_ns, end_ns) for d in rack.deratings):
        return _of_rack(stress_tables.derating_table(study, zone), rack.rack)
    if rack.plating is not None and (rack.plating.first_ns, rack.plating.last_ns + 1) == (start_ns, end_ns):
        return _of_rack(stress_tables.plating_table(study), rack.rack)
    if any((b.start_ns, b.end_ns + 1) == (start_ns, end_ns) for b in rack.beyond):
        return _of_rack(stress_tables.excursions_table(study, zone), rack.rack)
    return None


def _of_rack(table: TablePicture, rack: str) -> TablePicture:
    kept = [
        (row, key) for row, key in zip(table.rows, table.keys, strict=True) if row[0].text == rack or row[0].text.startswith(f"{rack} ")
    ]
    return TablePicture(table.title, table.columns, tuple(r for r, _ in kept), tuple(k for _, k in kept), table.note)


def _replay(sheet: Sheet, contents: ReportContents, finding: Finding, index: int, replay: FaultReplay) -> None:
    zone = contents.window.time_zone
    flow = Flow(sheet, f"7.{index}", f"Finding {finding.id}: fault replay", esc(lead_of(replay)))
    flow.boundary(
        "what the channels recorded around this event, and which order they allow",
        "what caused it; anything shorter than the sampling period",
        "the BMS's own log of this hour at one second",
    )
    flow.note(
        "How to read",
        "A sampled change lies between two samples: 'after' and 'not later than'. Only moments that are surely apart have an order.",
    )
    flow.para(title_of(replay, zone))
    for table in (
        stress_tables.timeline_table(replay, zone),
        stress_tables.judged_table(replay, zone),
        stress_tables.margins_table(replay),
        stress_tables.around_table(replay),
        stress_tables.unseen_table(replay),
    ):
        if table.rows:
            _printed(flow, table)


def _boundary(flow: Flow, title: str) -> None:
    shows, cannot, settles = {
        "Deratings": ("when the rack was allowed or delivered less, and what speaks for each cause", "intent; what nobody asked for", "the derating table of the BMS and its reason codes"),
        "Plating-prone charge": ("exposure to cold, fast, full charge", "whether lithium plated", "voltage relaxation after a cold charge; a capacity trend"),
    }.get(title, ("which cells were beyond their limits and what the summary did", "damage", "the BMS's own log of these hours"))  # fmt: skip
    flow.boundary(shows, cannot, settles)


def _printed(flow: Flow, table: TablePicture) -> None:
    """A table with the columns that fit on paper, and its note."""
    widths = WIDE[table.title]
    places = [(i, c) for i, c in enumerate(table.columns) if c.key in widths]
    rows: Sequence[Sequence[Cell]] = [[_cell(row[i].text, row[i].status) for i, _ in places] for row in table.rows[:MOST_ROWS]]
    flow.heading(table.title)
    flow.table([Col(c.title, widths[c.key], "right" if c.align == "r" else "left") for _, c in places], rows, table.title)
    if len(table.rows) > MOST_ROWS:
        flow.para(f"{len(table.rows) - MOST_ROWS} more rows stand in the study attached to this document.")
    if table.note:
        flow.para(table.note)


def _cell(text: str, status: str) -> Cell:
    return Status(text, status) if status and text else text
