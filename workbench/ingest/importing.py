"""Turn files into a window: every row of every member, by one mapping, with every repair counted over the whole stream."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import msgspec
import numpy as np
import pyarrow as pa

from workbench.asset.events import Event
from workbench.asset.plain import canonical
from workbench.asset.provenance import SourceFile
from workbench.asset.quality import UNUSABLE, Quality
from workbench.asset.topology import Cell, Plant, Probe, Rack
from workbench.asset.window import BoolArray, ByteArray, Int64Array, RackSeries, WindowFacts
from workbench.errors import IngestError, Reason
from workbench.ingest import clock, csv_source, event_members, physics, sample_marks, tags, text_encoding, unit_columns
from workbench.ingest import sources as tables
from workbench.ingest.digit_fields import Wanted
from workbench.ingest.event_spans import EventFinder
from workbench.ingest.long_table import LongRows, wide_rules
from workbench.ingest.mapping import ColumnRule, MappingProfile
from workbench.ingest.recognition import Group, Logs, grouped, parted, strangers
from workbench.ingest.repairs import Ledger
from workbench.ingest.restarts import ElapsedClock
from workbench.ingest.scale_change import ScaleWatch, factor_words
from workbench.ingest.sign_flags import BalancingFinder
from workbench.ingest.spool import RackSpool
from workbench.ingest.values import Reader
from workbench.ingest.whole_numbers import Odd, Tables
from workbench.jobs.progress import Progress

MIN_ROWS = 2
Block = Mapping[str, pa.DictionaryArray]
Told = tuple[ByteArray, Odd]
PARTLY_READ = {"list-length": "the list has another length than elsewhere: which cell is missing, nobody can tell; no cell read"}


class WindowSink(Protocol):
    """What takes the samples: the store's writer, or a test's."""

    def begin_rack(self, rack: Rack, signal_names: tuple[str, ...]) -> None:
        """Announce a rack."""
        ...

    def append(self, rack_id: str, block: RackSeries) -> None:
        """Add samples later than all before."""
        ...


def import_window(
    sources: Sequence[Path],
    profile: MappingProfile,
    sink: WindowSink,
    progress: Progress,
    *,
    name: str,
    window_id: str,
    site: str,
    scratch: Path | None = None,
) -> WindowFacts:
    """Read everything, hand it to the sink in order of time, and say what was done. Sources are only read.

    scratch: an existing folder for rows that wait; without one, the system's. It is empty again afterwards.
    """
    progress.stage("hashing the sources")
    files = tuple(
        csv_source.digest_of(path, progress)
        for source in sources
        for path in (sorted(p for p in source.rglob("*") if p.is_file()) if source.is_dir() else [source])
    )
    found = tables.members(list(sources))
    groups, left_out = grouped(found, progress)
    groups, logs = parted(groups)
    left_out += strangers(groups, profile)
    total = sum(f.size_bytes for f in files)
    ledger = Ledger()
    for member, why in left_out:
        ledger.note("file-left-out", member.name, 1, why)
    with tempfile.TemporaryDirectory(prefix="workbench-import-", dir=scratch, ignore_cleanup_errors=True) as folder:
        for rule, text in profile.notes:
            ledger.note(rule, groups[0].members[0].name, 1, text)
        reading = _Reading(profile, ledger, Path(folder), progress, total)
        progress.stage("reading")
        try:
            for group in groups:
                if group.members[0] not in dict(left_out):
                    reading.plan(group)
            reading.read()
            facts = _handed_over(reading, sink, progress, files, profile, name, window_id, site)
            return _with_logs(facts, logs, profile, ledger, progress)
        finally:
            for spool in reading.spools.values():
                spool.close()


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """How one member is read: its layout, the column of time, and which columns go to which rack."""

    member: csv_source.Member
    form: csv_source.Layout
    time: str
    racks: dict[str, list[str]]


class _Reading:
    """The state of one pass over all members: what each column means is settled before the first row is kept."""

    def __init__(self, profile: MappingProfile, ledger: Ledger, folder: Path, progress: Progress, total: int) -> None:
        self.profile, self.ledger, self.progress, self.total = profile, ledger, progress, total
        self._folder = folder
        self.spools: dict[str, RackSpool] = {}
        self._places: dict[str, dict[str, int]] = {}  # rack -> column -> position among its cells, probes or signals
        self._rules = {} if profile.shape == "long" else {rule.source: rule for rule in profile.columns}
        self._units = [rule for rule in self._rules.values() if rule.quantity == "unit"]
        self._plans: list[_Plan] = []
        self._elapsed: dict[str, ElapsedClock] = {}  # member -> its count of seconds
        self._long: dict[csv_source.Member, LongRows] = {}
        self.done = 0

    def plan(self, group: Group) -> None:
        """All members of one header. Columns of one name mean the same in all of them."""
        for member in group.members:
            form = tables.layout(member, group.layout)
            if not form.has_header:
                self.ledger.note("header-missing", member.name, 1, "read with the header of a neighbour of the same width")
            for code in dict.fromkeys(code for code, _ in form.notes):
                self.ledger.note(code, member.name, 1, "; ".join(text for other, text in form.notes if other == code))
            for note in form.altered:
                self.ledger.note(*note)
            for column in form.repeated:
                self.ledger.note("column-repeated", f"{member.name}, {column}", 1, "a column of a name that was there before; kept apart")
            columns = form.header
            if self.profile.shape == "long":
                self._long[member] = LongRows(member, form, self.profile, self._folder, self.progress)
                proposed = wide_rules(self._long[member])
                columns = tuple(rule.source for rule in proposed)
                for rule in proposed:
                    self._rules.setdefault(rule.source, rule)
            self._plans.append(self._plan(member, form, columns))

    def _plan(self, member: csv_source.Member, form: csv_source.Layout, columns: tuple[str, ...]) -> _Plan:
        file_rack, time = tags.rack_of_file(member.name), ""
        racks: dict[str, list[str]] = {}
        for column in columns:
            rule = self._rules.get(column)
            if rule is None:
                self.ledger.note("unmapped-column", f"{member.name}, {column}", 1, "left out: the mapping does not name it")
            elif rule.quantity == "time":
                time = time or column
            elif rule.quantity == "unit":
                self.ledger.note(
                    rule.repair, f"{member.name}, {column}", 1, f"the unit of {len(rule.scales)} columns, row by row", rule.evidence
                )
            elif rule.quantity in ("drop", "personal"):
                self.ledger.note(rule.repair or "dropped-column", f"{member.name}, {column}", 1, "column left out", rule.evidence)
            else:
                rack = rule.rack if tags.parse(column).rack else file_rack or rule.rack
                racks.setdefault(rack_id(rack), []).append(column)
        return _Plan(member, form, time, racks)

    def read(self) -> None:
        """All rows of all members."""
        if self.profile.shape == "long":
            self._rules = {rule.source: rule for rule in physics.renumbered(list(self._rules.values()))}
        if not any(rule.quantity == "cell_voltage_v" for rule in self._rules.values()):
            raise IngestError(
                Reason.COLUMNS_UNMAPPED,
                f"{self._plans[0].member.name}: none of its {len(self._rules) - 1} columns or tags is a cell voltage.",
                "Name the cells in a mapping.",
            )
        for rack in dict.fromkeys(rack for plan in self._plans for rack in plan.racks):
            columns = dict.fromkeys(column for plan in self._plans for column in plan.racks.get(rack, ()))
            self._open(rack, [self._rules[column] for column in columns])
        for plan in self._plans:
            rejected = csv_source.Rejected()
            self.ledger.begin_file(plan.member.name)
            self._member(plan, rejected)
            self._note(plan, rejected)

    def _note(self, plan: _Plan, rejected: csv_source.Rejected) -> None:
        name, misfit = plan.member.name, rejected.misfit
        if rejected.count:
            self.ledger.note("row-rejected", name, rejected.count, _widths(rejected), first=rejected.first)
        for rule, count in rejected.odd.items():
            self.ledger.note(rule, name, count, PARTLY_READ[rule])
        if (elapsed := self._elapsed.get(name)) is not None:
            place = f"row {elapsed.first + 1}"
            if elapsed.strays:
                self.ledger.note(
                    "clock-stray", name, elapsed.strays, "single rows whose time falls back while the next goes on; not read", first=place
                )
            if elapsed.restarts:
                self.ledger.note(
                    "clock-restart",
                    name,
                    elapsed.restarts,
                    "the count of seconds begins again; joined end to end, the time between is unknown",
                    first=place,
                )
        if rejected.timeless:
            self.ledger.note("time-unreadable", name, rejected.timeless, "no readable time; row not read")
        for (rule, place, text), count in rejected.counted.items():
            self.ledger.note(rule, place, count, text)
        if misfit.count:
            text = f"characters that are not {plan.form.encoding}; read as {text_encoding.REPLACED}"
            self.ledger.note("text-unreadable", name, misfit.count, text, first=f"after byte {misfit.first:,}")

    def _member(self, plan: _Plan, rejected: csv_source.Rejected) -> None:
        member = plan.member
        readers = {column: Reader(self._rules[column], plan.form.decimal) for columns in plan.racks.values() for column in columns}
        before, packed = self.done, _packed(member)
        cells = [c for columns in plan.racks.values() for c in columns if self._rules[c].quantity == "cell_voltage_v"]
        watch = ScaleWatch(self._rules, cells, comma=plan.form.decimal == ",")
        whole = Tables(readers, self._rules, list(plan.racks.values()), plan.form.decimal)
        found: Iterator[Block]
        if member in self._long:
            rejected.take(self._long[member].rejected)
            rejected.misfit, rejected.timeless = self._long[member].rejected.misfit, self._long[member].rejected.timeless
            found = self._long[member].blocks()
        else:
            found = tables.blocks(member, plan.form, rejected, Wanted(tuple(whole.groups), (plan.time,), whole.prepare))
        row = 0
        for block in found:
            self.done = before + int(rejected.bytes_read * packed)
            self.progress.step(min(self.done, self.total), self.total)
            time_ns, keep = self._time(member, block[plan.time], row)
            kept = np.flatnonzero(keep)
            block = unit_columns.applied(block, self._units) if self._units else block
            if len(kept) < len(keep):
                block = {name: column.take(pa.array(kept)) for name, column in block.items()}
            block = watch.aligned(block, row)
            for rack, columns in plan.racks.items():
                rows = self.spools[rack].blank(len(time_ns))
                rows["t"] = time_ns
                told = self._numbers(rack, block, rows, whole, set(columns))
                self._rack_block(rack, columns, member, block, rows, readers, row + kept, told)
            row += len(keep)
        self.done = before + int(rejected.bytes_read * packed)
        for factor, change in watch.found.items():
            self.ledger.note("scale-change", f"{member.name}, row {change.first + 1}", change.rows, factor_words(factor))

    def _time(self, member: csv_source.Member, column: pa.Array, row: int) -> tuple[Int64Array, BoolArray]:
        texts = column.cast(pa.string())
        local = clock.parsed(texts, self.profile.time_format)
        if self.profile.time_format == clock.ELAPSED:
            return self._count(member, texts, local, row)
        keep = local != clock.UNREADABLE
        if not keep.all():
            bad = np.flatnonzero(~keep)
            example = texts[int(bad[0])].as_py()
            header = sum(str(texts[int(i)].as_py()) in self.profile.header for i in bad)
            if header:
                self.ledger.count(
                    "header-repeated", member.name, header, "header lines inside the data; not read", first=f"row {row + int(bad[0]) + 1}"
                )
            if header < len(bad):
                self.ledger.count(
                    "time-unreadable",
                    member.name,
                    len(bad) - header,
                    f"no readable time (for example {example!r}); row not read",
                    first=f"row {row + int(bad[0]) + 1}",
                )
        if self.profile.time_zone_known:
            return local[keep], keep
        zoned = clock.to_utc(local[keep], self.profile.time_zone)
        if zoned.in_hole:
            self.ledger.count("dst-hole", member.name, zoned.in_hole, f"local times that do not exist in {self.profile.time_zone}")
        if zoned.in_overlap:
            self.ledger.count(
                "dst-overlap",
                member.name,
                zoned.in_overlap,
                f"local times that exist twice in {self.profile.time_zone}; told apart by order",
            )
        return zoned.utc_ns, keep

    def _count(self, member: csv_source.Member, texts: pa.Array, told: Int64Array, row: int) -> tuple[Int64Array, BoolArray]:
        """Instants of a column that counts seconds, and which rows have one."""
        local = self._elapsed.setdefault(member.name, ElapsedClock()).straightened(told, row)
        bad = np.flatnonzero(told == clock.UNREADABLE)
        if len(bad):
            example = texts[int(bad[0])].as_py()
            self.ledger.count("time-unreadable", member.name, len(bad), f"no readable time (for example {example!r}); row not read", first=f"row {row + int(bad[0]) + 1}")  # fmt: skip
        keep = local != clock.UNREADABLE
        return local[keep] + self.profile.start_ns, keep

    def _numbers(self, rack: str, block: Block, rows: np.ndarray[Any, Any], whole: Tables, columns: set[str]) -> dict[str, Told]:
        """Store the columns of a rack that a block holds as numbers: name -> quality of its rows and what was odd."""
        result: dict[str, Told] = {}
        for names, found in whole.read(block, columns):
            places = _span_of([self._places[rack][name] for name in names])
            if self._rules[names[0]].quantity == "cell_voltage_v":
                rows["v"][:, places], rows["q"][:, places], rows["c"] = found.values, found.quality, True
            else:
                rows["p"][:, places] = found.values
            result |= {name: (found.quality[:, i], found.odd.get(i, {})) for i, name in enumerate(names)}
        return result

    def _rack_block(self, rack: str, columns: list[str], member: csv_source.Member, block: Block, rows: np.ndarray[Any, Any], readers: dict[str, Reader], row: Int64Array, told: dict[str, Told]) -> None:  # fmt: skip
        spool, places = self.spools[rack], self._places[rack]
        for name in columns:
            rule, place = self._rules[name], places[name]
            if name in told:
                quality, odds = told[name]
            else:
                column = readers[name].read(block[name])
                quality, odds = column.quality, column.odd
                if rule.quantity == "cell_voltage_v":
                    rows["v"][:, place], rows["q"][:, place], rows["c"] = column.values, quality, True
                elif rule.quantity == "probe_temperature_degc":
                    rows["p"][:, place] = column.values
                else:
                    rows["s"][:, place] = column.values
            for odd, (count, first, examples) in odds.items():
                self.ledger.value(odd, member.name, rule, count, f"row {row[first] + 1}", examples)
            if rule.repair and len(rows):
                self.ledger.decision(rule, member.name, int(np.isin(quality, (0, 128)).sum()))
        self._mark(member, columns, block, rows, places)
        spool.add(rows)

    def _mark(self, member: csv_source.Member, columns: list[str], block: Mapping[str, pa.DictionaryArray], rows: np.ndarray[Any, Any], places: dict[str, int]) -> None:  # fmt: skip
        """Marks that need a whole row, or a whole stretch of rows, to be seen."""
        if suspect := sample_marks.suspected(rows["q"]):
            self.ledger.count(
                "garbage-row", member.name, suspect, "values that are left in rows of which half is impossible; kept as suspect"
            )
        cells = [c for c in columns if self._rules[c].quantity == "cell_voltage_v"]
        found = sample_marks.drawn(rows["t"], block, {c: self._rules[c].scale for c in cells}, comma=self.profile.decimal == ",")
        if found is not None:
            rows["q"][:, [places[c] for c in cells]] |= np.where(found, int(Quality.INTERPOLATED), 0).astype(np.uint8)
            text = "values exactly on lines between others: drawn by the historian, not measured; kept and marked"
            self.ledger.count("interpolated", member.name, int(found.sum()), text)

    def _open(self, rack: str, rules: list[ColumnRule]) -> None:
        cells = sorted((r for r in rules if r.quantity == "cell_voltage_v"), key=lambda r: r.element)
        probes = sorted((r for r in rules if r.quantity == "probe_temperature_degc"), key=lambda r: r.element)
        others = [r for r in rules if r.quantity not in ("cell_voltage_v", "probe_temperature_degc")]
        signals = tuple(dict.fromkeys(r.quantity for r in others))
        label = next((r.source for r in cells), rack)
        made = Rack(
            id=rack,
            label=f"{rack} ({label} ...)" if rack == "R01" and not tags.parse(label).rack else rack,
            cells=tuple(Cell(index=i, label=r.source, module=r.module) for i, r in enumerate(cells, 1)),
            probes=tuple(Probe(index=i, label=r.source) for i, r in enumerate(probes, 1)),
            n_parallel=self.profile.n_parallel,
        )
        self.spools[rack] = RackSpool(self._folder / f"{rack}.rows", made, signals)
        self._places[rack] = {
            **{r.source: i for i, r in enumerate(cells)},
            **{r.source: i for i, r in enumerate(probes)},
            **{r.source: signals.index(r.quantity) for r in others},
        }


def _span_of(places: list[int]) -> slice | list[int]:
    """Neighbours in order as a slice, which numpy copies several times faster."""
    first = places[0]
    return slice(first, first + len(places)) if places == list(range(first, first + len(places))) else places


def _widths(rejected: csv_source.Rejected) -> str:
    """What is wrong with rows that were not read, by how many fields they have more or less than the header."""
    parts = [f"{rows} with {abs(more)} {'more' if more > 0 else 'fewer'}" for more, rows in rejected.widths.most_common(3) if more]
    return "another number of fields than the header; not read" + (f" ({', '.join(parts)})" if parts else "")


def rack_id(number: int) -> str:
    """R01, R02, ...; a file that names no rack holds the first."""
    return f"R{max(number, 1):02d}"


def _with_logs(facts: WindowFacts, logs: Logs, profile: MappingProfile, ledger: Ledger, progress: Progress) -> WindowFacts:
    """The facts with the events of the alarm logs that lie in the window's span."""
    if not logs:
        return facts
    told = event_members.read(logs, profile, ledger, progress)
    inside = [event for event in told if event.start_ns < facts.end_ns and event.end_ns >= facts.start_ns]
    if len(inside) < len(told):
        ledger.note("event-outside", logs[0].member.name, len(told) - len(inside), "events before or after the telemetry; left out")
    events = sorted((*facts.events, *inside), key=lambda e: (e.start_ns, e.lane, e.element))
    return msgspec.structs.replace(facts, events=tuple(events), repairs=ledger.repairs())


