"""How fast are the two pictures that are drawn most? Heatmap frame and cursor, rack lines; each beside pyqtgraph's own items in the same run.

    python3 packaging/run.py benchmark drawing

Offscreen, CPU time of the process. Targets are T9 and T10 of performance.md: ratios to a peer, and one absolute promise (the cursor).
"""

import os
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
from measuring import machine

from workbench.ui.app import make_app
from workbench.ui.brush import View
from workbench.ui.divergence_plot import DivergencePlot
from workbench.ui.heatmap_canvas import HeatmapCanvas
from workbench.ui.heatmap_image import sheet_of
from workbench.viewmodels.pictures import Caption, DivergencePicture, HeatmapPicture, Line, RackRow, RackRows

ROWS, COLUMNS, SECOND = 1000, 2000, 1_000_000_000
RACKS, POINTS, FLAGGED = 200, 4000, 5
RUNS = 15


def median_ms(act, runs=RUNS):
    """Median CPU milliseconds over some runs: of all threads, because Qt hands a part of some pictures to others of its own."""
    taken = []
    for number in range(runs):
        begin = time.process_time()
        act(number)
        taken.append(time.process_time() - begin)
    return 1e3 * sorted(taken)[len(taken) // 2]


def caption(unit="mV"):
    """Words of a picture nobody reads."""
    return Caption("benchmark", "deviation", unit, "one pixel: worst of 1 cell", "benchmark", "00", "UTC")


def heat(seed):
    """A heatmap of one rack, one value per pixel, a few beyond the scale and a few ringed."""
    chance = np.random.default_rng(seed)
    value = chance.normal(0, 12, (ROWS, COLUMNS))
    value[chance.integers(0, ROWS, 60), chance.integers(0, COLUMNS, 60)] = 90
    spike = np.zeros(value.shape, np.uint8)
    spike[chance.integers(0, ROWS, 60), chance.integers(0, COLUMNS, 60)] = 1
    edges = np.arange(COLUMNS + 1, dtype=np.int64) * SECOND
    racks = (RackRows("R01", "R01", 0, ROWS, tuple(range(1, ROWS + 1))),)
    return HeatmapPicture(
        caption(), racks, value, value - 1, value + 1, np.ones(value.shape, np.int64), np.ones(value.shape, np.uint8), spike, edges, "diverging",
        -60.0, 60.0, 25, 0, 60, 60, 0.0, np.linspace(-60, 60, 61), np.ones(60, np.int64), 1.0, 1.0,
    )  # fmt: skip


def heatmap_frames(app):
    """CPU [ms] of a new frame by name, one value per pixel on both sides; and (ours, InfiniteLine over ImageItem) per move of the cursor."""
    pictures = [heat(seed) for seed in range(2)]
    canvas = HeatmapCanvas()
    canvas.resize(1000, 1000)
    canvas.resize(int(1000 - canvas.plot_box().width()) + COLUMNS, int(1000 - canvas.plot_box().height()) + ROWS)
    canvas.show_window(0, COLUMNS * SECOND, "UTC")
    canvas.set_view(View(0, COLUMNS * SECOND))
    canvas.show()
    canvas.show_picture(pictures[0])
    app.processEvents()
    assert canvas.device_size() == (ROWS, COLUMNS)
    sheets = [sheet_of(p) for p in pictures]

    def window(number):
        canvas.show_picture(pictures[number % 2], sheets[number % 2])
        canvas.repaint()

    def all_of_it(number):
        canvas.show_picture(pictures[number % 2])
        canvas.repaint()

    def ours_cursor(number):
        canvas.set_cursor((number * 37 % COLUMNS) * SECOND)

    found = {"window": median_ms(window), "all": median_ms(all_of_it)}
    canvas.update = canvas.repaint  # what it asks to be painted later is painted at once, so that it can be timed
    cursor = median_ms(ours_cursor)
    canvas.close()
    line = 0.0
    for name, dtype in (("int16", np.int16), ("float64", np.float64)):
        found[name], line = image_item(app, [(np.rint(p.value) if name == "int16" else p.value).astype(dtype) for p in pictures])
    return found, (cursor, line)


def image_item(app, images):
    """(new frame, cursor moved over it) of ImageItem, at its best: rows first, not mirrored, one value per pixel, levels and colours given."""
    frames = pg.PlotWidget()
    view = frames.getPlotItem().vb
    view.invertY(True)
    view.setDefaultPadding(0)
    item = pg.ImageItem(images[0], axisOrder="row-major", levels=(-60, 60), lut=pg.colormap.get("viridis").getLookupTable(nPts=256))
    frames.addItem(item)
    line = pg.InfiniteLine(0)
    frames.addItem(line)
    frames.resize(1000, 1000)
    frames.show()
    frames.setRange(xRange=(0, COLUMNS), yRange=(0, ROWS), padding=0)
    app.processEvents()
    free = view.sceneBoundingRect()
    frames.resize(int(1000 - free.width()) + COLUMNS, int(1000 - free.height()) + ROWS)
    app.processEvents()

    def frame(number):
        item.setImage(images[number % 2], autoLevels=False)
        frames.viewport().repaint()

    def cursor(number):
        line.setValue(number * 37 % COLUMNS)
        frames.viewport().repaint()

    found = median_ms(frame), median_ms(cursor)
    frames.close()
    return found


def fleet():
    """200 racks x 4000 points: five flagged, the band of the others."""
    chance = np.random.default_rng(3)
    time_ns = np.arange(POINTS, dtype=np.int64) * 3600 * SECOND
    values = 40 + np.cumsum(chance.normal(0, 0.1, (RACKS, POINTS)), axis=1)
    names = [f"R{k + 1:03d}" for k in range(RACKS)]
    lines = tuple(
        Line(n, time_ns, v, v, v, "subject" if k < FLAGGED else "quiet") for k, (n, v) in enumerate(zip(names, values, strict=True))
    )
    low, mid, high = np.quantile(values[FLAGGED:], [0.05, 0.5, 0.95], axis=0)
    rows = tuple(RackRow(n, n, (), 0.0, 0.0, 0.0, 0.0, 0.0, None, "", 0.0, "in band", "good") for n in names)
    return DivergencePicture(caption(), lines, Line("fleet", time_ns, low, mid, high), None, "", rows, 5.0, 0.0), values


def rack_lines(app):
    """(ours, 200 PlotCurveItem) per repaint after a pan of all racks [ms]; and how many lines each shows."""
    picture, values = fleet()
    span = (0, int(POINTS * 3600 * SECOND))
    plot = DivergencePlot()
    plot.resize(1600, 900)
    plot.show()
    plot.show_picture(picture, "R001", alone=False, limit_mv=None, span=span)
    app.processEvents()
    seen = span[1] / SECOND

    def ours(number):
        plot.plot.setXRange(seen * 0.001 * number, seen * (1 + 0.001 * number), padding=0)
        plot.plot.viewport().repaint()

    bare, x = pg.PlotWidget(), np.arange(POINTS) * 3600.0
    bare.resize(1600, 900)
    for row in values:
        bare.addItem(pg.PlotCurveItem(x, row))
    bare.show()
    app.processEvents()

    def theirs(number):
        bare.setXRange(seen * 0.001 * number, seen * (1 + 0.001 * number), padding=0)
        bare.viewport().repaint()

    found = median_ms(ours, 7), median_ms(theirs, 7)
    plot.close()
    bare.close()
    return found


def verdict(met):
    """The word at the end of a line."""
    return "met" if met else "MISSED"


def main(words):
    """Measure and print."""
    print(f"drawing benchmark, offscreen, {machine()}")
    app = make_app([])
    frame, (cursor, line) = heatmap_frames(app)
    ratio = frame["int16"] / frame["all"]
    print(
        f"  T9  heatmap {ROWS}x{COLUMNS}, new frame      {frame['all']:7.1f} ms   ImageItem int16 {frame['int16']:7.1f} ms   {ratio:.1f}x   target 2.5x   {verdict(ratio >= 2.5)}"
    )
    print(
        f"      ... without the classes, which are made beside the picture on another thread   {frame['window']:.1f} ms   {frame['int16'] / frame['window']:.1f}x"
    )
    print(
        f"      ... ImageItem with our own array of float64   {frame['float64']:.1f} ms   {frame['float64'] / frame['all']:.1f}x; ours also finds and grows what lies beyond the scale, rings excursions, numbers cells"
    )
    print(
        f"  T9  cursor moved over it          {cursor:7.2f} ms   line over ImageItem {line:7.1f} ms   target 1 ms   {verdict(cursor <= 1.0)}"
    )
    ours, theirs = rack_lines(app)
    ratio = theirs / ours
    print(
        f"  T10 {RACKS} racks x {POINTS}, panned       {ours:7.1f} ms   200 PlotCurveItem {theirs:7.1f} ms   {ratio:.1f}x   target 7x   {verdict(ratio >= 7)}"
    )
    print(
        f"      ours shows the {FLAGGED} flagged racks and the fleet as its band of 5 to 95 %, the peer 200 lines over each other; Datashader is not compared"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
