"""How fast is a study, against the memory it reads and against what a person would write? usage: study.py small|full [PYTHON OF THE PEERS]

Racks are simulated one after the other and studied as they come, so that the site never lies in memory. Small: 3 racks of 24 cells, 4 days every
30 s. Full: 12 racks of 416 cells, 10 days every 10 s (4,992 cells, 431 million samples).
"""

import hashlib
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from unittest import mock

import msgspec
import numpy as np
from benchmarks import cell_statistics, measuring, synthetic

from workbench.analysis import glance
from workbench.analysis.results import StudyParameters, StudyResult
from workbench.analysis.study import study
from workbench.asset import rack_median
from workbench.asset.nameplate import DesignRecord
from workbench.asset.plain import canonical
from workbench.asset.topology import Plant
from workbench.asset.window import WindowFacts
from workbench.jobs.progress import Progress
from workbench.simulation.bms import BmsSpec, displayed
from workbench.simulation.rack import simulate_rack
from workbench.simulation.rack_spec import RackSpec, rack_of
from workbench.store.project import Project

SIZES = {"small": (3, 4, 6, 4, 30.0), "full": (12, 8, 52, 10, 10.0)}  # racks, modules, cells of a module, days, period
DESIGN = DesignRecord(
    chemistry="LFP",
    rated_capacity_ah=314.0,
    cell_voltage_max_v=3.65,
    cell_voltage_min_v=2.50,
    current_gain_accuracy=0.005,
    current_offset_a=0.5,
    source="benchmark",
)
RUNS = 5  # of each way to make the statistics, in turns
PEERS = Path(__file__).with_name("cell_statistics.py")
NAIVE = Path(__file__).with_name("study_pandas.py")
PEER_DAYS = 3  # that pandas is given: its frames are many times the size of the data


def spec_of(number, modules, cells, days, period_s):
    """One rack of the site: the same whoever asks for it, in whatever order."""
    return RackSpec(rack=f"R{number + 1:02d}", modules=modules, cells_per_module=cells, days=days, period_s=period_s, seed=number + 1)


def simulated(spec):
    """Its series with an honest display."""
    return displayed(simulate_rack(spec), BmsSpec())


def facts_of(specs):
    """The window of these racks."""
    first = specs[0]
    samples = round(first.days * 86400 / first.period_s) * first.modules * first.cells_per_module * len(specs)
    return WindowFacts(
        id="0" * 12,
        name="benchmark",
        plant=Plant(site="benchmark", racks=tuple(rack_of(spec) for spec in specs)),
        start_ns=first.start_ns,
        end_ns=first.start_ns + round(first.days * 86400e9),
        nominal_period_s=first.period_s,
        time_zone="UTC",
        time_zone_known=True,
        sources=(),
        mapping="{}",
        repairs=(),
        samples=samples,
    )


class Source:
    """Hands racks to a study as a store would, and takes the time of making them out of the account."""

    def __init__(self, specs):
        self._specs = {spec.rack: spec for spec in specs}
        self.away_s = self.away_cpu_s = 0.0

    def __call__(self, rack):
        begin, busy = time.perf_counter(), time.process_time()
        series = simulated(self._specs[rack])
        self.away_s += time.perf_counter() - begin
        self.away_cpu_s += time.process_time() - busy
        return series


def run(specs):
    """(result, wall seconds, processor seconds) of one study, without the simulation."""
    source = Source(specs)
    begin, busy = time.perf_counter(), time.process_time()
    result = study(facts_of(specs), "root", source, DESIGN, StudyParameters(), Progress())
    return result, time.perf_counter() - begin - source.away_s, time.process_time() - busy - source.away_cpu_s


def digest(spec):
    """What a study of one rack alone says, as a digest: the same bits on any worker."""
    result, _, _ = run((spec,))
    return hashlib.sha256(canonical(result)).hexdigest()


def digest_in_blocks(spec, samples, strip):
    """The same with other lengths of block: of the posture, and of the medians of a rack."""
    with mock.patch.object(glance.blocks, "__defaults__", (samples,)), mock.patch.object(rack_median, "STRIP", strip):
        return digest(spec)


