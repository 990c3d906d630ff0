"""How does a window look at any zoom, at once, with no extreme lost? Planes of extremes per time bucket, made once per window.

Buckets are slices of time shared by all racks, so gaps are simply empty. Each keeps smallest and largest voltage, smallest and largest
deviation from the rack median, the largest one-sample spike and how many samples there were. Samples that `Quality` calls unusable are
missing in the store and never enter. Planes are contiguous in an ordinary HDF5 file and memory-mapped: no decoding and no lock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import accumulate as accumulated
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from workbench.asset.spike_noise import middle_of_steps, noise_of
from workbench.asset.topology import Plant
from workbench.errors import ProjectError, Reason
from workbench.jobs.ordered import in_order
from workbench.jobs.progress import Progress
from workbench.store import overview_proof
from workbench.store.disk import disk_errors, give_space_back, sync_folder
from workbench.store.inspection import gate
from workbench.store.planes import PLANES, Planes, coarser, empty_planes, fewer_rows, merge_into, padded_deviation_half_mv, reduced
from workbench.store.project import Project
from workbench.store.reader import WindowReader

METHOD = "overview 4"
OLDER = "overview 3"  # its spikes are smaller by up to the noise: fewer are marked, none in vain. Shown where nothing may be written
AT_ONCE, READ_AHEAD = 32 * 1024 * 1024, 512 * 1024 * 1024  # bytes read while a window is opened, and in all
READ = 1024 * 1024  # bytes at a time
LEVEL_STEP = 4
LEVELS = 5
FINE_FACTOR, COARSE_FACTOR = 16, 64  # samples per finest bucket: finer for small windows, where space does not matter
SMALL_WINDOW = 10_000_000  # samples
GROUPS = (1, 4, 20, 100)  # cells per row: a picture of many cells then touches no more values than one of few
BLOCK = 512  # samples reduced at a time: a rack's worth stays in the cache
PART_BUCKETS = 2 * LEVEL_STEP ** (LEVELS - 1)  # of the finest level: a multiple of the coarsest bucket, and few, so that no core waits long
NOISE_ROWS = 200  # cells that tell the noise
Seen = Callable[[str, int, int], None]  # rack, first and last sample of a stretch


class OverviewDamagedError(ProjectError):
    """An overview differs from what was made; it may be deleted and made again."""


class Overview:
    """The stored planes of one window, memory-mapped. Rows are the cells of all racks in the order of the plant, or groups of cells of a rack."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        with h5py.File(path, "r") as file:
            gate(file, path)
            if str(file.attrs[overview_proof.DIGEST]) != overview_proof.facts_digest(file, GROUPS):
                raise ValueError("the facts of the overview were altered")
            self.root = str(file.attrs["evidence_root"])
            self.method = str(file.attrs["method"])
            self.start_ns = int(file.attrs["start_ns"])
            self.bucket_ns = int(file.attrs["bucket_ns"])
            self.spike_noise_mv = float(file.attrs["spike_noise_mv"])
            self._first_row = {group: {str(k): int(v) for k, v in file[f"first_row{group}"].attrs.items()} for group in GROUPS}
            self.grouped: dict[int, list[Planes]] = {
                group: [
                    {name: _mapped(path, file[f"level{level}/group{group}/{name}"]) for name in PLANES}
                    for level in range(int(file.attrs["levels"]))
                ]
                for group in GROUPS
            }
            self.levels = self.grouped[1]
            self._digests = {group: file[f"digests/group{group}"][()] for group in GROUPS}
        self.finest_at_hand = 0  # level; finer ones would have to come from the disk
        self._proven: dict[tuple[int, int, str], bool] = {}  # level, group, rack -> whether it is what was made

    @staticmethod
    def open(project: Project, reader: WindowReader) -> Overview | None:
        """The overview of this very window, or None when it was never made, is damaged, or was made from other data or by another method.

        In a project that may only be read, that of the method before will do.
        """
        path = overview_path(project, reader.facts.id)
        try:
            found = Overview(path)
        except (OSError, KeyError, ValueError, RuntimeError, TypeError, ProjectError):
            return None
        methods = (METHOD, OLDER) if project.read_only else (METHOD,)
        if found.root != reader.root or found.method not in methods or not found._fits(reader.facts.plant):
            return None
        found._fetch_coarse_ones(path)
        return found

    def _fetch_coarse_ones(self, path: Path) -> None:
        """Bring the coarse levels to hand at once and the finer ones while nobody waits: a first picture is never made of what is still on the disk."""
        sizes = [
            sum(plane.nbytes for levels in self.grouped.values() for plane in levels[level].values()) for level in range(len(self.levels))
        ]
        from_here = [sum(sizes[level:]) for level in range(len(sizes))]
        self.finest_at_hand = len(sizes)
        self._fetch(path, next((level for level, size in enumerate(from_here) if size <= AT_ONCE), len(sizes) - 1))
        later = next((level for level, size in enumerate(from_here) if size <= READ_AHEAD), len(sizes))
        if later < self.finest_at_hand:
            threading.Thread(target=self._fetch, args=(path, later), name="overview", daemon=True).start()

    def _fetch(self, path: Path, finest: int) -> None:
        """Read every plane of the levels down to the finest named, so that the system holds them."""
        buffer = bytearray(READ)
        try:
            with path.open("rb", buffering=0) as file:
                for level in reversed(range(finest, self.finest_at_hand)):
                    for plane in (
                        plane for levels in self.grouped.values() for plane in levels[level].values() if isinstance(plane, np.memmap)
                    ):
                        for first in range(plane.offset, plane.offset + plane.nbytes, READ):
                            file.seek(first)
                            file.readinto(buffer)
                    self.finest_at_hand = level
        except OSError:  # pictures then come from what was read so far, and those that stay say what is wrong
            return

    def bucket_ns_at(self, level: int) -> int:
        """Length of a bucket [ns]."""
        return int(self.bucket_ns * LEVEL_STEP**level)

    def _fits(self, plant: Plant) -> bool:
        """Whether every rack has the rows it needs in every plane."""
        for group, levels in self.grouped.items():
            sizes = [-(-len(rack.cells) // group) for rack in plant.racks]
            places = dict(zip((rack.id for rack in plant.racks), accumulated([0, *sizes]), strict=False))
            shapes = {plane.shape[0] for planes in levels for plane in planes.values()}
            if self._first_row[group] != places or shapes != {sum(sizes)}:
                return False
        return True

    def prove(self, level: int, group: int, rack_ids: Iterable[str]) -> None:
        """Raise OverviewDamagedError unless the planes of these racks are what was made; each is looked at once."""
        unknown = [rack for rack in rack_ids if (level, group, rack) not in self._proven]
        if unknown:
            rows = overview_proof.rack_rows(self._first_row[group], self.grouped[group][level]["count"].shape[0])
            order = {rack: number for number, rack in enumerate(rows)}
            for rack in unknown:
                made = overview_proof.rack_digest(self.grouped[group][level], rows[rack])
                self._proven[level, group, rack] = made == self._digests[group][level, order[rack]].tobytes()
        self.is_proven(level, group, rack_ids)

    def is_proven(self, level: int, group: int, rack_ids: Iterable[str]) -> bool:
        """Whether the planes of all these racks were looked at and are what was made. Raises OverviewDamagedError where one is known not to be."""
        known = {rack: self._proven.get((level, group, rack)) for rack in rack_ids}
        for rack, sound in known.items():
            if sound is False:
                raise OverviewDamagedError(
                    Reason.PROJECT_DAMAGED,
                    f"{self._name} is not what was made of the window, at {rack}.",
                    "Open the project for writing once: the overview is then made again.",
                )
        return all(known.values())

    def rows(self, rack_id: str, first_cell: int, last_cell: int, group: int = 1) -> slice:
        """Plane rows of one-based cells first..last of a rack; with groups, the first cell begins one."""
        base = self._first_row[group][rack_id]
        return slice(base + (first_cell - 1) // group, base + -(-last_cell // group))


def overview_path(project: Project, window_id: str) -> Path:
    """Where the overview of a window lies: derived data, outside the evidence, may be deleted and made again."""
    return project.path / "derived" / f"{window_id}.overview.h5"


def build_overview(project: Project, reader: WindowReader, progress: Progress, also: Seen = lambda rack_id, first, last: None) -> Overview:
    """Make the overview of a window. Write-once by rename: a killed build leaves nothing that could be mistaken for one.

    also: is told of every stretch of samples (rack, first, last) while it is decoded, on the core that reduces it.
    """
    progress.stage("building overviews")
    facts = reader.facts
    samples = sum(reader.samples(rack.id) * len(rack.cells) for rack in facts.plant.racks)
    factor = FINE_FACTOR if samples <= SMALL_WINDOW else COARSE_FACTOR
    bucket_ns = max(round(facts.nominal_period_s * 1e9), 1) * factor
    n_bucket = int((facts.end_ns - facts.start_ns) // bucket_ns) + 1
    path = overview_path(project, facts.id)
    scratch = path.with_name(f".{path.name}.part")
    try:
        with disk_errors(path), h5py.File(scratch, "w", libver=("v108", "v110")) as file:
            try:
                widths = [n_bucket]
                while len(widths) < LEVELS and widths[-1] > 64:
                    widths.append(-(-widths[-1] // LEVEL_STEP))
                file.attrs.update(
                    {
                        "evidence_root": reader.root,
                        "method": METHOD,
                        "start_ns": facts.start_ns,
                        "bucket_ns": bucket_ns,
                        "levels": len(widths),
                    }
                )
                for group in GROUPS:
                    row, index = 0, file.create_group(f"first_row{group}")
                    for rack in facts.plant.racks:
                        index.attrs[rack.id] = row
                        row += -(-len(rack.cells) // group)
                    for level, width in enumerate(widths):
                        for name, (dtype, empty) in PLANES.items():
                            file.create_dataset(f"level{level}/group{group}/{name}", (row, width), dtype, fillvalue=empty)
                _fill(file, reader, facts.start_ns, bucket_ns, widths, progress, also)
                file.attrs["spike_noise_mv"] = _noise_mv(file["level0/group1/spike"], factor)
                overview_proof.seal(file, len(widths), GROUPS, tuple(PLANES))
            except BaseException:
                give_space_back(scratch)
                raise
        with disk_errors(path):
            scratch.replace(path)
            sync_folder(path.parent)
    finally:
        scratch.unlink(missing_ok=True)  # stopped or failed: nothing half made stays
    return Overview(path)


def _fill(file: Any, reader: WindowReader, start_ns: int, bucket_ns: int, widths: list[int], progress: Progress, also: Seen) -> None:
    """Reduce part by part on all cores; one writer. Parts hold whole buckets of every level, so none needs another."""
    parts = [
        Part(rack.id, first, min(first + PART_BUCKETS, widths[0]), start_ns, bucket_ns, len(widths))
        for rack in reader.facts.plant.racks
        for first in range(0, widths[0], PART_BUCKETS)
    ]
    first_row = {group: dict(file[f"first_row{group}"].attrs.items()) for group in GROUPS}
    stored = {
        (level, group, name): file[f"level{level}/group{group}/{name}"]
        for level in range(len(widths))
        for group in GROUPS
        for name in PLANES
    }

    def work(part: Part) -> list[Planes]:
        progress.checkpoint()
        return reduce_part(reader, part, progress.checkpoint, also)

    for number, (part, levels) in enumerate(zip(parts, in_order(parts, work), strict=True)):
        progress.step(number, len(parts))
        for level, planes in enumerate(levels):
            first = part.first_bucket // LEVEL_STEP**level
            before = 1
            for group in GROUPS:
                planes = fewer_rows(planes, group // before)
                row, before = int(first_row[group][part.rack_id]), group
                for name, plane in planes.items():
                    stored[level, group, name][row : row + plane.shape[0], first : first + plane.shape[1]] = plane


def _noise_mv(spikes: Any, samples: int) -> float:
    """Standard deviation [mV] of the noise of one sample's spike, told by the median over cells and time of the largest of so many.

    0 where most of the time nothing moves.
    """
    step = max(1, spikes.shape[0] // NOISE_ROWS)
    largest = spikes[::step]
    return noise_of(middle_of_steps(largest) / 2, samples)


@dataclass(frozen=True, slots=True)
class Part:
    """Buckets [first_bucket, last_bucket) of one rack: what one core reduces at a time, here or elsewhere."""

    rack_id: str
    first_bucket: int
    last_bucket: int
    start_ns: int
    bucket_ns: int
    levels: int


def reduce_part(
    reader: WindowReader, part: Part, checkpoint: Callable[[], None] = lambda: None, also: Seen = lambda rack_id, first, last: None
) -> list[Planes]:
    """The planes of one part at every level. Pure: the same whoever computes it, and however time was split into parts. also: see `build_overview`."""
    edges = [part.start_ns + bucket * part.bucket_ns for bucket in (part.first_bucket, part.last_bucket)]
    first, last = reader.span_of(part.rack_id, *edges)
    planes = empty_planes(len(reader.rack(part.rack_id).cells), part.last_bucket - part.first_bucket)
    for begin in range(first, last, BLOCK):
        checkpoint()
        _reduce_block(reader, part.rack_id, begin, min(begin + BLOCK, last), planes, edges[0], part.bucket_ns)
        also(part.rack_id, begin, min(begin + BLOCK, last))
    levels = [planes]
    while len(levels) < part.levels:
        levels.append(coarser(levels[-1], LEVEL_STEP))
    return levels


def _reduce_block(reader: WindowReader, rack_id: str, first: int, last: int, planes: Planes, start_ns: int, bucket_ns: int) -> None:
    left, right = int(first > 0), int(last < reader.samples(rack_id))
    voltage = np.asfortranarray(reader.cell_voltage_mv(rack_id, first - left, last + right))
    where = (reader.time_ns(rack_id, first, last) - start_ns) // bucket_ns
    deviation = padded_deviation_half_mv(voltage, left, right)
    column, last_column = int(where[0]), int(where[-1])
    merge_into(planes, column, reduced(voltage[:, left : voltage.shape[1] - right], deviation, where - column, last_column - column + 1))


def _mapped(path: Path, dataset: Any) -> NDArray[Any]:
    offset = dataset.id.get_offset()
    if offset is None:  # an empty plane is not allocated
        nothing: NDArray[Any] = dataset[()]
        return nothing
    plane: NDArray[Any] = np.memmap(path, dataset.dtype, "r", offset, dataset.shape)
    return plane
