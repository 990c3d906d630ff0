"""Does a pass over all samples give the same bits however it is split, and do processes keep up with threads? usage: split.py small|full [FOLDER]

T15 with the store's own kernel: `reduce_part` makes medians, deviations, spikes and extremes of a part of a rack; parts are put side by side.
A folder that holds the window of viewport.py already is used again.
"""

import hashlib
import multiprocessing
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
from benchmarks import measuring, synthetic

from workbench.store.overviews import Part, reduce_part
from workbench.store.project import Project
from workbench.store.reader import WindowReader

SIZES = {"small": (2, 50, 4000), "full": (16, 400, 50_000)}  # racks, cells, samples
BUCKET = 64  # samples
WORKERS = 2


def digest(levels):
    """Of every plane, in order."""
    made = hashlib.sha256()
    for planes in levels:
        for name in sorted(planes):
            made.update(np.ascontiguousarray(planes[name]).tobytes())
    return made.hexdigest()


def job(path, parts):
    """Planes of some parts by a reader of its own: runs in any process that sees the file."""
    with WindowReader(path) as reader:
        return [reduce_part(reader, part) for part in parts]


def parts_of(facts, rack, buckets, cuts, levels=1):
    """Parts of one rack that begin at the cuts."""
    edges = [0, *cuts, buckets]
    bucket_ns = BUCKET * synthetic.PERIOD_S * 10**9
    return [Part(rack, first, last, facts.start_ns, bucket_ns, levels) for first, last in pairwise(edges)]


def joined(parts):
    """Planes of parts side by side."""
    return {name: np.concatenate([levels[0][name] for levels in parts], axis=1) for name in parts[0][0]}


def main(size, folder):
    """Three splits, two kinds of workers."""
    racks, cells, samples = SIZES[size]
    measuring.title(f"split {size}: {racks} racks of {cells} cells, {samples:,} samples each")
    if not (folder / "site.bessreview").exists():
        with Project.create(folder / "site.bessreview") as project:
            synthetic.write_window(project, synthetic.Site(racks, cells), samples)
    path = folder / "site.bessreview" / "windows" / "0123456789ab.h5"
    with WindowReader(path) as reader:
        facts = reader.facts
        names = [rack.id for rack in facts.plant.racks[:racks]]
        samples, cells = reader.samples(names[0]), len(facts.plant.racks[0].cells)
    buckets = -(-samples // BUCKET)
    rng = np.random.default_rng(15)
    splits = {
        "whole": {rack: [] for rack in names},
        "even": {rack: list(range(64, buckets, 64)) for rack in names},
        "random": {rack: sorted(rng.choice(np.arange(1, buckets), min(7, buckets - 1), replace=False).tolist()) for rack in names},
    }
    digests, walls = {}, {}
    for words, cuts in splits.items():
        tasks = [parts_of(facts, rack, buckets, cuts[rack]) for rack in names]
        for kind, pool in (
            ("threads", ThreadPoolExecutor(WORKERS)),
            ("processes", ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn"))),
        ):
            with pool:
                list(pool.map(job, [path] * WORKERS, [[]] * WORKERS))  # started, imported, opened once
                begin = time.perf_counter()
                found = list(pool.map(job, [path] * len(tasks), tasks))
                walls[words, kind] = time.perf_counter() - begin
            digests[words, kind] = digest([joined(parts) for parts in found])
    rate = len(names) * cells * samples * 2e-9
    for (words, kind), wall in walls.items():
        print(f"{words:<8}{kind:<10}{wall:7.2f} s  {rate / wall:5.2f} GB/s  {digests[words, kind][:16]}")
    print("bit-equal for every split and kind of worker" if len(set(digests.values())) == 1 else "NOT EQUAL")
    print(f"peak memory {measuring.peak_mb():.0f} MB, largest child {measuring.children_peak_mb():.0f} MB")
    measuring.target(
        "T15", "processes, of threads", float(np.median([walls[s, "threads"] / walls[s, "processes"] for s in splits])), 0.9, unit="x"
    )
    measuring.target("T15", "different results", len(set(digests.values())) - 1, 0, most=True)
    print(measuring.machine())


if __name__ == "__main__":
    place = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp(prefix="workbench-benchmark-"))
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "small", place)
    finally:
        if len(sys.argv) <= 2:
            shutil.rmtree(place, ignore_errors=True)