def copy_gb_per_s():
    """numpy's copy of 64 MB, best of 7 in processor time [GB/s]: what others do on this machine does not count."""
    source = np.ones(32 << 20, np.int16)
    target, best = np.empty_like(source), float("inf")
    for _ in range(7):
        begin = time.process_time()
        np.copyto(target, source)
        best = min(best, time.process_time() - begin)
    return source.nbytes / 1e9 / best


def raw_gb(specs):
    """Voltages of these racks as they are stored [GB]."""
    return facts_of(specs).samples * 2 / 1e9


def main(size, python):
    """Speed and memory of the whole, growth with cells and days, the same bits on all ways, and the statistics alone beside the peers."""
    racks, modules, cells, days, period_s = SIZES[size]
    specs = [spec_of(number, modules, cells, days, period_s) for number in range(racks)]
    measuring.title(
        f"study {size}: {racks} racks of {modules * cells} cells, {days} days every {period_s:g} s, {facts_of(specs).samples / 1e6:.1f} million samples"
    )
    copy = copy_gb_per_s()
    result, wall, busy = run(specs)
    assert isinstance(result, StudyResult)
    assert len(result.cells) == racks * modules * cells
    gb = raw_gb(specs)
    print(
        f"whole study: {wall:.1f} s by the clock, {busy:.1f} s of processor time; {gb / busy:.4f} GB/s of processor time, 1/{copy * busy / gb:.0f} of numpy's copy"
    )
    print(f"peak memory {measuring.peak_mb():.0f} MB, one rack of voltages is {raw_gb(specs[:1]) * 1e3:.0f} MB")
    beside_pandas(spec_of(0, modules, cells, min(days, PEER_DAYS), period_s), python, copy)
    growth(modules, cells, days, period_s)
    same_bits(specs[: 2 if size == "full" else racks], result if size == "small" else None)
    statistics_beside_peers(specs[0], python, copy)
    print(measuring.machine())


def beside_pandas(spec, python, copy):
    """A rack of fewer days, studied by us and as most would write it with pandas: the same processor, in turns. Time grows with the days, see `growth`."""
    series = simulated(spec)
    with tempfile.TemporaryDirectory(prefix="workbench-benchmark-") as folder:
        path = Path(folder) / "rack.npz"
        degc = series.probe_temperature_ddegc.mean(axis=0) / 10
        np.savez(path, time_ns=series.time_ns, voltage_mv=series.cell_voltage_mv, current_a=series.signals["rack_current_a"], degc=degc)
        pairs = [(run((spec,)), measuring.alone(python, NAIVE, path)) for _ in range(3)]
    told = pairs[0][1]
    if "skipped" in told:
        print(f"pandas skipped: {told['skipped']}")
        return
    result = pairs[0][0][0]
    ours = [cell.deviation_mv["discharging"] for cell in result.cells]
    assert np.median(np.abs(np.subtract(ours, told["discharge_mv"]))) < 1, "pandas finds other deviations while discharging"
    gb, busy = raw_gb((spec,)), float(np.median([other["busy"] for _, other in pairs]))
    ratio = float(np.median([other["busy"] / mine for (_, _, mine), other in pairs]))
    print(
        f"pandas, ten plain questions of a study, rack of {len(ours)} cells x {spec.days} days: {gb / busy:.4f} GB/s of processor time,"
        f" 1/{copy * busy / gb:.0f} of numpy's copy, {ratio:.1f}x the time of our whole study of it, peak {told['peak_mb']:.0f} MB"
    )


