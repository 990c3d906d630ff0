"""How soon is any picture of a large window there? usage: viewport.py small|full [FOLDER]

A window is made in blocks through the store's own writer, opened, and looked at through 1,000 random viewports.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from benchmarks import measuring, synthetic

from workbench.jobs.progress import Progress
from workbench.store.overviews import Overview, build_overview
from workbench.store.project import Project
from workbench.store.viewport import EXACT, FIRST, Viewport, fetch

SIZES = {"small": (4, 100, 4000, 50), "full": (50, 400, 50_000, 1000)}  # racks, cells, samples, viewports
PIXELS = (1000, 2000)  # rows, columns
FRAME_S = 0.016


def random_views(facts, number, seed=5):
    """Viewports whose extent in time and cells is log-uniform, anywhere in the window."""
    rng = np.random.default_rng(seed)
    racks = facts.plant.racks
    length = facts.end_ns - facts.start_ns
    for _ in range(number):
        span = int(np.exp(rng.uniform(np.log(length / 2000), np.log(length))))
        start = facts.start_ns + int(rng.uniform(0, length - span))
        if rng.random() < 0.5:
            count = int(np.exp(rng.uniform(0, np.log(len(racks) + 0.999))))
            first = int(rng.integers(0, len(racks) - count + 1))
            rows = tuple((rack.id, 1, len(rack.cells)) for rack in racks[first : first + count])
        else:
            rack = racks[int(rng.integers(len(racks)))]
            cells = int(np.exp(rng.uniform(0, np.log(len(rack.cells)))))
            first = int(rng.integers(1, len(rack.cells) - cells + 2))
            rows = ((rack.id, first, first + cells - 1),)
        yield Viewport(start, start + span, rows, *PIXELS, "deviation" if rng.random() < 0.8 else "raw")


def main(size, folder):
    """Make, open, look."""
    racks, cells, samples, number = SIZES[size]
    measuring.title(f"viewport {size}: {racks} racks of {cells} cells, {samples:,} samples each, {racks * cells * samples:,} in all")
    with Project.create(Path(folder) / "site.bessreview") as project:
        begin = time.perf_counter()
        entry, total = synthetic.write_window(project, synthetic.Site(racks, cells), samples)
        print(f"made and written in {time.perf_counter() - begin:.1f} s, peak memory {measuring.peak_mb():.0f} MB")
        stored = project.window_path(entry.id).stat().st_size
        print(f"window {stored / 1e6:.0f} MB: {stored / total:.3f} bytes per sample, {2 * total / stored:.2f}x smaller than int16")
        begin, busy = time.perf_counter(), time.process_time()
        with project.window(entry.id) as reader:
            build_overview(project, reader, Progress())
        wall, busy = time.perf_counter() - begin, time.process_time() - busy
        print(f"overview built in {wall:.1f} s ({total / 1e6 / wall:.0f} M samples/s, {busy / wall:.2f} cores)")
        look(project, entry.id, number)


def look(project, window_id, number):
    """Open and fetch."""
    begin = time.perf_counter()
    reader = project.window(window_id)
    opened = time.perf_counter() - begin
    overview = Overview.open(project, reader)
    both = time.perf_counter() - begin
    size = sum(plane.nbytes for planes in overview.levels for plane in planes.values())
    print(f"opened in {opened * 1e3:.0f} ms, with its overview in {both * 1e3:.0f} ms; overview {size / 1e6:.0f} MB")
    with reader:
        facts = reader.facts
        whole = Viewport(facts.start_ns, facts.end_ns, tuple((r.id, 1, len(r.cells)) for r in facts.plant.racks), *PIXELS, "deviation")
        print(f"first picture of everything  {measuring.seconds(lambda: fetch(reader, overview, whole, FIRST), 1)[0] * 1e3:6.1f} ms")
        views = list(random_views(facts, number))
        for name, most in (("first", FIRST), ("final", EXACT)):
            runs = [timed(reader, overview, view, most) for view in views]
            over = sum(wall > FRAME_S for wall, *_ in runs)
            exact = sum(told for *_, told, _ in runs)
            print(
                f"{name} picture of {number} random viewports of 2000 x 1000: {measuring.spread([run[0] for run in runs])}; {over} over 16 ms"
            )
            print(f"  time on a core of its own: {measuring.spread([run[1] for run in runs])}; {exact} from the samples themselves")
            wall, busy, told, shape = max(runs, key=lambda run: run[1])
            print(f"  dearest: {wall * 1e3:.1f} ms, {busy * 1e3:.1f} on its core: picture {shape}, from the samples: {told}")
        print(f"peak memory {measuring.peak_mb():.0f} MB; {measuring.machine()}")


def timed(reader, overview, view, most):
    """Wall and processor seconds of one fetch, whether it is made from the samples, and its rows and columns."""
    begin, busy = time.perf_counter(), time.thread_time()
    found = fetch(reader, overview, view, most)
    return time.perf_counter() - begin, time.thread_time() - busy, found.exact, found.low.shape


if __name__ == "__main__":
    place = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp(prefix="workbench-benchmark-"))
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "small", place)
    finally:
        if len(sys.argv) <= 2:
            shutil.rmtree(place, ignore_errors=True)
