"""Small plants and series with known contents."""

import numpy as np

from workbench.asset.topology import Cell, Plant, Probe, Rack
from workbench.asset.window import RackSeries, WindowFacts

START_NS = 1_772_000_000_000_000_000
PERIOD_NS = 10_000_000_000


def rack(rack_id="R01", cells=12, probes=2):
    return Rack(
        id=rack_id,
        label=f"owner {rack_id}",
        cells=tuple(Cell(index=i, label=f"{rack_id}_V{i:03d}") for i in range(1, cells + 1)),
        probes=tuple(Probe(index=i, label=f"{rack_id}_T{i:02d}") for i in range(1, probes + 1)),
    )


def series(of=None, samples=2000, seed=1, start_ns=START_NS, period_ns=PERIOD_NS):
    of = of or rack()
    rng = np.random.default_rng(seed)
    time_ns = start_ns + period_ns * np.arange(samples, dtype=np.int64)
    base = 3300 + 50 * np.sin(np.arange(samples) / 300)
    voltage = np.rint(base + rng.normal(0, 2, (len(of.cells), samples))).astype(np.int16)
    current = 50 * np.sign(np.sin(np.arange(samples) / 300))
    signals = {"rack_current_a": current, "rack_voltage_v": voltage.sum(axis=0) / 1000}
    probes = np.rint(250 + rng.normal(0, 3, (len(of.probes), samples))).astype(np.int16)
    return RackSeries(of, time_ns, voltage, np.zeros_like(voltage, np.uint8), probes, signals)


def facts(all_series, window_id="0123456789ab", name="test window", period_s=10.0, events=(), repairs=()):
    return WindowFacts(
        id=window_id,
        name=name,
        plant=Plant(site="test site", racks=tuple(s.rack for s in all_series)),
        start_ns=int(min(s.time_ns[0] for s in all_series)),
        end_ns=int(max(s.time_ns[-1] for s in all_series)) + PERIOD_NS,
        nominal_period_s=period_s,
        time_zone="UTC",
        time_zone_known=True,
        sources=(),
        mapping="{}",
        repairs=repairs,
        events=events,
        samples=sum(s.cell_voltage_mv.size for s in all_series),
    )
