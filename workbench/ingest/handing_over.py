"""How do rows that waited become a window? In order of time, rack by rack, with the events that the samples themselves record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from workbench.asset.events import Event
from workbench.asset.plain import canonical
from workbench.asset.provenance import SourceFile
from workbench.asset.quality import UNUSABLE
from workbench.asset.topology import Plant, Rack
from workbench.asset.window import Int64Array, RackSeries, WindowFacts
from workbench.errors import IngestError, Reason
from workbench.ingest import cell_states, signal_units, tags
from workbench.ingest.cell_states import StateFinder
from workbench.ingest.event_spans import EventFinder
from workbench.ingest.mapping import MappingProfile
from workbench.ingest.repairs import Ledger
from workbench.ingest.sampling import EVENT, IRREGULAR, PERIODIC, RANDOM, Sampling
from workbench.ingest.sign_flags import BalancingFinder
from workbench.ingest.spool import RackSpool
from workbench.jobs.progress import Progress

MIN_ROWS = 2
CONTRADICTED, MOST_CHANCE = 0.5, 20  # of the instants, and at least so many rows
NOT_BY_THE_CLOCK = {  # mode -> rule, what is said of the rows
    RANDOM: ("random-sample", "rows stand at random"),
    EVENT: ("recorded-on-change", "rows were written when something had changed"),
    IRREGULAR: ("irregular-steps", "rows stand at no regular steps"),
}


class WindowSink(Protocol):
    """What takes the samples: the store's writer, or a test's."""

    def begin_rack(self, rack: Rack, signal_names: tuple[str, ...]) -> None:
        """Announce a rack."""
        ...

    def append(self, rack_id: str, block: RackSeries) -> None:
        """Add samples later than all before."""
        ...


@dataclass(frozen=True, slots=True)
class Naming:
    """What the window is called."""

    window_id: str
    name: str
    site: str


def handed_over(
    spools: Mapping[str, RackSpool], ledger: Ledger, sink: WindowSink, progress: Progress, files: tuple[SourceFile, ...],
    profile: MappingProfile, naming: Naming,
) -> WindowFacts:  # fmt: skip
    """Every rack in order of time to the sink; facts with events and repairs. Raises IngestError where nothing usable was read."""
    progress.stage("writing the window")
    racks: list[Rack] = []
    events: list[Event] = []
    habits: list[Sampling] = []
    samples, start, end = 0, 2**62, -(2**62)
    for spool in spools.values():
        spool.close()
    changing = signal_units.changing_currents(spools) if len(spools) > 1 else ()
    for number, (rack, spool) in enumerate(sorted(spools.items())):
        progress.step(number, len(spools))
        rows, order = spool.ordered()
        if not len(order):
            continue
        ledger.order(rack, spool)
        _contradicted(rack, spool, len(order), files)
        steps = np.diff(spool.time_ns)
        told = spool.sampling(rows, order)
        habits.append(told)
        _peculiar(ledger, spool, steps, told)
        found, usable, kept = _written(spool, (rows, order), (told, changing), sink, ledger, progress)
        events += found
        samples += usable
        racks.append(kept)
        start, end = min(start, int(spool.time_ns[0])), max(end, int(spool.time_ns[-1]))
        if len(order) < MIN_ROWS:
            raise IngestError(
                Reason.TOO_FEW_ROWS,
                f"{files[0].name} holds {len(order)} row of data for {rack}; at least two are needed.",
                "Ask for a longer export.",
            )
    if not racks:
        raise IngestError(Reason.TOO_FEW_ROWS, f"{files[0].name} holds no row with a readable time.", "Ask for the file again.")
    if not samples:
        raise IngestError(
            Reason.ALL_SENTINEL,
            f"{files[0].name}: every cell voltage is a placeholder or impossible.",
            "Ask the owner which channels were logged and export again.",
        )
    nominal = float(np.median([told.step_s for told in habits]))
    modes = Counter(told.mode for told in habits)
    usual = next(told for told in habits if told.mode == modes.most_common(1)[0][0])
    return WindowFacts(
        id=naming.window_id,
        name=naming.name,
        plant=Plant(site=naming.site, racks=tuple(racks)),
        start_ns=start,
        end_ns=end + round(nominal * 1e9),
        nominal_period_s=nominal,
        time_zone=profile.time_zone,
        time_zone_known=profile.time_zone_known,
        sources=files,
        mapping=canonical(profile).decode(),
        repairs=ledger.repairs(),
        events=tuple(sorted(events, key=lambda e: (e.start_ns, e.lane, e.element))),
        samples=samples,
        sampling=usual.mode,
        sampling_evidence=usual.evidence + (f"; {', '.join(f'{n} racks {mode}' for mode, n in modes.items())}" if len(modes) > 1 else ""),
    )


def _written(
    spool: RackSpool,
    kept: tuple[np.ndarray[Any, Any], Int64Array],
    known: tuple[Sampling, tuple[signal_units.Changing, ...]],
    sink: WindowSink,
    ledger: Ledger,
    progress: Progress,
) -> tuple[list[Event], int, Rack]:
    """The samples of one rack to the sink, in one unit per signal; the events they record, how many cell voltages are usable, and the rack as it
    is kept. kept: rows, order. known: how they were sampled, and the currents of the export that change their unit."""
    rack, (told, changing) = spool.rack.id, known
    finders: list[EventFinder | BalancingFinder] = [
        EventFinder(spool.rack.id, told.step_s, told.gap_s),
        BalancingFinder(told.step_s),
        StateFinder(told.step_s, cell_states.states(spool.rack, spool.signals)),
    ]
    watch = signal_units.watched(spool, kept[0], changing, ledger)
    sink.begin_rack(watch.kept(), watch.names(spool.signals))
    usable, block = 0, None
    for block in spool.blocks(*kept):
        progress.checkpoint()
        block = watch.mended(block, ledger)
        sink.append(rack, block)
        for finder in finders:
            finder.see(block)
        usable += int(((block.cell_quality & int(UNUSABLE)) == 0).sum())
    ledger.held(rack, spool)
    return [event for finder in finders for event in finder.found(block)], usable, watch.kept()


def _contradicted(rack: str, spool: RackSpool, instants: int, files: tuple[SourceFile, ...]) -> None:
    """Raises COLUMNS_UNMAPPED where two rows say different things at nearly every instant: whichever is kept, half of the truth is lost."""
    if spool.duplicates_conflicting > max(CONTRADICTED * instants, MOST_CHANCE):
        raise IngestError(
            Reason.COLUMNS_UNMAPPED,
            f"{files[0].name}: {spool.duplicates_conflicting:,} rows of {rack} contradict another one of the same time, at {instants:,} instants: the files hold several racks or modules under the same names, or times that are coarser than their rows.",
            "Name rack and module in the names of files or columns, or in a mapping; or ask for times as fine as the rows.",
        )


def _peculiar(ledger: Ledger, spool: RackSpool, steps: Int64Array, told: Sampling) -> None:
    """What a reader of the window must know of how its rows stand and how its cells are counted."""
    rack = spool.rack.id
    if told.mode != PERIODIC:
        rule, words = NOT_BY_THE_CLOCK[told.mode]
        apart = f"{steps.min() / 1e9:,.0f} s to {steps.max() / 1e9:,.0f} s apart"
        ledger.note(rule, rack, len(spool.time_ns), f"{words} ({apart}): there is no period, and no line may join them", told.evidence)
    if any(tags.parse(cell.label).index == 0 for cell in spool.rack.cells):
        text = "the owner counts cells from 0, this program from 1; the owner's label stands beside"
        ledger.note("cells-from-0", rack, len(spool.rack.cells), text)
