"""Which share of one-sample excursions of 10 mV is marked, and which share of other pixels? usage: excursions.py small|full

T8 at every zoom, aspect ratio and kind of noise, on seeds of its own; the formula of the threshold was made with none. The threshold itself comes from the theory of
normal noise (workbench/asset/spike_noise.py) and from the noise that the overview of the window finds.
"""

import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np
from benchmarks import measuring
from builders import windows
from builders.excursions import CELLS, KINDS, RACKS, marks, picture, site

from workbench.jobs.progress import Progress
from workbench.store.overviews import build_overview
from workbench.store.project import Project
from workbench.store.viewport import EXACT, Viewport, fetch

SIZES = {"small": (12_000, 60, (101,), KINDS[:2]), "full": (30_000, 60, (101, 102, 103), KINDS)}  # samples, events, seeds, kinds
EXCURSION_MV = 10
ENOUGH_PIXELS = 20_000  # fewer say nothing of one in a thousand
GRIDS = ((120, 2000), (60, 300), (6, 200), (2, 40))  # rows, columns
SHARES = (1, 4, 16, 64)  # of the window in view


def views(made, events, samples, share, grid, rng):
    """Viewports of both racks around events."""
    for number in rng.permutation(len(events))[: 1 if share == 1 else 12]:
        place, _, sample = events[number]
        span = samples // share
        first = min(max(sample - span // 2, 0), samples - span)
        time_ns = made[place].time_ns
        rows = tuple((name, 1, CELLS) for name in RACKS)
        yield Viewport(int(time_ns[first]), int(time_ns[first + span - 1]) + 1, rows, *grid, "deviation")


def measure(kind, seed, samples, number, folder):
    """zoom -> [visible, events, false, pixels, sum of limits, sum of samples per pixel, pictures], and the noise found [mV]."""
    made, events = site(kind, seed, samples, number)
    rng = np.random.default_rng(seed)
    found = defaultdict(lambda: np.zeros(7))
    with Project.create(folder / f"{kind.replace(' ', '-')}-{seed}.bessreview") as project:
        windows.write(project, made, block=9000)
        with project.window(windows.ID) as reader:
            overview = build_overview(project, reader, Progress())
            for grid in GRIDS:
                for share in SHARES:
                    for view in views(made, events, samples, share, grid, rng):
                        for words, most in (("overview", 0), ("samples", EXACT)):
                            got = fetch(reader, overview, view, most)
                            shown = picture(reader.facts, reader.root, got, view)
                            told = marks(got, shown, made, events)
                            found[grid, share, words] += (*told, shown.spike_limit_mv, got.count.max(), 1)
    return found, overview.spike_noise_mv


def main(size):
    """One table of kinds, one of zooms."""
    samples, number, seeds, kinds = SIZES[size]
    measuring.title(f"excursions {size}: +-10 mV for one sample, {number} in {2 * CELLS} cells x {samples:,} samples, seeds {seeds}")
    by_zoom = defaultdict(lambda: np.zeros(7))
    print(f"{'noise':<20}{'found':>9}{'visible':>10}{'lowest zoom':>13}{'false':>10}{'worst zoom':>12}")
    for kind in kinds:
        zooms, noises = defaultdict(lambda: np.zeros(7)), []
        for seed in seeds:
            with tempfile.TemporaryDirectory(prefix="workbench-benchmark-") as folder:
                found, noise_mv = measure(kind, seed, samples, number, Path(folder))
            noises.append(noise_mv)
            for zoom, values in found.items():
                zooms[zoom] += values
                if kind == "normal 1 mV":
                    by_zoom[zoom] += values
        told = np.array(list(zooms.values()))
        whole = told.sum(axis=0)
        shares, false = told[:, 0] / np.maximum(told[:, 1], 1), told[:, 2] / np.maximum(told[:, 3], 1)
        many = told[:, 3] >= ENOUGH_PIXELS
        print(
            f"{kind:<20}{np.mean(noises):6.2f} mV{whole[0] / whole[1]:10.1%}{shares.min():13.1%}{whole[2] / whole[3]:10.4%}"
            f"{false[many].max() if many.any() else 0:12.3%}",
            flush=True,
        )
        print(f"{'':<20}visible {between(whole[0], whole[1])}, false {between(whole[2], whole[3])}", flush=True)
        if kind == "normal 1 mV":
            lowest, worst = told[np.argmin(shares)], told[many][np.argmax(false[many])]
            print(f"{'':<20}lowest zoom {between(*lowest[:2])}, worst {between(*worst[2:4])}")
            measuring.target("T8", "visible at every zoom, 1 mV of noise", shares.min() * 100, 95, unit=" %")
            measuring.target(
                "T8", f"marked without reason at any zoom of {ENOUGH_PIXELS:,} pixels", false[many].max() * 100, 0.1, unit=" %", most=True
            )
    print("\n1 mV, by zoom (rows x columns, share of the window): samples per pixel, limit; visible, as theory has it; false")
    for (grid, share, words), (visible, seen, false, pixels, limits, counts, pictures) in by_zoom.items():
        print(
            f"  {grid[0]:>4} x {grid[1]:<5} 1/{share:<3} from {words:<9}{counts / pictures:8.0f}{limits / pictures:6.2f} mV{visible / seen:8.1%} of {seen:4.0f}"
            f"{in_theory(limits / pictures):8.1%}{false / pixels:10.4%} of {pixels:9,.0f}"
        )
    print(measuring.machine())


def between(hits, of):
    """Wilson's interval of 95 % for a share [%]; of independent draws, which pixels of overlapping pictures are not quite."""
    share, z = hits / of, 1.96
    middle, half = share + z * z / (2 * of), z * np.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    low, high = (float(np.clip((middle + side * half) / (1 + z * z / of), 0, 1)) for side in (-1, 1))
    return f"{share:.3%} [{low:.3%}, {high:.3%}]"


def in_theory(limit_mv, draws=1_000_000):
    """Share of events of 10 mV whose spike reaches a limit in normal noise of 1 mV and readings of whole ones, had the rack no other cells."""
    rng = np.random.default_rng(8)
    phase = rng.random(draws)
    here, before, after = (np.rint(phase + size + rng.normal(0, 1, draws)) for size in (EXCURSION_MV, 0, 0))
    nearer = here - np.maximum(before, after)
    return float((np.minimum(here - (before + after) / 2, 1.5 * nearer) >= limit_mv).mean())


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "small")
