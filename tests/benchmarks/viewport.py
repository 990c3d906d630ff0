"""How soon is any picture of a large window there, and any slice of it? usage: viewport.py small|full [PYTHON OF THE PEERS [FOLDER]]

A window is made in blocks through the store's own writer, opened, and looked at through random viewports of several seeds. Every stage runs
in a process of its own, so that its peak memory is its own. A folder that holds the window already is used again.
"""

import json
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
from benchmarks import measuring, peers, synthetic

from workbench.jobs.progress import Progress
from workbench.store import codec
from workbench.store.comparisons import baseline_half_mv
from workbench.store.overviews import Overview, build_overview, overview_path
from workbench.store.project import Project
from workbench.store.viewport import EXACT, FIRST, Viewport, decoded_samples, fetch, least_decoded

SIZES = {  # racks, cells, samples, viewports of a seed, seeds, times a slice is cut
    "small": (4, 100, 4000, 50, 2, 3),
    "full": (50, 400, 50_000, 1000, 5, 15),
}
PIXELS = (1000, 2000)  # rows, columns
FRAME_S = 0.016
WINDOW = "0123456789ab"
RECOMMENDED = 512  # samples of a chunk in the layout of performance.md 2.4
SLICES = (("instant", "one instant, all cells"), ("cell", "one cell, all time"), ("rack", "one rack, 2,000 samples"))


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


def main(size, folder, python):
    """Make once; every other stage in a process of its own."""
    racks, cells, samples, *_ = SIZES[size]
    measuring.title(f"viewport {size}: {racks} racks of {cells} cells, {samples:,} samples each, {racks * cells * samples:,} in all")
    if not (folder / "site.bessreview").exists():
        make(folder, racks, cells, samples)
    for stage in (opening, first_pictures, cold_pictures, compared_pictures, final_pictures, slices, blosc_slices, streaming):
        told = measuring.alone(sys.executable, Path(__file__), size, python, folder, stage.__name__)
        print("\n".join(told.get("lines", [f"{stage.__name__} failed: {told.get('skipped')}"])))
        for words in told.get("targets", ()):
            measuring.target(*words[:4], unit=words[4], most=words[5])
        print(
            f"  {measuring.machine()}; peak memory {told.get('peak_mb', 0):.0f} MB, of which {told.get('before_mb', 0):.0f} before it began"
        )


def make(folder, racks, cells, samples):
    """The window and its overview."""
    with Project.create(folder / "site.bessreview") as project:
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


def opening(project, _size, _python):
    """The window alone, then with its overview; from the disk where the system forgets."""
    lines = []
    for words in ("from memory", "from the disk"):
        if words == "from the disk" and not forgotten(project):
            break
        begin = time.perf_counter()
        with project.window(WINDOW) as reader:
            opened = time.perf_counter() - begin
            Overview.open(project, reader)
            both = time.perf_counter() - begin
        lines.append(f"opened {words} in {opened * 1e3:.0f} ms, with its overview in {both * 1e3:.0f} ms")
    size = overview_path(project, WINDOW).stat().st_size
    lines.append(f"window {project.window_path(WINDOW).stat().st_size / 1e6:.0f} MB, overview {size / 1e6:.0f} MB")
    return lines, [("", "opening a window [s]", opened, 1.0, " s", True)]


def first_pictures(project, size, _python):
    """Every seed in turn, all in memory."""
    *_, number, seeds, _ = SIZES[size]
    lines, walls, busies = [], [], []
    with project.window(WINDOW) as reader:
        overview = Overview.open(project, reader)
        facts = reader.facts
        whole = Viewport(facts.start_ns, facts.end_ns, tuple((r.id, 1, len(r.cells)) for r in facts.plant.racks), *PIXELS, "deviation")
        lines.append(f"the very first picture, of everything  {first_picture(reader, overview, whole)[0] * 1e3:6.1f} ms")
        for seed in range(seeds):
            runs = [first_picture(reader, overview, view) for view in random_views(facts, number, seed)]
            walls += [run[0] for run in runs]
            busies += [run[1] for run in runs]
            lines.append(told(f"first pictures in memory, seed {seed}, {number} viewports of 2000 x 1000", runs))
        wall, busy, exact, shape, _ = max(runs, key=lambda run: run[1])
        lines.append(
            f"  dearest of the last: {wall * 1e3:.1f} ms, {busy * 1e3:.1f} on its core: picture {shape}, from the samples: {exact}"
        )
    over, dear = (sum(value > FRAME_S for value in values) for values in (walls, busies))
    lines.append(f"  all {len(walls)}: {over} over 16 ms by the clock, {dear} by the time on their core")
    return lines, [("T6", "any first picture, by the clock", max(walls) * 1e3, 16, " ms", True)]


