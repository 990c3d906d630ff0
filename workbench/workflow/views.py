"""Pictures of the windows of a project: readers and overviews are opened once and shared by every view."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace as with_

import numpy as np
from msgspec.structs import replace

from workbench.analysis.conditioned_spread import Condition, conditioned_spread
from workbench.analysis.coverage import coverage
from workbench.analysis.posture import has_meter
from workbench.analysis.results import StudyResult
from workbench.asset.estimate import NotEstablished
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
from workbench.store.viewport import EXACT, FIRST, Fetched, Row, Viewport, fetch, least_decoded
from workbench.viewmodels.cell_readout import cell_readout
from workbench.viewmodels.cell_results import needed, result_picture, result_site
from workbench.viewmodels.conditioned_divergence import conditioned_picture
from workbench.viewmodels.coverage import coverage_picture
from workbench.viewmodels.event_lanes import lanes_picture
from workbench.viewmodels.heatmap import Extremes, heatmap_picture
from workbench.viewmodels.heatmap_quantities import AVERAGED, RESULTS, quantity_named
from workbench.viewmodels.pictures import CoveragePicture, DivergencePicture, HeatmapPicture, LanesPicture, Readout, TracesPicture
from workbench.viewmodels.requests import HeatmapRequest, TracesRequest
from workbench.viewmodels.snapshot import SnapshotPicture, site_picture, snapshot_picture
from workbench.viewmodels.stress_traces import stress_traces
from workbench.viewmodels.traces import traces_picture


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
        reader, overview = self.reader(request.window_id), self.overview(request.window_id, progress)
        facts = reader.facts
        racks = [r for r in facts.plant.racks if not request.racks or r.id in request.racks]
        single = len(racks) == 1
        rows = tuple(
            (
                r.id,
                request.first_cell if single and request.first_cell else 1,
                request.last_cell if single and request.last_cell else len(r.cells),
            )
            for r in racks
        )
        mean, coarse, title = None, False, ""
        if request.quantity == "temperature":
            span = (request.start_ns, request.end_ns, request.max_rows, request.max_columns)
            got = fetch_probes(reader, tuple(r.id for r in racks), *span, progress)
        else:
            most = FIRST if first or request.quantity == "balancing" else EXACT
            try:
                view = _viewport(request, overview, rows)
                got = fetch(reader, overview, view, most, prove=not first)
            except OverviewDamagedError:
                if self._project.read_only:
                    raise
                overview = self._made_again(request.window_id, progress)
                view = _viewport(request, overview, rows)
                got = fetch(reader, overview, view, most, prove=not first)
            if request.quantity == "balancing":
                got, title = bled(reader, got, progress), f"Balancing: {recorded(facts, reader)}"
            coarse = first and (not got.proven or (not got.exact and least_decoded(reader, view) <= EXACT))
        if request.reduction == "mean":
            mean = self._means(request, reader, got, rows, progress)
        extremes = Extremes(
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
        return with_(heatmap_picture(request, facts, reader.root, extremes, marks), coarse=coarse)

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
        """What is known of one cell at an instant: the last sample at or before it."""
        reader = self.reader(window_id)
        index = reader.index_at(rack, time_ns)
        return cell_readout(reader.read(rack, max(index, 0), index + 1), cell, reader.facts.time_zone)

    def full_request(self, window_id: str, **changes: object) -> HeatmapRequest:
        """The request for the whole window."""
        facts = self.facts(window_id)
        return replace(HeatmapRequest(window_id=window_id, start_ns=facts.start_ns, end_ns=facts.end_ns), **changes)

    def signals(self, window_id: str) -> list[tuple[str, tuple[str, ...]]]:
        """Rack ids and their signal names."""
        reader = self.reader(window_id)
        return [(rack.id, reader.signal_names(rack.id)) for rack in reader.facts.plant.racks]


def _viewport(request: HeatmapRequest, overview: Overview, rows: tuple[Row, ...]) -> Viewport:
    """What the store is asked for. Of balancing: where there are voltages at all."""
    sizes = {rack: last for rack, _, last in rows}
    offsets = {rack: baseline_half_mv(overview, rack, last) for rack, last in sizes.items()} if request.quantity == "baseline" else {}
    quantity = "raw" if request.quantity == "balancing" else request.quantity
    return Viewport(request.start_ns, request.end_ns, rows, request.max_rows, request.max_columns, quantity, offsets)