def _packed(member: csv_source.Member) -> float:
    """Bytes on disk per byte of text, so that progress counts what the person sees on disk."""
    if not member.inner:
        return 1.0
    with zipfile.ZipFile(member.path) as archive:
        info = archive.getinfo(member.inner)
    return info.compress_size / max(info.file_size, 1)


def _handed_over(reading: _Reading, sink: WindowSink, progress: Progress, files: tuple[SourceFile, ...], profile: MappingProfile, name: str, window_id: str, site: str) -> WindowFacts:  # fmt: skip
    progress.stage("writing the window")
    ledger = reading.ledger
    racks: list[Rack] = []
    events: list[Event] = []
    samples, start, end, periods = 0, 2**62, -(2**62), []
    for number, (rack, spool) in enumerate(sorted(reading.spools.items())):
        progress.step(number, len(reading.spools))
        spool.close()
        rows, order = spool.ordered()
        if not len(order):
            continue
        ledger.order(rack, spool)
        steps = np.diff(spool.time_ns)
        if sample_marks.random_steps(spool.time_ns):
            text = f"rows stand at random ({steps.min() / 1e9:,.0f} s to {steps.max() / 1e9:,.0f} s apart): the period is unknown and no line may join them"
            ledger.note("random-sample", rack, len(order), text)
        if any(tags.parse(cell.label).index == 0 for cell in spool.rack.cells):
            ledger.note(
                "cells-from-0",
                rack,
                len(spool.rack.cells),
                "the owner counts cells from 0, this program from 1; the owner's label stands beside",
            )
        period_s = float(np.median(steps)) / 1e9 if len(steps) else 0.0
        finder, balancing, block = EventFinder(spool.rack.id, period_s), BalancingFinder(period_s), None
        sink.begin_rack(spool.rack, spool.signals)
        usable = 0
        for block in spool.blocks(rows, order):
            progress.checkpoint()
            sink.append(rack, block)
            finder.see(block)
            balancing.see(block)
            usable += int(((block.cell_quality & int(UNUSABLE)) == 0).sum())
        events += finder.found() + balancing.found(block)
        samples += usable
        racks.append(spool.rack)
        periods.append(period_s)
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
    nominal = float(np.median(periods))
    return WindowFacts(
        id=window_id,
        name=name,
        plant=Plant(site=site, racks=tuple(racks)),
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
    )
