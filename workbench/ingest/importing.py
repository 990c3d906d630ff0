"""Turn files into a window: every row of every member, by one mapping, with every repair counted over the whole stream."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from workbench.asset.provenance import SourceFile
from workbench.asset.quality import Quality
from workbench.asset.topology import Cell, Probe, Rack
from workbench.asset.window import Int64Array, WindowFacts
from workbench.errors import IngestError, Reason
from workbench.ingest import (
    archives,
    csv_source,
    current_parts,
    digests,
    event_members,
    physics,
    rack_files,
    row_notes,
    sample_marks,
    sign_flags,
    tags,
    time_columns,
    unit_columns,
)
from workbench.ingest import sources as tables
from workbench.ingest.digit_fields import Wanted
from workbench.ingest.groups import Group
from workbench.ingest.handing_over import Naming, WindowSink, handed_over
from workbench.ingest.header_lines import HeaderMet
from workbench.ingest.long_table import LongRows, wide_rules
from workbench.ingest.mapping import ColumnRule, MappingProfile, in_files_of
from workbench.ingest.recognition import Found, Logs, recognised
from workbench.ingest.repairs import Ledger
from workbench.ingest.row_times import RowTimes
from workbench.ingest.scale_change import ScaleWatch, factor_words
from workbench.ingest.spool import RackSpool
from workbench.ingest.values import Column, Reader
from workbench.ingest.whole_numbers import Odd, Tables
from workbench.jobs.beside import Beside, beside
from workbench.jobs.progress import Progress

Block = Mapping[str, pa.DictionaryArray]
Told = tuple[int, Odd]  # usable values of a column in a block, and what was odd among them
USABLE = (0, int(Quality.REPAIRED))
KINDS = {"cell_voltage_v": 0, "probe_temperature_degc": 1}  # anything else is a signal


def import_window(
    sources: Sequence[Path],
    profile: MappingProfile | None,
    sink: WindowSink,
    progress: Progress,
    *,
    name: str,
    window_id: str,
    site: str,
    scratch: Path | None = None,
    recognise: Callable[..., Found] | None = None,
) -> WindowFacts:
    """Read everything, hand it to the sink in order of time, and say what was done. Sources are only read.

    profile: None for the one that is recognised. scratch: an existing folder for rows that wait; without one, the system's. It is empty again
    afterwards. recognise: how the sources are recognised, while they are hashed; without it, by the profile.
    """
    look = recognise or partial(recognised, sources, progress, mapping=profile)
    with beside(partial(digests.of, sources)) as hashed:

        def imported(*, glanced: bool) -> WindowFacts:
            with _looked_through_first(glanced=glanced):
                found = replace(look(glanced=glanced), sample=[])  # its memory is wanted
            return _imported(
                found, profile or found.profile, hashed, sink, progress, Naming(window_id, name, site), scratch, glanced=glanced
            )

        try:
            return imported(glanced=True)
        except HeaderMet:  # nothing was handed over yet
            return imported(glanced=False)


@contextmanager
def _looked_through_first(*, glanced: bool) -> Iterator[None]:
    """What is refused after a glance may only want a header further down: `HeaderMet` then, and the refusal only where it stays one."""
    try:
        yield
    except IngestError as error:
        if glanced:
            raise HeaderMet from error
        raise


def _imported(
    found: Found,
    profile: MappingProfile,
    hashed: Beside[tuple[SourceFile, ...]],
    sink: WindowSink,
    progress: Progress,
    naming: Naming,
    scratch: Path | None,
    *,
    glanced: bool,
) -> WindowFacts:
    ledger = Ledger()
    for member, why in found.left_out:
        ledger.note("file-left-out", member.name, 1, why)
    total = sum(path.stat().st_size for path in {member.path for member in found.members})
    with tempfile.TemporaryDirectory(prefix="workbench-import-", dir=scratch, ignore_cleanup_errors=True) as folder:
        for rule, text in profile.notes:
            ledger.note(rule, found.groups[0].members[0].name, 1, text)
        reading = _Reading(profile, ledger, Path(folder), progress, total)
        progress.stage("reading")
        try:
            with _looked_through_first(glanced=glanced):
                for group in found.groups:
                    if group.members[0] not in dict(found.left_out):
                        reading.plan(group)
                reading.read()
            progress.stage("hashing the sources")
            facts = handed_over(reading.spools, ledger, sink, progress, hashed.result(progress), profile, naming)
            return _with_logs(facts, found.logs, profile, ledger, progress)
        finally:
            for spool in reading.spools.values():
                spool.close()


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """How one member is read: its layout, the column of time, which columns go to which rack, and the rules of all of them."""

    member: csv_source.Member
    form: csv_source.Layout
    time: str
    racks: dict[str, list[str]]
    rules: dict[str, ColumnRule]
    time_format: str
    zone_known: bool


class _Reading:
    """The state of one pass over all members: what each column means is settled before the first row is kept."""

    def __init__(self, profile: MappingProfile, ledger: Ledger, folder: Path, progress: Progress, total: int) -> None:
        self.profile, self.ledger, self.progress, self.total = profile, ledger, progress, total
        self._folder = folder
        self.spools: dict[str, RackSpool] = {}
        self._places: dict[str, dict[str, int]] = {}  # rack -> column -> position among its cells, probes or signals
        self._rules: dict[int, dict[str, ColumnRule]] = {}  # by the rack that the name of a file states -> column -> its rule
        columns = () if profile.shape == "long" else profile.columns
        self._units = [rule for rule in columns if rule.quantity in ("unit", "direction")]
        self._home = min((r.rack for r in columns if r.quantity == "cell_voltage_v"), default=0)  # of what names no rack
        self._plans: list[_Plan] = []
        self._long: dict[csv_source.Member, LongRows] = {}
        self._spans: dict[tuple[str, tuple[str, ...]], slice | list[int]] = {}  # rack and columns read together -> their places
        self._decided: Counter[str] = Counter()  # column whose reading is a repair -> values of the present member
        self.done = 0

    def plan(self, group: Group) -> None:
        """All members of one header. Columns of one name mean the same in all of them that are of one rack."""
        for member in group.members:
            form = group.layout_of(member)
            if not form.has_header:
                self.ledger.note("header-missing", member.name, 1, "read with the header of a neighbour of the same width")
            for code in dict.fromkeys(code for code, _ in form.notes):
                self.ledger.note(code, member.name, 1, "; ".join(text for other, text in form.notes if other == code))
            for note in form.altered:
                self.ledger.note(*note)
            for column in form.repeated:
                self.ledger.note("column-repeated", f"{member.name}, {column}", 1, "a column of a name that was there before; kept apart")
            columns, rack = form.header, tags.rack_of_file(member.name)
            if self.profile.shape == "long":
                self._long[member] = LongRows(member, form, self.profile, self._folder, self.progress)
                proposed = wide_rules(self._long[member])
                columns = tuple(rule.source for rule in proposed)
                of_rack = self._rules.setdefault(rack, {})
                for rule in proposed:
                    of_rack.setdefault(rule.source, rule)
            elif rack not in self._rules:
                self._rules[rack] = in_files_of(self.profile, rack)
                for place, text in rack_files.differences(in_files_of(self.profile, 0), self._rules[rack].values(), rack):
                    self.ledger.note("rack-differs", place, len(group.members), text)
            self._plans.append(self._plan(member, form, columns, rack))

    def _plan(self, member: csv_source.Member, form: csv_source.Layout, columns: tuple[str, ...], file_rack: int) -> _Plan:
        time, rules = "", self._rules[file_rack]
        racks: dict[str, list[str]] = {}
        for column in columns:
            rule = rules.get(column)
            if rule is None:
                self.ledger.note("unmapped-column", f"{member.name}, {column}", 1, "left out: the mapping does not name it")
            elif rule.quantity == "time":
                time = time or column
            elif rule.quantity in ("unit", "direction"):
                what = f"the unit of {len(rule.scales)} columns" if rule.quantity == "unit" else f"the sign of {rule.scales[0]}"
                self.ledger.note(rule.repair, f"{member.name}, {column}", 1, f"{what}, row by row", rule.evidence)
            elif rule.quantity in ("drop", "personal"):
                self.ledger.note(rule.repair or "dropped-column", f"{member.name}, {column}", 1, "column left out", rule.evidence)
            else:
                rack = rule.rack if tags.parse(column).rack else file_rack or rule.rack
                racks.setdefault(rack_id(rack or self._home), []).append(column)
        written, zone_known = self.profile.time_format, self.profile.time_zone_known
        if self.profile.shape == "wide" and time in form.header:
            place = form.header.index(time)
            written, zone_known = time_columns.own_format(member.name, [row[place] for row in form.sample], written, zone_known)
        if written != self.profile.time_format:
            self.ledger.note("time-format", member.name, 1, f"its time is written as {written}, elsewhere as {self.profile.time_format}")
        return _Plan(member, form, time, racks, rules, written, zone_known)

    def read(self) -> None:
        """All rows of all members."""
        if self.profile.shape == "long":
            for place, text in rack_files.one_plant(self._rules):
                self.ledger.note("rack-differs", place, 1, text)
            for rules in self._rules.values():
                rules |= {rule.source: rule for rule in physics.renumbered(list(rules.values()))}
        every = [rule for rules in self._rules.values() for rule in rules.values()]
        if not any(rule.quantity == "cell_voltage_v" for rule in every):
            raise IngestError(
                Reason.COLUMNS_UNMAPPED,
                f"{self._plans[0].member.name}: none of its {len({rule.source for rule in every}) - 1} columns or tags is a cell voltage.",
                "Name the cells in a mapping.",
            )
        for rack in dict.fromkeys(rack for plan in self._plans for rack in plan.racks):
            rules_of = {column: plan.rules[column] for plan in reversed(self._plans) for column in plan.racks.get(rack, ())}
            columns = dict.fromkeys(column for plan in self._plans for column in plan.racks.get(rack, ()))
            self._open(rack, [rules_of[column] for column in columns])
        for plan in self._plans:
            rejected = csv_source.Rejected()
            self.ledger.begin_file(plan.member.name)
            self._decided.clear()
            times = RowTimes(
                plan.member.name, plan.time, plan.time_format, zone_known=plan.zone_known, profile=self.profile, ledger=self.ledger
            )
            self._member(plan, rejected, times)
            for column, count in self._decided.items():
                self.ledger.decision(plan.rules[column], plan.member.name, count)
            times.refuse()
            row_notes.noted(self.ledger, plan.member.name, plan.form.encoding, rejected, times.elapsed)

    def _member(self, plan: _Plan, rejected: csv_source.Rejected, times: RowTimes) -> None:
        member = plan.member
        rules = sign_flags.of_file(plan.rules, plan.form)
        readers = {column: Reader(rules[column], plan.form.decimal) for columns in plan.racks.values() for column in columns}
        before, packed = self.done, _packed(member)
        cells = [c for columns in plan.racks.values() for c in columns if plan.rules[c].quantity == "cell_voltage_v"]
        watch = ScaleWatch(plan.rules, cells, comma=plan.form.decimal == ",")
        whole = Tables(readers, rules, list(plan.racks.values()), plan.form.decimal)
        brought = {rack: self._brought(rack, plan, columns) for rack, columns in plan.racks.items()}
        together = {rack: set(columns) for rack, columns in plan.racks.items()}
        cells_of = {rack: [c for c in cells if c in together[rack]] for rack in plan.racks}
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
            time_ns, keep = times.of(block, row)
            kept = np.flatnonzero(keep)
            block = current_parts.applied(unit_columns.applied(block, self._units), self._units) if self._units else block
            if len(kept) < len(keep):
                block = {name: column.take(pa.array(kept)) for name, column in block.items()}
            aligned = watch.aligned(block, row)
            for rack, columns in plan.racks.items():
                rows = self.spools[rack].blank(len(time_ns))
                rows["t"], rows["g"] = time_ns, brought[rack]
                told, silent = self._numbers(rack, plan.rules, aligned, rows, whole, together[rack])
                left = [column for column in columns if column not in silent]
                self._rack_block(rack, left, plan, aligned, rows, readers, row + kept, told)
                self._mark(plan, columns, cells_of[rack], aligned, rows, whole, self._places[rack], readers)
                self.spools[rack].add(rows)
            row += len(keep)
        self.done = before + int(rejected.bytes_read * packed)
        for factor, change in watch.found.items():
            self.ledger.note("scale-change", f"{member.name}, row {change.first + 1}", change.rows, factor_words(factor))

    def _numbers(self, rack: str, rules: dict[str, ColumnRule], block: Block, rows: np.ndarray[Any, Any], whole: Tables, columns: set[str]) -> tuple[dict[str, Told], set[str]]:  # fmt: skip
        """Store the columns of a rack that a block holds as numbers: those of which there is something to say, and those of which there is not."""
        result: dict[str, Told] = {}
        silent: set[str] = set()
        for names, found in whole.read(block, columns):
            if (rack, names) not in self._spans:
                self._spans[rack, names] = _span_of([self._places[rack][name] for name in names])
            places = self._spans[rack, names]
            if rules[names[0]].quantity == "cell_voltage_v":
                rows["v"][:, places], rows["q"][:, places], rows["c"] = found.values, found.quality, True
            else:
                rows["p"][:, places], rows["o"][:, places] = found.values, found.quality
            loud = [i for i, name in enumerate(names) if i in found.odd or rules[name].repair]
            usable = np.isin(found.quality[:, loud], USABLE).sum(axis=0) if loud and found.quality.any() else np.full(len(loud), len(rows))
            result |= {names[i]: (count, found.odd.get(i, {})) for i, count in zip(loud, usable.tolist(), strict=True)}
            silent.update(names)
        return result, silent - result.keys()

    def _rack_block(self, rack: str, columns: list[str], plan: _Plan, block: Block, rows: np.ndarray[Any, Any], readers: dict[str, Reader], row: Int64Array, told: dict[str, Told]) -> None:  # fmt: skip
        places, impossible = self._places[rack], False
        for name in columns:
            rule, place = plan.rules[name], places[name]
            if name in told:
                usable, odds = told[name]
            else:
                column = readers[name].read(block[name])
                usable, odds = int(np.isin(column.quality, USABLE).sum()) if rule.repair else 0, column.odd
                if rule.quantity == "cell_voltage_v":
                    rows["v"][:, place], rows["q"][:, place], rows["c"] = column.values, column.quality, True
                elif rule.quantity == "probe_temperature_degc":
                    rows["p"][:, place], rows["o"][:, place] = column.values, column.quality
                else:
                    self._signal(rule, rows, place, column)
            impossible = impossible or "out-of-range" in odds
            for odd, (count, first, examples) in odds.items():
                self.ledger.value(odd, plan.member.name, rule, count, f"row {row[first] + 1}", examples)
            if rule.repair and len(rows):
                self._decided[name] += usable
        if impossible:
            self._doubt(plan.member, rows)

    @staticmethod
    def _signal(rule: ColumnRule, rows: np.ndarray[Any, Any], place: int, column: Column) -> None:
        """One column of a signal, with its marks."""
        marks = rows["o"][:, rows["p"].shape[1] + place]
        if rule.repair == "split-current":  # two columns are parts of one
            rows["s"][:, place] = current_parts.together(rows["s"][:, place], column.values)
            marks[:] = np.where(np.isfinite(rows["s"][:, place]), 0, column.quality)
        else:
            rows["s"][:, place], marks[:] = column.values, column.quality

    def _doubt(self, member: csv_source.Member, rows: np.ndarray[Any, Any]) -> None:
        """Marks that need a whole row to be seen."""
        if suspect := sample_marks.suspected(rows["q"], rows["o"]):
            self.ledger.count(
                "garbage-row", member.name, suspect, "values that are left in rows of which half is impossible; kept as suspect"
            )

    def _mark(self, plan: _Plan, columns: list[str], cells: list[str], block: Block, rows: np.ndarray[Any, Any], whole: Tables, places: dict[str, int], readers: dict[str, Reader]) -> None:  # fmt: skip
        """Marks that need a whole stretch of rows to be seen."""
        if cells and whole.coarse(block, cells[0], plan.rules[cells[0]].scale):  # a sensor's numbers; a historian's have more digits
            return
        rules = [plan.rules[name] for name in columns]
        if marked := sample_marks.interpolated_marked(rows, block, rules, places, comma=any(readers[name].comma for name in columns)):
            text = "values exactly on lines between others: drawn by the historian, not measured; kept and marked"
            self.ledger.count("interpolated", plan.member.name, marked, text)

    def _brought(self, rack: str, plan: _Plan, columns: list[str]) -> int:
        """Which series of a rack a member brings."""
        places: tuple[list[int], list[int], list[int]] = ([], [], [])
        for column in columns:
            places[KINDS.get(plan.rules[column].quantity, 2)].append(self._places[rack][column])
        return self.spools[rack].source(plan.member.name, *places)

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
        unproven = {name: frozenset(r.source for r in others if r.quantity == name and "sign-unproven" in r.repair) for name in signals}
        self.spools[rack] = RackSpool(self._folder / f"{rack}.rows", made, signals, unproven)
        self._places[rack] = {
            **{r.source: i for i, r in enumerate(cells)},
            **{r.source: i for i, r in enumerate(probes)},
            **{r.source: signals.index(r.quantity) for r in others},
        }


def _span_of(places: list[int]) -> slice | list[int]:
    """Neighbours in order as a slice, which numpy copies several times faster."""
    first = places[0]
    return slice(first, first + len(places)) if places == list(range(first, first + len(places))) else places


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
    with archives.opened(member.path) as archive:
        info = archive.getinfo(member.inner)
    return info.compress_size / max(info.file_size, 1)
