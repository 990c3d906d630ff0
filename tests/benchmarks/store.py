"""How small are windows, and how fast are they written and read? usage: store.py small|full [PYTHON OF THE PEERS]

T1 to T4 of performance.md, but for T3 at the size of a site, which viewport.py shows. The same matrix goes to stock h5py (shuffle and deflate, chunks as ours) and, where it is installed, to b2h5py.
"""

import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import h5py
import numpy as np
from benchmarks import measuring, peers, synthetic

from workbench.store import codec
from workbench.store.project import Project

SIZES = {"small": (2, 50, 2048, 2), "full": (50, 400, 8192, 7)}  # racks, cells, samples, times
CHUNK = 512


class Ours:
    """A window, sliced as one matrix of all cells: what the views ask for, rack by rack, on all cores."""

    def __init__(self, reader):
        self._reader = reader
        self._racks = [rack.id for rack in reader.facts.plant.racks]
        self._cells = len(reader.facts.plant.racks[0].cells)

    def __getitem__(self, cut):
        rows, time_cut = cut
        first, last = time_cut.start or 0, self._reader.samples(self._racks[0]) if time_cut.stop is None else time_cut.stop
        begin, end = rows.start or 0, len(self._racks) * self._cells if rows.stop is None else rows.stop
        racks = self._racks[begin // self._cells : -(-end // self._cells)]
        if len(racks) == 1:
            inside = slice(begin % self._cells, begin % self._cells + end - begin)
            return self._reader.cell_voltage_mv(racks[0], first, last, inside)
        return np.concatenate(self._reader.each(lambda rack: self._reader.cell_voltage_mv(rack, first, last), racks))


def main(size, python, folder):
    """Write once, read many times."""
    racks, cells, samples, times = SIZES[size]
    measuring.title(f"store {size}: {racks} racks of {cells} cells, {samples:,} samples each")
    site = synthetic.Site(racks, cells)
    raw = racks * cells * samples * 2
    blocks = [site.voltage_mv(0, first, min(CHUNK, samples)) for first in range(0, samples, CHUNK)]
    encode(blocks, folder, times)
    with Project.create(folder / "s.bessreview") as project:
        synthetic.write_window(project, site, samples)
        stock = folder / "stock.h5"
        with h5py.File(stock, "w") as file:
            dataset = file.create_dataset(
                "v", (racks * cells, samples), "<i2", chunks=(cells, CHUNK), shuffle=True, compression="gzip", compression_opts=1
            )
            for rack in range(racks):
                for first in range(0, samples, synthetic.BLOCK):
                    size_ = min(synthetic.BLOCK, samples - first)
                    dataset[rack * cells : (rack + 1) * cells, first : first + size_] = site.voltage_mv(rack, first, size_)
            theirs = dataset.id.get_storage_size()
        path = project.window_path("0123456789ab")
        with h5py.File(path) as file:
            ours = sum(file[f"racks/R{rack + 1:02d}/cell_voltage"].id.get_storage_size() for rack in range(racks))
        total = path.stat().st_size
        print(f"voltages: {raw / ours:.2f}x smaller than int16, {ours / theirs:.3f} of h5py's shuffle and gzip 1 ({raw / theirs:.2f}x)")
        measuring.target("T1", "smaller than int16", raw / ours, 4.0, unit="x")
        measuring.target("T1", "of the size of h5py's shuffle and gzip 1", ours / theirs, 1.05, unit="x", most=True)
        print(f"window with quality, times and proof: {total / (raw / 2):.3f} bytes per sample")
        with project.window("0123456789ab") as reader, ThreadPoolExecutor(2) as pool:
            read(reader, stock, python, folder, racks * cells, samples, times)
            scaling(reader, pool, racks)
    print(f"peak memory {measuring.peak_mb():.0f} MB; {measuring.machine()}")


def encode(blocks, folder, times):
    """Processor time of our encoder against h5py's filters writing the same chunks."""
    mine = min(measuring.seconds(lambda: [codec.encode(block) for block in blocks], times, time.process_time))

    def stock():
        with h5py.File(folder / "e.h5", "w") as file:
            rows, span = blocks[0].shape
            dataset = file.create_dataset(
                "v", (rows, span * len(blocks)), "<i2", chunks=(rows, span), shuffle=True, compression="gzip", compression_opts=1
            )
            for number, block in enumerate(blocks):
                dataset[:, number * span : (number + 1) * span] = block

    theirs = min(measuring.seconds(stock, times, time.process_time))
    megabytes = sum(block.nbytes for block in blocks) / measuring.MB
    print(f"encode, one core: {megabytes / mine:.0f} MB/s; h5py's shuffle and gzip 1 {megabytes / theirs:.0f} MB/s")
    measuring.target("T2", "encode, of h5py's", theirs / mine, 3.5, unit="x")


def read(reader, stock, python, folder, cells, samples, times):
    """Three ways to cut the matrix, in turns."""
    mine = Ours(reader)
    with h5py.File(stock, rdcc_nbytes=0) as file:  # both decode on every read
        dataset = file["v"]
        assert np.array_equal(mine[:, samples // 2 : samples // 2 + 1], dataset[:, samples // 2 : samples // 2 + 1])
        once = (cells, samples, 1)
        runs = [(peers.reads(mine, *once, seed, reader.forget), peers.reads(dataset, *once, seed)) for seed in range(times)]
        held = peers.reads(mine, cells, samples, times, again=True)
    with h5py.File(stock) as file:
        theirs_held = peers.reads(file["v"], cells, samples, times, again=True)
    blosc = measuring.alone(python, Path(peers.__file__), "b2h5py-make", folder / "blosc.h5", stock)
    other = blosc if "skipped" in blosc else measuring.alone(python, Path(peers.__file__), "b2h5py", folder / "blosc.h5")
    for name, words in (("instant", "one instant, all cells"), ("cell", "one cell, all time"), ("rack", "one rack, 2,000 samples")):
        ours, theirs = (float(np.median([run[which][name] for run in runs])) * 1e3 for which in (0, 1))
        against = f"{other['reads'][name] * 1e3 / ours:.2f}x b2h5py ({other['reads'][name] * 1e3:.1f} ms)" if "reads" in other else ""
        print(f"{words:<24} {ours:7.2f} ms  {theirs / ours:5.2f}x h5py gzip ({theirs:.1f} ms)  {against}")
        print(
            f"{'  read again':<24} {held[name] * 1e3:7.2f} ms  {theirs_held[name] / held[name]:5.2f}x h5py ({theirs_held[name] * 1e3:.2f} ms)"
        )
    if "skipped" in other:
        print(f"b2h5py skipped: {other['skipped']}")


def scaling(reader, pool, racks):
    """Decoding on two threads against one."""
    names = [rack.id for rack in reader.facts.plant.racks]

    def whole(rack):
        for first in range(0, reader.samples(rack), CHUNK):
            reader.cell_voltage_mv(rack, first, first + CHUNK)

    times = []
    for run in (lambda: [whole(name) for name in names], lambda: list(pool.map(whole, names))):
        reader.forget()
        begin = time.perf_counter()
        run()
        times.append(time.perf_counter() - begin)
    megabytes = sum(reader.samples(name) * len(reader.rack(name).cells) * 2 for name in names) / measuring.MB
    print(f"decode: {megabytes / times[0]:.0f} MB/s on one thread, {megabytes / times[1]:.0f} on two")
    measuring.target("T4", "decoding on two threads, of one", times[0] / times[1], 1.7, unit="x")


if __name__ == "__main__":
    place = Path(tempfile.mkdtemp(prefix="workbench-benchmark-"))
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "small", sys.argv[2] if len(sys.argv) > 2 else sys.executable, place)
    finally:
        shutil.rmtree(place, ignore_errors=True)
