"""One event replayed, as shown: the channels around it, its timeline, margins, alarms against the data, and what was not recorded."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.analysis.results import StudyResult
from workbench.analysis.stress import FaultReplay
from workbench.asset.events import Event
from workbench.viewmodels import numbers, stress_tables
from workbench.viewmodels.pictures import TablePicture, TracesPicture
from workbench.viewmodels.requests import TracesRequest


@dataclass(frozen=True, slots=True, eq=False)
class ReplayPicture:
    """tables: timeline, alarms against the data, margins, before and after, not recorded; empty ones are left out. lead: the sentence above all."""

    id: str
    rack: str
    cells: tuple[int, ...]
    first_ns: int
    last_ns: int
    title: str
    lead: str
    traces: TracesPicture
    tables: tuple[TablePicture, ...]


def replay_picture(replay: FaultReplay, traces: TracesPicture, zone: str) -> ReplayPicture:
    """The picture of one replay over its traces."""
    return ReplayPicture(
        replay.id,
        replay.rack,
        replay.cells,
        replay.first_ns,
        replay.last_ns,
        title_of(replay, zone),
        lead_of(replay),
        traces,
        tables_of(replay, zone),
    )


def tables_of(replay: FaultReplay, zone: str) -> tuple[TablePicture, ...]:
    """Its tables, without empty ones."""
    made = (
        stress_tables.timeline_table(replay, zone),
        stress_tables.judged_table(replay, zone),
        stress_tables.margins_table(replay),
        stress_tables.around_table(replay),
        stress_tables.unseen_table(replay),
    )
    return tuple(table for table in made if table.rows)


def title_of(replay: FaultReplay, zone: str) -> str:
    """Rack, what happened, when."""
    return f"{replay.rack} · {replay.title} · {numbers.timestamp(replay.first_ns, zone)}"


def lead_of(replay: FaultReplay) -> str:
    """What came first, or why nobody can say."""
    first = f"First: {replay.first}." if replay.first else f"{replay.order_note[:1].upper()}{replay.order_note[1:]}."
    more = f" {replay.moments_left_out} later moments are not listed." if replay.moments_left_out else ""
    return f"{first} Resolution {replay.resolution_s:g} s.{more}"


def replay_request(replay: FaultReplay, window_id: str, most: int = 1200) -> TracesRequest:
    """The request for its traces."""
    return TracesRequest(
        window_id=window_id,
        start_ns=replay.start_ns,
        end_ns=replay.end_ns,
        rack=replay.rack,
        cells=replay.cells,
        channels=(),
        max_columns=most,
        event=True,
    )


def find_replay(result: StudyResult | None, key: str) -> FaultReplay | None:
    """The replay with this id."""
    return next((r for rack in (result.stress.racks if result and result.stress else ()) for r in rack.replays if r.id == key), None)


def replay_at(result: StudyResult | None, event: Event) -> FaultReplay | None:
    """The replay that holds an event of the lanes: its beginning, or for a closed contactor its end."""
    for rack in result.stress.racks if result and result.stress else ():
        if event.element != rack.rack and not event.element.startswith(f"{rack.rack} "):
            continue
        for replay in rack.replays:
            if any(replay.first_ns - 3_000_000_000 <= at <= replay.last_ns + 3_000_000_000 for at in _instants(event)):
                return replay
    return None


def replay_of_span(result: StudyResult | None, rack: str, start_ns: int, end_ns: int) -> FaultReplay | None:
    """The replay whose span a finding shows."""
    found = (r for one in (result.stress.racks if result and result.stress else ()) for r in one.replays if one.rack == rack)
    return next((r for r in found if r.start_ns == start_ns and r.end_ns == end_ns), None)


def _instants(event: Event) -> tuple[int, ...]:
    return (event.start_ns, event.end_ns) if event.lane == "contactor" else (event.start_ns,)
