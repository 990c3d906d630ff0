"""Turn files into a window: every row of every member, by one mapping, with every repair counted over the whole stream."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa

from workbench.asset.events import Event
from workbench.asset.plain import canonical
from workbench.asset.provenance import SourceFile
from workbench.asset.quality import UNUSABLE
from workbench.asset.topology import Cell, Plant, Probe, Rack
from workbench.asset.window import Int64Array, RackSeries, WindowFacts
from workbench.errors import IngestError, Reason
from workbench.ingest import clock, csv_source, tags
from workbench.ingest.event_spans import EventFinder
from workbench.ingest.long_table import wide_rules
from workbench.ingest.mapping import ColumnRule, MappingProfile
from workbench.ingest.recognition import Group, grouped
from workbench.ingest.repairs import Ledger
from workbench.ingest.spool import RackSpool
from workbench.ingest.values import Reader
from workbench.jobs.progress import Progress

MIN_ROWS = 2


class WindowSink(Protocol):
    """What takes the samples: the store's writer, or a test's."""

    def begin_rack(self, rack: Rack, signal_names: tuple[str, ...]) -> None:
        """Announce a rack."""
        ...

    def append(self, rack_id: str, block: RackSeries) -> None:
        """Add samples later than all before."""
        ...


def import_window(
    sources: Sequence[Path], profile: MappingProfile, sink: WindowSink, progress: Progress, *, name: str, window_id: str, site: str
) -> WindowFacts:
    """Read everything, hand it to the sink in order of time, and say what was done. Sources are only read."""
    progress.stage("hashing the sources")
    files = tuple(
        csv_source.digest_of(path)
        for source in sources
        for path in (sorted(p for p in source.rglob("*") if p.is_file()) if source.is_dir() else [source])
    )
    found = csv_source.members(list(sources))
    groups = grouped(found, progress)
    total = sum(f.size_bytes for f in files)
    ledger = Ledger()
    with tempfile.TemporaryDirectory(prefix="workbench-import-") as folder:
        reading = _Reading(profile, ledger, Path(folder), progress, total)
        progress.stage("reading")
        try:
            for group in groups:
                reading.read(group)
            return _handed_over(reading, sink, progress, files, profile, name, window_id, site)
        finally:
            for spool in reading.spools.values():
                spool.close()


class _Reading:
    """The state of one pass over all members."""

    def __init__(self, profile: MappingProfile, ledger: Ledger, folder: Path, progress: Progress, total: int) -> None:
        self.profile, self.ledger, self.progress, self.total = profile, ledger, progress, total
        self._folder = folder
        self.spools: dict[str, RackSpool] = {}
        self._rules = {rule.source: rule for rule in profile.columns}
        self.done = 0

    def read(self, group: Group) -> None:
        """All members of one header."""
        rules = [self._rules[column] for column in group.layout.header if column in self._rules]
        for column in group.layout.header:
            if column not in self._rules:
                self.ledger.note("unmapped-column", f"{group.members[0].name}, {column}", 1, "left out: the mapping does not name it")
        for number, member in enumerate(group.members):
            rejected = csv_source.Rejected()
            form = csv_source.layout(member, group.layout)
            if not form.has_header:
                self.ledger.note("header-missing", member.name, 1, "read with the header of the file before it")
            self.ledger.begin_file(member.name)
            mine = wide_rules(member, form, self.profile, self.progress) if self.profile.shape == "long" else rules
            self._member(member, form, mine, rejected, number if len(group.members) > 1 else 0)
            if rejected.count:
                self.ledger.note(
                    "row-rejected", member.name, rejected.count, "another number of fields than the header; not read", first=rejected.first
                )

    def _member(
        self, member: csv_source.Member, form: csv_source.Layout, rules: list[ColumnRule], rejected: csv_source.Rejected, number: int
    ) -> None:
        file_rack = tags.rack_of_file(member.name)
        by_rack: dict[str, list[ColumnRule]] = {}
        for rule in rules:
            if rule.quantity not in ("time", "drop", "personal", "tag", "value"):
                by_rack.setdefault(rack_id(file_rack or rule.rack), []).append(rule)
            elif rule.quantity in ("drop", "personal"):
                self.ledger.note(rule.repair or "dropped-column", f"{member.name}, {rule.source}", 1, "column left out", rule.evidence)
        time_rule = next(rule for rule in rules if rule.quantity == "time")
        readers = {rule.source: Reader(rule, form.decimal) for mine in by_rack.values() for rule in mine}
        before = self.done
        row = 0
        for block in (
            csv_source.blocks(member, form, rejected)
            if self.profile.shape == "wide"
            else _long_blocks(member, form, self.profile, rejected)
        ):
            self.done = before + int(rejected.bytes_read * _packed(member))
            self.progress.step(min(self.done, self.total), self.total)
            time_ns, keep = self._time(member, block[time_rule.source], row)
            for rack, mine in by_rack.items():
                self._rack_block(rack, mine, member, block, time_ns, keep, readers, row)
            row += len(keep)
        self.done = before + int(rejected.bytes_read * _packed(member))

    def _time(self, member: csv_source.Member, column: pa.Array, row: int) -> tuple[Int64Array, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
        texts = column.cast(pa.string())
        local = clock.parsed(texts, self.profile.time_format)
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
        if self.profile.time_format == clock.ELAPSED:
            return local[keep] + self.profile.start_ns, keep
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

    def _rack_block(self, rack: str, rules: list[ColumnRule], member: csv_source.Member, block: dict[str, pa.DictionaryArray], time_ns: Int64Array, keep: np.ndarray[tuple[int], np.dtype[np.bool_]], readers: dict[str, Reader], row: int) -> None:  # fmt: skip
        spool = self._spool(rack, rules)
        rows = spool.blank(len(time_ns))
        rows["t"] = time_ns
        for rule in rules:
            column = readers[rule.source].read(block[rule.source])
            values, flags = column.values[keep], column.quality[keep]
            for odd, (count, first, examples) in column.odd.items():
                self.ledger.value(odd, member.name, rule, count, f"row {row + first + 1}", examples)
            place = rule.element - 1
            if rule.quantity == "cell_voltage_v":
                rows["v"][:, place], rows["q"][:, place] = values, flags
            elif rule.quantity == "probe_temperature_degc":
                rows["p"][:, place] = values
            else:
                rows["s"][:, spool.signals.index(rule.quantity)] = values
            if rule.repair and len(values):
                self.ledger.decision(rule, member.name, int(np.isin(flags, (0, 128)).sum()))
        spool.add(rows)

    def _spool(self, rack: str, rules: list[ColumnRule]) -> RackSpool:
        if rack not in self.spools:
            cells = sorted((r for r in rules if r.quantity == "cell_voltage_v"), key=lambda r: r.element)
            probes = sorted((r for r in rules if r.quantity == "probe_temperature_degc"), key=lambda r: r.element)
            other = tuple(dict.fromkeys(r.quantity for r in rules if r.quantity not in ("cell_voltage_v", "probe_temperature_degc")))
            label = next((r.source for r in cells), rack)
            made = Rack(
                id=rack,
                label=f"{rack} ({label} ...)" if rack == "R01" and not tags.parse(label).rack else rack,
                cells=tuple(Cell(index=r.element, label=r.source, module=r.module) for r in cells),
                probes=tuple(Probe(index=r.element, label=r.source) for r in probes),
                n_parallel=self.profile.n_parallel,
            )
            self.spools[rack] = RackSpool(self._folder / f"{rack}.rows", made, other)
        return self.spools[rack]


def rack_id(number: int) -> str:
    """R01, R02, ...; a file that names no rack holds the first."""
    return f"R{max(number, 1):02d}"


def _packed(member: csv_source.Member) -> float:
    """Bytes on disk per byte of text, so that progress counts what the person sees on disk."""
    if not member.inner:
        return 1.0
    import zipfile

    with zipfile.ZipFile(member.path) as archive:
        info = archive.getinfo(member.inner)
    return info.compress_size / max(info.file_size, 1)


def _long_blocks(
    member: csv_source.Member, form: csv_source.Layout, profile: MappingProfile, rejected: csv_source.Rejected
) -> Iterator[dict[str, pa.DictionaryArray]]:
    from workbench.ingest.long_table import pivoted

    return pivoted(member, form, profile, rejected)


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
        steps = np.diff(rows["t"][order])
        period_s = float(np.median(steps)) / 1e9 if len(steps) else 0.0
        finder = EventFinder(spool.rack.id, period_s)
        sink.begin_rack(spool.rack, spool.signals)
        usable = 0
        for block in spool.blocks(rows, order):
            progress.checkpoint()
            sink.append(rack, block)
            finder.see(block)
            usable += int(((block.cell_quality & int(UNUSABLE)) == 0).sum())
        events += finder.found()
        samples += usable
        racks.append(spool.rack)
        periods.append(period_s)
        start, end = min(start, int(rows["t"][order[0]])), max(end, int(rows["t"][order[-1]]))
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