def growth(modules, cells, days, period_s):
    """Processor time with twice and four times the cells, and with twice the days: 1.0 per doubling is linear."""
    least = [spec_of(0, max(modules // 4, 1) * step, cells, max(days // 2, 3), period_s) for step in (1, 2, 4)]
    busy = [min(run((spec,))[2] for _ in range(2)) for spec in least]
    twice = min(run((spec_of(0, max(modules // 4, 1) * 4, cells, 2 * max(days // 2, 3), period_s),))[2] for _ in range(2))
    print(
        f"growth: 2x the cells {busy[1] / busy[0]:.2f}x the time, 4x the cells {busy[2] / busy[0]:.2f}x; 2x the days {twice / busy[2]:.2f}x"
    )


def same_bits(specs, whole):
    """One worker, blocks of other lengths, two threads, two processes: the same bits. Racks studied one at a time say of their cells what the whole study says."""
    digests, walls = {}, {}
    ways = {
        "one worker": lambda: [digest(spec) for spec in specs],
        "short blocks": lambda: [digest_in_blocks(spec, 1000, 100) for spec in specs],
        "long blocks": lambda: [digest_in_blocks(spec, 100_000, 4000) for spec in specs],
        "two threads": lambda: list(threads.map(digest, specs)),
        "two processes": lambda: list(processes.map(digest, specs)),
    }
    with ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        list(processes.map(abs, (1, 2)))  # started before the clock runs
        for name, work in ways.items():
            begin = time.perf_counter()
            digests[name] = work()
            walls[name] = time.perf_counter() - begin
    assert len({tuple(one) for one in digests.values()}) == 1, "the result depends on who computed it"
    if whole is not None:
        apart = [cell for spec in specs for cell in run((spec,))[0].cells]
        assert apart == list(whole.cells), "a rack studied alone says something else of its cells"
    times = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in walls.items())
    print(f"bit-equal over one worker, block lengths, threads and processes: {times} (making the racks included)")
    measuring.target("T15", "a study by two processes, of two threads", walls["two threads"] / walls["two processes"], 0.9, unit="x")


class OneRack:
    """A simulated rack as `synthetic.write_window` asks for a site."""

    racks = 1

    def __init__(self, series):
        self.cells = len(series.rack.cells)
        self._series = series

    def rack(self, number):
        """As the store knows it; probes are not asked for."""
        return msgspec.structs.replace(self._series.rack, probes=())

    def voltage_mv(self, number, first, samples):
        """(C, T) int16."""
        return self._series.cell_voltage_mv[:, first : first + samples]


def statistics_beside_peers(spec, python, copy):
    """T12: mean, extremes, spread and largest deviation from the rack's middle of every cell: ours in blocks and from the store, numpy and pandas as most would write it."""
    with tempfile.TemporaryDirectory(prefix="workbench-benchmark-") as folder:
        path = Path(folder) / "rack.npy"
        series = simulated(spec)
        voltage = series.cell_voltage_mv
        np.save(path, voltage)
        with Project.create(Path(folder) / "rack.bessreview") as project:
            entry, _ = synthetic.write_window(project, OneRack(series), voltage.shape[1])
            window = project.window_path(entry.id)
        runs = [
            {
                name: measuring.alone(
                    python if name == "pandas" else sys.executable, PEERS, name, window if name in cell_statistics.STORED else path
                )
                for name in (*cell_statistics.METHODS, *cell_statistics.STORED)
            }
            for _ in range(RUNS)
        ]
    gb = voltage.nbytes / 1e9
    for name in cell_statistics.METHODS:
        told = [run[name] for run in runs]
        if "skipped" in told[0]:
            print(f"  statistics, {name:<7} skipped: {told[0]['skipped']}")
            continue
        assert np.allclose(told[0]["figures"], runs[0]["blocks"]["figures"], rtol=1e-9), f"{name} finds other statistics"
        busy = float(np.median([one["busy"] for one in told]))
        print(
            f"  statistics, {name:<7} {gb / busy:6.3f} GB/s of processor time, 1/{copy * busy / gb:.0f} of numpy's copy,"
            f" {median_ratio(runs, name, 'blocks'):5.1f}x our time, peak {told[0]['peak_mb']:.0f} MB"
        )
    assert np.allclose(runs[0]["stored"]["figures"], runs[0]["blocks"]["figures"], rtol=1e-12), "the stored window has other statistics"
    measuring.target("T12", "statistics of every cell, of naive numpy", median_ratio(runs, "numpy", "blocks"), 20, unit="x")
    measuring.target("T12", "statistics from the store, of decoding it", median_ratio(runs, "decoded", "stored"), 0.3, unit="x")


def median_ratio(runs, one, other):
    """Processor time of one by that of the other, each pair from the same moment."""
    return float(np.median([run[one]["busy"] / run[other]["busy"] for run in runs]))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "small", sys.argv[2] if len(sys.argv) > 2 else sys.executable)
