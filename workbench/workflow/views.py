"""Pictures of the windows of a project: readers and overviews are opened once and shared by every view."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace as with_
from typing import TypeVar

import numpy as np
from msgspec.structs import replace

from workbench.analysis.conditioned_spread import Condition, conditioned_spread
from workbench.analysis.coverage import coverage
from workbench.analysis.posture import has_meter
from workbench.analysis.results import StudyResult
from workbench.asset.estimate import NotEstablished
from workbench.asset.topology import Rack
from workbench.asset.window import FloatArray, WindowFacts
from workbench.errors import ProjectError, Reason, ReportError
from workbench.jobs.progress import Progress
from workbench.store.balancing_viewport import bled, bled_at, recorded
from workbench.store.comparisons import baseline_half_mv
from workbench.store.means import pixel_means
from workbench.store.overviews import Overview, OverviewDamagedError, build_overview
from workbench.store.probe_viewport import fetch_probes
from workbench.store.project import Project
from workbench.store.quality_counts import Marked, quality_counts
from workbench.store.reader import WindowReader
from workbench.store.viewport import EXACT, FIRST, Fetched, Row, Viewport, fetch, fetch_alike, least_decoded
from workbench.viewmodels.cell_readout import cell_readout, rack_readout
from workbench.viewmodels.cell_results import needed, result_picture, result_site
from workbench.viewmodels.conditioned_divergence import conditioned_picture
from workbench.viewmodels.coverage import coverage_picture
from workbench.viewmodels.event_lanes import lanes_picture
from workbench.viewmodels.folded_racks import folded, folded_of, joined, open_rows
from workbench.viewmodels.heatmap import Extremes, heatmap_picture
from workbench.viewmodels.heatmap_quantities import AVERAGED, RESULTS, quantity_named
from workbench.viewmodels.pictures import CoveragePicture, DivergencePicture, HeatmapPicture, LanesPicture, Readout, TracesPicture
from workbench.viewmodels.requests import HeatmapRequest, TracesRequest
from workbench.viewmodels.snapshot import SnapshotPicture, site_picture, snapshot_picture
from workbench.viewmodels.stress_traces import stress_traces
from workbench.viewmodels.traces import traces_picture

Made = TypeVar("Made")


class Views:
    """Opens windows when first asked for. Thread safe."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._lock = threading.RLock()
        self._readers: dict[str, WindowReader] = {}
        self._overviews: dict[str, Overview] = {}
        self._marked: dict[str, tuple[Marked, ...]] = {}
        self._coverage: dict[str, CoveragePicture] = {}

    def close(self) -> None:
        """Close every window."""
        with self._lock:
            for reader in self._readers.values():
                reader.close()
            self._readers.clear()
            self._overviews.clear()

    def reader(self, window_id: str) -> WindowReader:
        """The open window. One that is open already is had without a lock: the window's thread asks while others make overviews under it."""
        found = self._readers.get(window_id)
        if found is not None:
            return found
        with self._lock:
            if window_id not in self._readers:
                self._readers[window_id] = self._project.window(window_id)
            return self._readers[window_id]

    def facts(self, window_id: str) -> WindowFacts:
        """Facts of a window."""
        return self.reader(window_id).facts

    def overview(self, window_id: str, progress: Progress) -> Overview:
        """The overview of a window, made again when it is gone (derived data may be deleted)."""
        with self._lock:
            if window_id not in self._overviews:
                reader = self.reader(window_id)
                found = Overview.open(self._project, reader)
                if found is None and self._project.read_only:
                    raise ProjectError(
                        Reason.READ_ONLY,
                        f"The overview of {reader.facts.name} is missing and cannot be made in a read-only project.",
                        "Open the project for writing once.",
                    )
                self._overviews[window_id] = found or build_overview(self._project, reader, progress)
            return self._overviews[window_id]

    def heatmap(
        self,
        request: HeatmapRequest,
        marks: Mapping[str, str],
        progress: Progress,
        *,
        first: bool = False,
        study: StudyResult | None = None,
    ) -> HeatmapPicture:
        """The heatmap of a viewport. first: within a frame, perhaps coarser than the samples allow, or from planes not yet held against their digests; its
        picture then says so.

        study: only a result of it needs one. Raises ReportError where it is needed and missing.
        """
        if request.quantity in RESULTS:
            return result_picture(request, self.facts(request.window_id), self.reader(request.window_id).root, needed(study), marks)
        reader = self.reader(request.window_id)
        racks = [r for r in reader.facts.plant.racks if not request.racks or r.id in request.racks]
        shut = folded_of(request, racks)
        extremes, coarse = self._parted(request, racks, shut, progress) if shut else self._fetched(request, racks, progress, first=first)
        return with_(heatmap_picture(request, reader.facts, reader.root, extremes, marks), coarse=coarse)

    def _fetched(self, request: HeatmapRequest, racks: Sequence[Rack], progress: Progress, *, first: bool) -> tuple[Extremes, bool]:
        """What stands in a viewport, and whether it can be had finer or proven."""
        reader, rows = self.reader(request.window_id), _rows(request, racks)
        if request.quantity == "temperature":
            return self._extremes(request, rows, _probes(request, reader, racks, progress), progress), False
        most = FIRST if first or request.quantity == "balancing" else EXACT

        def had(overview: Overview) -> tuple[Fetched, Viewport]:
            view = _viewport(request, overview, rows)
            return fetch(reader, overview, view, most, prove=not first), view

        got, view = self._sound(request, had, progress)
        coarse = first and (not got.proven or (not got.exact and least_decoded(reader, view) <= EXACT))
        return self._extremes(request, rows, got, progress), coarse

    def _parted(self, request: HeatmapRequest, racks: Sequence[Rack], shut: frozenset[str], progress: Progress) -> tuple[Extremes, bool]:
        """Open racks together, and every folded one by itself, cell by cell, on the same edges."""
        reader, opened, request = (
            self.reader(request.window_id),
            [r for r in racks if r.id not in shut],
            replace(request, first_cell=0, last_cell=0),
        )
        asked = [(replace(request, max_rows=open_rows(request, len(shut), len(opened))), opened)] if opened else []
        asked += [(replace(request, max_rows=max(len(r.cells), len(r.probes))), [r]) for r in racks if r.id in shut]

        def had(overview: Overview) -> list[Extremes]:
            views = [] if request.quantity == "temperature" else [_viewport(one, overview, _rows(one, some)) for one, some in asked]
            parts = fetch_alike(reader, overview, views) if views else (_probes(one, reader, some, progress) for one, some in asked)
            made = []
            for (one, some), got in zip(asked, parts, strict=True):
                progress.checkpoint()
                extremes = self._extremes(one, _rows(one, some), got, progress)
                made.append(folded(one, extremes) if some[0].id in shut and extremes.rows else extremes)
            return made

        return joined(self._sound(request, had, progress), racks), False

    def _sound(self, request: HeatmapRequest, had: Callable[[Overview], Made], progress: Progress) -> Made:
        """Made from the overview; where that turns out to be damaged, from one made again."""
        try:
            return had(self.overview(request.window_id, progress))
        except OverviewDamagedError:
            if self._project.read_only:
                raise
            return had(self._made_again(request.window_id, progress))

    def _extremes(self, request: HeatmapRequest, rows: tuple[Row, ...], got: Fetched, progress: Progress) -> Extremes:
        """What was fetched, as the quantity and the reduction want it."""
        reader, title, mean = self.reader(request.window_id), "", None
        if request.quantity == "balancing":
            got, title = bled(reader, got, progress), f"Balancing: {recorded(reader.facts, reader)}"
        if request.reduction == "mean":
            mean = self._means(request, reader, got, rows, progress)
        return Extremes(
            got.rows,
            got.low,
            got.high,
            got.spike,
            got.count,
            got.edges_ns,
            got.cells_per_row,
            got.bucket_s,
            got.exact,
            mean,
            got.spike_noise_mv,
            title,
            proven=got.proven,
        )

    def _made_again(self, window_id: str, progress: Progress) -> Overview:
        """Instead of an overview that is not what was made of the window."""
        with self._lock:
            self._overviews[window_id] = build_overview(self._project, self.reader(window_id), progress)
            return self._overviews[window_id]

    def _means(
        self, request: HeatmapRequest, reader: WindowReader, got: Fetched, rows: tuple[tuple[str, int, int], ...], progress: Progress
    ) -> FloatArray:
        """Means of the samples of each pixel in the unit of the quantity; refused where a mean would not be one."""
        if request.quantity not in AVERAGED:
            raise ReportError(
                Reason.PICTURE_MISSING,
                f"A mean is made of voltages and deviations only, not of {request.quantity}.",
                "Choose worst, min or max, or another quantity.",
            )
        deviation = request.quantity == "deviation"
        means = pixel_means(reader, rows, got.edges_ns, round(got.cells_per_row), deviation=deviation, progress=progress)
        means = np.where(got.count > 0, means, np.nan)
        return means if deviation else means / 1000.0

    def snapshot(
        self,
        window_id: str,
        time_ns: int,
        quantity: str,
        limits: tuple[float, float] | None,
        progress: Progress,
        study: StudyResult | None = None,
    ) -> SnapshotPicture:
        """Every cell of the site at an instant. quantity: raw, deviation, balancing, or a result of the study (one for the whole window)."""
        reader = self.reader(window_id)
        if quantity in RESULTS:
            return result_site(reader.facts, reader.root, needed(study), quantity, time_ns, limits)
        if quantity == "balancing":
            shares = {rack.id: bled_at(reader, rack.id, time_ns) for rack in reader.facts.plant.racks}
            title = f"Balancing at one instant: {recorded(reader.facts, reader)}"
            return site_picture(
                reader.facts, reader.root, shares, time_ns, quantity_named(quantity), limits, title, "at the instant", "samples"
            )
        at: dict[str, int] = {}
        later: list[int] = []
        for rack in reader.facts.plant.racks:
            progress.checkpoint()
            index = reader.index_at(rack.id, time_ns)
            if index >= 0:
                at[rack.id] = index
            if index + 1 < reader.samples(rack.id):
                later.append(int(reader.time_ns(rack.id, index + 1, index + 2)[0]))
        columns = {
            rack: (voltage_mv, int(reader.time_ns(rack, at[rack], at[rack] + 1)[0])) for rack, voltage_mv in reader.instant_mv(at).items()
        }
        return snapshot_picture(reader.facts, reader.root, columns, time_ns, quantity, limits, min(later, default=None))

    def snapped(self, window_id: str, rack: str, start_ns: int, end_ns: int) -> tuple[int, int]:
        """The interval that begins at its first sample and ends after its last one; as given where it holds none. Never reads the file."""
        reader = self.reader(window_id)
        first, last = reader.span_of(rack, start_ns, end_ns)
        if last <= first:
            return start_ns, end_ns
        return int(reader.time_ns(rack, first, first + 1)[0]), int(reader.time_ns(rack, last - 1, last)[0]) + 1

    def traces(self, request: TracesRequest, progress: Progress) -> TracesPicture:
        """Traces of chosen cells of one rack."""
        progress.checkpoint()
        reader = self.reader(request.window_id)
        first, last = reader.span_of(request.rack, request.start_ns, request.end_ns)
        series = reader.read(request.rack, first, last)
        picture = stress_traces if request.event else traces_picture
        return picture(request, reader.facts, reader.root, series)

    def conditioned_divergence(
        self, window_id: str, condition: Condition, limit_mv: float | None, progress: Progress
    ) -> DivergencePicture | NotEstablished:
        """Racks against each other at samples that meet a condition."""
        reader = self.reader(window_id)
        facts, spreads = reader.facts, {}
        for number, rack in enumerate(facts.plant.racks):
            progress.step(number, len(facts.plant.racks))
            spreads[rack.id] = conditioned_spread(reader.series(rack.id), condition, facts.start_ns)
        return conditioned_picture(facts, reader.root, spreads, condition, limit_mv)

    def lanes(self, window_id: str, start_ns: int, end_ns: int) -> LanesPicture:
        """Events of a span."""
        reader = self.reader(window_id)
        return lanes_picture(reader.facts, reader.root, start_ns, end_ns)

    def coverage(self, window_id: str, progress: Progress) -> CoveragePicture:
        """Signal x day. Made once: a window never changes, whatever is studied."""
        with self._lock:
            kept = self._coverage.get(window_id)
        if kept is not None:
            return kept
        reader = self.reader(window_id)
        metered = any(has_meter(names) for _, names in self.signals(window_id))
        made = coverage_picture(reader.facts, reader.root, coverage(reader.facts, reader.series, progress), metered=metered)
        with self._lock:
            self._coverage[window_id] = made
        return made

    def quality(self, window_id: str, progress: Progress | None = None) -> tuple[Marked, ...]:
        """How many samples carry which mark; counted once per window."""
        if window_id not in self._marked:
            self._marked[window_id] = quality_counts(self.reader(window_id), progress or Progress())
        return self._marked[window_id]

    def readout(self, window_id: str, rack: str, cell: int, time_ns: int) -> Readout:
        """What is known of one cell, or for cell 0 of its rack, at an instant: the last sample at or before it."""
        reader = self.reader(window_id)
        index = reader.index_at(rack, time_ns)
        series = reader.read(rack, max(index, 0), index + 1)
        return cell_readout(series, cell, reader.facts.time_zone) if cell else rack_readout(series, reader.facts.time_zone)

    def full_request(self, window_id: str, **changes: object) -> HeatmapRequest:
        """The request for the whole window."""
        facts = self.facts(window_id)
        return replace(HeatmapRequest(window_id=window_id, start_ns=facts.start_ns, end_ns=facts.end_ns), **changes)

    def signals(self, window_id: str) -> list[tuple[str, tuple[str, ...]]]:
        """Rack ids and their signal names."""
        reader = self.reader(window_id)
        return [(rack.id, reader.signal_names(rack.id)) for rack in reader.facts.plant.racks]


def _rows(request: HeatmapRequest, racks: Sequence[Rack]) -> tuple[Row, ...]:
    """Racks with their first and last cell; a part of the cells only where one rack is looked at alone."""
    single = len(racks) == 1
    return tuple((r.id, (single and request.first_cell) or 1, (single and request.last_cell) or len(r.cells)) for r in racks)


def _probes(request: HeatmapRequest, reader: WindowReader, racks: Sequence[Rack], progress: Progress) -> Fetched:
    span = (request.start_ns, request.end_ns, request.max_rows, request.max_columns)
    return fetch_probes(reader, tuple(r.id for r in racks), *span, progress)


def _viewport(request: HeatmapRequest, overview: Overview, rows: tuple[Row, ...]) -> Viewport:
    """What the store is asked for. Of balancing: where there are voltages at all."""
    sizes = {rack: last for rack, _, last in rows}
    offsets = {rack: baseline_half_mv(overview, rack, last) for rack, last in sizes.items()} if request.quantity == "baseline" else {}
    quantity = "raw" if request.quantity == "balancing" else request.quantity
    return Viewport(request.start_ns, request.end_ns, rows, request.max_rows, request.max_columns, quantity, offsets)
