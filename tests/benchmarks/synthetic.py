"""A site of any size, made in blocks: LFP cells with imbalance, resistance and offset, a daily cycle, noise, rare one-sample excursions."""

import numpy as np

from workbench.asset.topology import Cell, Plant, Rack
from workbench.asset.window import RackSeries, WindowFacts
from workbench.jobs.progress import Progress
from workbench.store.windows import WindowWriter

START_NS = 1_772_406_000_000_000_000
PERIOD_S = 10
SOC = np.array([0, 0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99, 1.0])
OCV_MV = np.array([2500, 2800, 3010, 3150, 3205, 3225, 3250, 3278, 3288, 3293, 3300, 3318, 3328, 3332, 3336, 3342, 3352, 3390, 3500.0])
TABLE_MV = np.interp(np.linspace(0, 1, 8192), SOC, OCV_MV).astype(np.float32)
NOISE_SAMPLES = 1 << 20
BLOCK = 8192


class Site:
    """Racks of series cells. Every block is the same whoever asks for it, in whatever order."""

    def __init__(self, racks, cells=400, noise_mv=1.0, seed=1):
        rng = np.random.default_rng(seed)
        self.racks, self.cells = racks, cells
        shape = (racks, cells)
        self._capacity = rng.normal(1, 0.015, shape).astype(np.float32)
        self._start = rng.normal(0, 0.01, shape).astype(np.float32)
        self._mohm = rng.normal(0.25, 0.02, shape).astype(np.float32)
        self._offset = rng.normal(0, 1.5, shape).astype(np.float32)
        self._noise = rng.normal(0, noise_mv, NOISE_SAMPLES).astype(np.float32)

    def rack(self, number):
        """The rack as the store knows it."""
        cells = tuple(Cell(index=i, label=f"R{number + 1:02d}_V{i:03d}", module=(i - 1) // 20 + 1) for i in range(1, self.cells + 1))
        return Rack(id=f"R{number + 1:02d}", label=f"R{number + 1:02d}", cells=cells, probes=())

    def voltage_mv(self, number, first, samples):
        """(C, T) int16 of one rack: samples first..first + samples - 1."""
        at = first + np.arange(samples)
        day = at * PERIOD_S / 86400 + 0.01 * number
        soc = (0.52 + 0.46 * np.sin(2 * np.pi * day)).astype(np.float32)
        current_a = np.where(np.abs(np.sin(2 * np.pi * day)) < 0.9, 65 * np.cos(2 * np.pi * day), 0).astype(np.float32)
        result = np.empty((self.cells, samples), np.int16)
        for cell in range(self.cells):
            share = np.clip(soc / self._capacity[number, cell] + self._start[number, cell], 0, 1)
            begin = hash((number, cell, first)) % (NOISE_SAMPLES - samples)
            value = TABLE_MV[(share * 8191).astype(np.int32)] + current_a * self._mohm[number, cell] + self._offset[number, cell]
            result[cell] = np.rint(value + self._noise[begin : begin + samples])
        rng = np.random.default_rng((number, first))
        result[rng.integers(self.cells, size=2), rng.integers(samples, size=2)] += 60
        return result


def write_window(project, site, samples, window_id="0123456789ab"):
    """A finished window of the site in bounded memory: (entry, samples of cells)."""
    racks = tuple(site.rack(number) for number in range(site.racks))
    with WindowWriter(project, window_id) as writer:
        for number, rack in enumerate(racks):
            writer.begin_rack(rack, ("rack_current_a",))
            for first in range(0, samples, BLOCK):
                size = min(BLOCK, samples - first)
                voltage = site.voltage_mv(number, first, size)
                time_ns = START_NS + (first + np.arange(size, dtype=np.int64)) * PERIOD_S * 10**9
                quality = np.zeros(voltage.shape, np.uint8)
                writer.append(
                    rack.id,
                    RackSeries(rack, time_ns, voltage, quality, np.empty((0, size), np.int16), {"rack_current_a": np.zeros(size)}),
                )
        total = site.racks * site.cells * samples
        entry = writer.finish(
            WindowFacts(
                id=window_id,
                name="site",
                plant=Plant(site="synthetic", racks=racks),
                start_ns=START_NS,
                end_ns=START_NS + samples * PERIOD_S * 10**9,
                nominal_period_s=float(PERIOD_S),
                time_zone="UTC",
                time_zone_known=True,
                sources=(),
                mapping="{}",
                repairs=(),
                samples=total,
            ),
            Progress(),
        )
    return entry, total


def write_wide(path, cells, rows):
    """A wide CSV in volts, as most exports are."""
    site = Site(1, cells)
    texts = np.array([f"{value / 1000:.3f}" for value in range(6000)])
    with path.open("w") as file:
        file.write("timestamp," + ",".join(f"cell_{i + 1:03d}" for i in range(cells)) + "\n")
        for first in range(0, rows, BLOCK):
            size = min(BLOCK, rows - first)
            stamps = _stamps(first, size)
            fields = texts[site.voltage_mv(0, first, size)]
            file.writelines(f"{stamps[i]},{','.join(fields[:, i])}\n" for i in range(size))


def write_long(path, racks, cells, instants):
    """A long CSV: time, element tag, value."""
    site = Site(racks, cells)
    texts = np.array([f"{value / 1000:.3f}" for value in range(6000)])
    tags = [[f",RACK{rack + 1:02d}_CELL{cell + 1:03d}_V," for cell in range(cells)] for rack in range(racks)]
    with path.open("w") as file:
        file.write("timestamp,tag,value\n")
        for first in range(0, instants, 512):
            size = min(512, instants - first)
            stamps = _stamps(first, size)
            fields = [texts[site.voltage_mv(rack, first, size)] for rack in range(racks)]
            for i in range(size):
                for rack in range(racks):
                    column = fields[rack][:, i]
                    file.write("".join([f"{stamps[i]}{tag}{column[cell]}\n" for cell, tag in enumerate(tags[rack])]))


def _stamps(first, size):
    begin = np.datetime64("2026-03-01T00:00:00") + np.timedelta64(first * PERIOD_S, "s")
    return np.char.replace((begin + np.arange(size) * np.timedelta64(PERIOD_S, "s")).astype(str), "T", " ").tolist()
