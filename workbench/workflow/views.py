"""Pictures of the windows of a project: readers and overviews are opened once and shared by every view."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace as with_

from msgspec.structs import replace

from workbench.analysis.coverage import coverage
from workbench.asset.window import WindowFacts
from workbench.errors import ProjectError, Reason
from workbench.jobs.progress import Progress
from workbench.store.overviews import Overview, build_overview
from workbench.store.project import Project
from workbench.store.reader import WindowReader
from workbench.store.viewport import EXACT, FIRST, Viewport, decoded_samples, fetch
from workbench.viewmodels.cell_readout import cell_readout
from workbench.viewmodels.coverage import coverage_picture
from workbench.viewmodels.event_lanes import lanes_picture
from workbench.viewmodels.heatmap import Extremes, heatmap_picture
from workbench.viewmodels.pictures import CoveragePicture, HeatmapPicture, LanesPicture, Readout, TracesPicture
from workbench.viewmodels.requests import HeatmapRequest, TracesRequest
from workbench.viewmodels.traces import traces_picture


class Views:
    """Opens windows when first asked for. Thread safe."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._lock = threading.RLock()
        self._readers: dict[str, WindowReader] = {}
        self._overviews: dict[str, Overview] = {}

    def close(self) -> None:
        """Close every window."""
        with self._lock:
            for reader in self._readers.values():
                reader.close()
            self._readers.clear()
            self._overviews.clear()

    def reader(self, window_id: str) -> WindowReader:
        """The open window."""
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

    def heatmap(self, request: HeatmapRequest, marks: Mapping[str, str], progress: Progress, *, first: bool = False) -> HeatmapPicture:
        """The heatmap of a viewport. first: within a frame, perhaps coarser than the samples allow; its picture then says so."""
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
        quantity = "deviation" if request.quantity == "deviation" else "raw"
        view = Viewport(request.start_ns, request.end_ns, rows, request.max_rows, request.max_columns, quantity)
        got = fetch(reader, overview, view, FIRST if first else EXACT)
        coarse = first and not got.exact and decoded_samples(reader, view, EXACT) <= EXACT
        extremes = Extremes(
            got.rows, got.low, got.high, got.spike, got.count, got.edges_ns, got.cells_per_row, got.bucket_s, got.exact, got.spike_noise_mv
        )
        return with_(heatmap_picture(request, facts, reader.root, extremes, marks), coarse=coarse)

    def traces(self, request: TracesRequest, progress: Progress) -> TracesPicture:
        """Traces of chosen cells of one rack."""
        progress.checkpoint()
        reader = self.reader(request.window_id)
        first, last = reader.span_of(request.rack, request.start_ns, request.end_ns)
        series = reader.read(request.rack, first, last)
        return traces_picture(request, reader.facts, reader.root, series)

    def lanes(self, window_id: str, start_ns: int, end_ns: int) -> LanesPicture:
        """Events of a span."""
        reader = self.reader(window_id)
        return lanes_picture(reader.facts, reader.root, start_ns, end_ns)

    def coverage(self, window_id: str, progress: Progress) -> CoveragePicture:
        """Signal x day."""
        reader = self.reader(window_id)
        names, days, share = coverage(reader.facts, reader.series, progress)
        return coverage_picture(reader.facts, reader.root, names, days, share)

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
