"""Sites whose noise is of a chosen kind, with one-sample excursions at known places; and which pixels of a picture of them ought to be marked."""

import numpy as np
from builders import windows
from builders.plants import rack, series

from workbench.viewmodels.heatmap import Extremes, heatmap_picture
from workbench.viewmodels.requests import HeatmapRequest

CELLS = 60
RACKS = ("R01", "R02")
MISSING = -32768


def noise(kind, rng, cells, samples):
    """(C, T) noise of the readings [mV] before rounding to the store's millivolt."""
    if kind == "normal 0.3 mV":
        return rng.normal(0, 0.3, (cells, samples))
    if kind == "normal 2 mV":
        return rng.normal(0, 2, (cells, samples))
    if kind == "heavy tails":  # Student's t of 4 degrees of freedom, standard deviation 1 mV
        return rng.standard_t(4, (cells, samples)) / np.sqrt(2)
    if kind == "drifting":  # every sensor wanders by tens of millivolts over days
        return rng.normal(0, 1, (cells, samples)) + np.cumsum(rng.normal(0, 0.15, (cells, samples)), axis=1)
    return rng.normal(0, 1, (cells, samples))


KINDS = ("normal 1 mV", "normal 0.3 mV", "normal 2 mV", "heavy tails", "drifting", "steps of 5 mV", "held until polled", "missing blocks")


def voltages(kind, seed, samples, cells=CELLS):
    """(C, T) of one rack: level, imbalance of full and empty cells, offsets, noise of this kind."""
    rng = np.random.default_rng(seed)
    knee = np.maximum(np.sin(np.arange(samples) / 2000), 0) ** 8  # at the knees healthy cells stray by tens of millivolts
    level = 3300 + 50 * np.sin(np.arange(samples) / 300) + rng.normal(0, 30, (cells, 1)) * knee + rng.normal(0, 2, (cells, 1))
    values = level + noise(kind, rng, cells, samples)
    if kind == "held until polled":  # a reading stays until the cell is polled again, on average after three samples
        at = np.where(rng.random((cells, samples)) < 1 / 3, np.arange(samples), 0)
        values = np.take_along_axis(values, np.maximum.accumulate(at, axis=1), axis=1)
    step = 5 if kind == "steps of 5 mV" else 1
    stored = (np.rint(values / step) * step).astype(np.int16)
    if kind == "missing blocks":
        for _ in range(40):
            first, length = int(rng.integers(samples)), int(rng.integers(1, 300))
            stored[rng.random(cells) < 0.7, first : first + length] = MISSING
    return stored


def site(kind, seed, samples, events, size_mv=10):
    """(series of both racks, events). An event: (rack number, cell, sample); only where the sample and both its neighbours were received."""
    made = []
    for number, name in enumerate(RACKS):
        one = series(rack(name, CELLS, probes=0), samples=samples, seed=number)
        one.cell_voltage_mv[:] = voltages(kind, (seed, number), samples)
        made.append(one)
    rng = np.random.default_rng((seed, 99))
    chosen = []
    while len(chosen) < events:
        place, cell, sample = int(rng.integers(2)), int(rng.integers(CELLS)), int(rng.integers(1, samples - 1))
        around = made[place].cell_voltage_mv[cell, sample - 1 : sample + 2]
        if (around != MISSING).all():
            made[place].cell_voltage_mv[cell, sample] += size_mv * int(rng.choice([-1, 1]))
            chosen.append((place, cell, sample))
    return made, chosen


def picture(facts, root, got, view):
    """The heatmap of what the store hands over."""
    extremes = Extremes(
        got.rows, got.low, got.high, got.spike, got.count, got.edges_ns, got.cells_per_row, got.bucket_s, got.exact,
        spike_noise_mv=got.spike_noise_mv,
    )  # fmt: skip
    request = HeatmapRequest(window_id=windows.ID, start_ns=view.start_ns, end_ns=view.end_ns, quantity=view.quantity)
    return heatmap_picture(request, facts, root, extremes, {})


def marks(got, shown, made, events):
    """(visible, events in view, marked without reason, pixels without an event) of one picture."""
    begins = {name: np.array([cell for rack_id, cell in got.rows if rack_id == name]) for name in RACKS}
    offset = {name: next((i for i, (rack_id, _) in enumerate(got.rows) if rack_id == name), None) for name in RACKS}
    reason = np.zeros(shown.spike.shape, bool)
    visible = seen = 0
    for place, cell, sample in events:
        name, time_ns = RACKS[place], made[place].time_ns
        if offset[name] is None or not got.edges_ns[0] <= time_ns[sample] < got.edges_ns[-1]:
            continue
        row = offset[name] + int(np.searchsorted(begins[name], cell + 1, side="right")) - 1
        columns = np.searchsorted(got.edges_ns, time_ns[max(sample - 1, 0) : sample + 2], side="right") - 1
        reason[row, np.clip(columns, 0, shown.spike.shape[1] - 1)] = True
        visible, seen = visible + bool(shown.spike[row, np.searchsorted(got.edges_ns, time_ns[sample], side="right") - 1]), seen + 1
    free = ~reason & (shown.count > 0)
    return visible, seen, int((shown.spike.astype(bool) & free).sum()), int(free.sum())