def cold_pictures(project, size, _python):
    """The same with nothing in memory: before each viewport the system forgets both files; then the way a person meets them, right after opening."""
    *_, number, _, _ = SIZES[size]
    number = max(number // 4, 10)
    lines = []
    for words in ("before each", "once, before opening"):
        if not forgotten(project):
            return ["the system cannot be asked to forget: no cold figures"], []
        with project.window(WINDOW) as reader:
            overview = Overview.open(project, reader)
            runs = []
            for view in random_views(reader.facts, number, 11):
                if words == "before each":
                    forgotten(project)
                    reader.forget()
                runs.append(first_picture(reader, overview, view))
        lines.append(told(f"first pictures, forgotten {words}, {number} viewports", runs))
    late = max(run[0] for run in runs)
    return lines, [("T6", "any first picture of a window just opened from the disk, by the clock", late * 1e3, 16, " ms", True)]


def compared_pictures(project, size, _python):
    """A cell against its rack's scatter, or its own past: dearer per value."""
    *_, number, _, _ = SIZES[size]
    lines = []
    with project.window(WINDOW) as reader:
        overview = Overview.open(project, reader)
        own = {rack.id: baseline_half_mv(overview, rack.id, len(rack.cells)) for rack in reader.facts.plant.racks}
        for quantity in ("z", "baseline"):
            views = [replace(view, quantity=quantity, offset_half_mv=own) for view in random_views(reader.facts, max(number // 4, 10), 21)]
            lines.append(told(f"first pictures of {quantity}, {len(views)} viewports", [first_picture(reader, overview, v) for v in views]))
    return lines, []


def final_pictures(project, size, _python):
    """Exact where the samples can be decoded in a moment; and what share of plain decoding that is."""
    *_, number, _, _ = SIZES[size]
    with project.window(WINDOW) as reader:
        overview = Overview.open(project, reader)
        views = list(random_views(reader.facts, number, 31))
        runs = [timed(reader, overview, view, EXACT) for view in views]
        exact = sum(run[2] for run in runs)
        lines = [told(f"final pictures, {number} viewports", runs), f"  {exact} from the samples themselves"]
        large = [v for v in views if EXACT / 8 < decoded_samples(reader, v) <= EXACT][:40]
        shares, cores = {}, {}
        for quantity in ("deviation", "raw"):
            refine = decode = busy = plain_busy = 0.0
            for view in (replace(v, quantity=quantity) for v in large):
                begin = time.process_time()
                decode += plainly(reader, view)
                plain_busy += time.process_time() - begin
                reader.forget()
                begin = time.process_time()
                refine += timed(reader, overview, view, EXACT)[0]
                busy += time.process_time() - begin
            shares[quantity] = decode / refine if refine else 0.0
            cores[quantity] = plain_busy / busy if busy else 0.0
        lines.append("  of plain decoding per unit of processor time: " + ", ".join(f"{q} {share:.2f}x" for q, share in cores.items()))
        samples = sum(decoded_samples(reader, view) for view in large)
        lines.append(
            f"  {len(large)} large exact pictures: {samples / refine / 1e6:.0f} M samples/s, plain decoding {samples / decode / 1e6:.0f}"
        )
    return lines, [("T7", f"exact refine of {q}, of plain decoding", share, 0.8, "x", False) for q, share in shares.items()]


def plainly(reader, view):
    """Seconds to decode what an exact picture needs, on as many threads, and nothing else."""
    reader.forget()
    chunks = []
    for rack in dict.fromkeys(rack for rack, *_ in view.rows):
        first, last = reader.span_of(rack, view.start_ns, view.end_ns)
        length = reader.chunk_samples(rack)
        chunks += [(rack, number * length, (number + 1) * length) for number in range(first // length, (last - 1) // length + 1)]
    begin = time.perf_counter()
    reader.each(lambda chunk: reader.cell_voltage_mv(chunk[0], chunk[1], min(chunk[2], reader.samples(chunk[0]))), chunks)
    return time.perf_counter() - begin


class Whole:
    """The window as one matrix of all cells. of: reads (rack number, cells, samples); instant: reads all cells at a sample; else racks one by one."""

    def __init__(self, cells, racks, of, instant=None):
        self._cells, self._racks, self._of, self._instant = cells, racks, of, instant

    def __getitem__(self, cut):
        rows, time_cut = cut
        if self._instant and rows == slice(None) and time_cut.stop - time_cut.start == 1:
            return self._instant(time_cut.start)
        begin, end = rows.start or 0, self._racks * self._cells if rows.stop is None else rows.stop
        racks = range(begin // self._cells, -(-end // self._cells))
        inside = slice(begin % self._cells, begin % self._cells + end - begin) if len(racks) == 1 else slice(None)
        parts = [self._of(rack, inside, time_cut) for rack in racks]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)


def instant_of(reader, names, at):
    """(C, 1) all cells at a sample."""
    return np.concatenate(list(reader.instant_mv(dict.fromkeys(names, at)).values()))[:, np.newaxis]


def slices(project, size, _python):
    """T3: the three ways to cut the matrix, against stock h5py reading the very same file, and one in the layout that performance.md recommends."""
    copy = project.path.parent / "copy.h5"  # of one file HDF5 would share caches with our reader
    shutil.copy(project.window_path(WINDOW), copy)
    lines, targets = against_h5py(project, size, copy, "on the same file")
    copy.unlink()
    other = project.path.parent / f"chunks{RECOMMENDED}.h5"
    if not other.exists():
        in_longer_chunks(project, other)
    more, further = against_h5py(project, size, other, f"in chunks of {RECOMMENDED} samples")
    return lines + more, targets + further


def in_longer_chunks(project, path):
    """The voltages in the layout of performance.md 2.4."""
    with project.window(WINDOW) as reader, h5py.File(path, "w") as file:
        for rack in reader.facts.plant.racks:
            samples = reader.samples(rack.id)
            made = file.create_dataset(
                f"racks/{rack.id}/cell_voltage",
                (len(rack.cells), samples),
                "<i2",
                chunks=(len(rack.cells), RECOMMENDED),
                shuffle=True,
                compression="gzip",
            )
            for first in range(0, samples, RECOMMENDED):
                block = np.zeros((len(rack.cells), RECOMMENDED), "<i2")
                found = reader.cell_voltage_mv(rack.id, first, min(first + RECOMMENDED, samples))
                block[:, : found.shape[1]] = found
                made.id.write_direct_chunk((0, first), codec.encode(block))
            reader.forget()


def against_h5py(project, size, path, words_of_file):
    """Our reader in turns with stock h5py on a file of its own, both from memory, nothing decoded before."""
    racks, cells, samples, _, _, times = SIZES[size]
    with project.window(WINDOW) as reader, h5py.File(path, "r", rdcc_nbytes=0) as file:
        names = [rack.id for rack in reader.facts.plant.racks]
        sets = [file[f"racks/{name}/cell_voltage"] for name in names]

        def mine(rack, inside, cut):
            return reader.cell_voltage_mv(names[rack], cut.start or 0, cut.stop or samples, inside)

        ours = Whole(cells, racks, mine, lambda at: instant_of(reader, names, at))
        theirs = Whole(cells, racks, lambda rack, inside, cut: sets[rack][inside, cut])
        assert np.array_equal(ours[:, 100:101], theirs[:, 100:101])
        once = (cells * racks, samples, 1)
        runs = [(peers.reads(ours, *once, seed, reader.forget), peers.reads(theirs, *once, seed)) for seed in range(times)]
        busy = [
            (
                peers.reads(ours, *once, seed, reader.forget, clock=time.process_time),
                peers.reads(theirs, *once, seed, clock=time.process_time),
            )
            for seed in range(times)
        ]
        held = peers.reads(ours, cells * racks, samples, times, again=True)
        length = reader.chunk_samples(names[0])
    ceiling = measuring.copy_gb_per_s()
    decoded = {"instant": racks * cells * length, "cell": cells * samples, "rack": cells * min(samples, 2000 + length)}
    lines, targets = [], []
    for name, words in SLICES:
        a, b = (float(np.median([run[which][name] for run in runs])) * 1e3 for which in (0, 1))
        per_core = float(np.median([run[1][name] for run in busy]) / np.median([run[0][name] for run in busy]))
        share = decoded[name] * 2e-6 / a / ceiling
        lines.append(
            f"{words:<24}{a:8.2f} ms, decoding {share * 100:.0f} % of numpy's copy; h5py {words_of_file} {b:.1f} ms; read again {held[name] * 1e3:.2f} ms"
        )
        lines.append(f"{'':<24}of stock h5py per unit of processor time: {per_core:.2f}x")
        targets.append(("T3", f"{words}, of stock h5py {words_of_file}", b / a, 4.0, "x", False))
    return lines, targets


def blosc_slices(project, size, python):
    """T3 against the best named peer: a Blosc2 copy of the same matrix, read through b2h5py."""
    racks, cells, samples, _, _, times = SIZES[size]
    copy = project.path.parent / "blosc.h5"
    made = {} if copy.exists() else measuring.alone(python, Path(peers.__file__), "b2h5py-window", copy, project.window_path(WINDOW))
    other = made if "skipped" in made else measuring.alone(python, Path(peers.__file__), "b2h5py", copy, times)
    if "reads" not in other:
        return [f"b2h5py skipped: {other['skipped']}"], []
    with project.window(WINDOW) as reader:
        names = [rack.id for rack in reader.facts.plant.racks]

        def mine(rack, inside, cut):
            return reader.cell_voltage_mv(names[rack], cut.start or 0, cut.stop or samples, inside)

        ours = Whole(cells, racks, mine, lambda at: instant_of(reader, names, at))
        reads = peers.reads(ours, cells * racks, samples, times, 1, reader.forget)
    lines = [f"{words:<24}{reads[name] * 1e3:8.2f} ms; b2h5py {other['reads'][name] * 1e3:.2f} ms" for name, words in SLICES]
    return lines, [("T3", f"{words}, of b2h5py", other["reads"][name] / reads[name], 0.6, "x", False) for name, words in SLICES]


def streaming(project, _size, _python):
    """All samples once, in order, as a study reads them: memory must not grow with the window."""
    begin, total = time.perf_counter(), 0
    with project.window(WINDOW) as reader:
        for rack in reader.facts.plant.racks:
            for first in range(0, reader.samples(rack.id), 8192):
                total += reader.cell_voltage_mv(rack.id, first, min(first + 8192, reader.samples(rack.id))).size
    wall = time.perf_counter() - begin
    return [f"all {total:,} samples streamed in {wall:.1f} s ({total * 2e-9 / wall:.2f} GB/s)"], []


def forgotten(project):
    """Both files of the window are on the disk only."""
    return measuring.drop_from_memory([project.window_path(WINDOW), overview_path(project, WINDOW)])


def first_picture(reader, overview, view):
    """As `timed`, of a first picture; then, as in the window, the one that stays where a better one can be had, which is not timed."""
    told = timed(reader, overview, view, FIRST, prove=False)
    if not told[2] and (not told[4] or least_decoded(reader, view) <= EXACT):
        fetch(reader, overview, view, EXACT)
    return told


def timed(reader, overview, view, most, *, prove=True):
    """Wall and processor seconds of one fetch, whether it is made from the samples, its rows and columns, and whether it is as it would stay."""
    begin, busy = time.perf_counter(), time.thread_time()
    found = fetch(reader, overview, view, most, prove=prove)
    return time.perf_counter() - begin, time.thread_time() - busy, found.exact, found.low.shape, found.proven


def told(words, runs):
    """Clock and core of many fetches."""
    over = sum(run[0] > FRAME_S for run in runs)
    walls, busies = ([run[which] for run in runs] for which in (0, 1))
    return f"{words}: {measuring.spread(walls)}; {over} over 16 ms\n  time on its core: {measuring.spread(busies)}; {sum(b > FRAME_S for b in busies)} over 16 ms"


def stage(name, size, folder, python):
    """One stage; what it has to say as JSON."""
    before = measuring.peak_mb()
    with Project.open(folder / "site.bessreview", read_only=True) as project:
        lines, targets = globals()[name](project, size, python)
    print(json.dumps({"lines": lines, "targets": targets, "peak_mb": measuring.peak_mb(), "before_mb": before}))


if __name__ == "__main__":
    chosen = sys.argv[1] if len(sys.argv) > 1 else "small"
    if len(sys.argv) > 4:
        stage(sys.argv[4], chosen, Path(sys.argv[3]), sys.argv[2])
        sys.exit()
    place = Path(sys.argv[3]) if len(sys.argv) > 3 else Path(tempfile.mkdtemp(prefix="workbench-benchmark-"))
    try:
        main(chosen, place, sys.argv[2] if len(sys.argv) > 2 else sys.executable)
    finally:
        if len(sys.argv) <= 3:
            shutil.rmtree(place, ignore_errors=True)
