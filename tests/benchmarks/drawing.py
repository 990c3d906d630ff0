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


def taken(acts, runs=RUNS):
    """{name: median CPU ms} of acts done in turn, so that what else the machine does meets all of them alike.

    Of all threads, because Qt hands a part of some pictures to others of its own.
    """
    spent = {name: [] for name in acts}
    for number in range(runs):
        for name, act in acts.items():
            begin = time.process_time()
            act(number)
            spent[name].append(time.process_time() - begin)
    return {name: 1e3 * sorted(all_)[runs // 2] for name, all_ in spent.items()}


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
    """{name: CPU ms} of a new frame, one value per pixel on both sides, and of a move of the cursor over it."""
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

    whole, whole_line = image_item(app, [np.rint(p.value).astype(np.int16) for p in pictures])
    same, _ = image_item(app, [p.value for p in pictures])
    found = taken({"window": window, "all": all_of_it, "int16": whole, "float64": same})
    canvas.update = canvas.repaint  # what it asks to be painted later is painted at once, so that it can be timed
    found |= taken({"cursor": lambda number: canvas.set_cursor((number * 37 % COLUMNS) * SECOND), "line": whole_line})
    canvas.close()
    return found


def image_item(app, images):
    """Acts of ImageItem: new frame, cursor moved over it; at its best: rows first, not mirrored, one value per pixel, levels and colours given."""
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

    return frame, cursor


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
    """{(name, what): CPU ms} per repaint of all racks on the same area; empty: the peer's plot without a line."""
    picture, values = fleet()
    span = (0, int(POINTS * 3600 * SECOND))
    plot = DivergencePlot()
    plot.resize(1600, 900)
    plot.show()
    plot.show_picture(picture, "R001", alone=False, limit_mv=None, span=span)
    app.processEvents()
    area = plot.plot.getPlotItem().vb.sceneBoundingRect()
    x = np.arange(POINTS) * 3600.0
    widgets = {"ours": plot.plot}
    for name, rows in (("theirs", values), ("empty", values[:0])):
        bare = widgets[name] = pg.PlotWidget()
        for row in rows:
            bare.addItem(pg.PlotCurveItem(x, row, skipFiniteCheck=True))
        bare.resize(1600, 900)
        bare.show()
        app.processEvents()
        free = bare.getPlotItem().vb.sceneBoundingRect()
        bare.resize(round(1600 - free.width() + area.width()), round(900 - free.height() + area.height()))
        app.processEvents()
    seen = span[1] / SECOND

    def act(name, left, right, width):
        def moved(number):
            widgets[name].setXRange(seen * left * number, seen * (width + right * number), padding=0)
            widgets[name].viewport().repaint()

        return moved

    moves = {"panned": (0.01, 0.01, 1), "zoomed": (0.005, -0.005, 1), "deep": (0.001, -0.001, 0.1)}
    return {
        (name, word): value
        for word, ends in moves.items()
        for name, value in taken({name: act(name, *ends) for name in widgets}, 9).items()
    }


def verdict(met):
    """The word at the end of a line."""
    return "met" if met else "MISSED"


def main(words):
    """Measure and print."""
    print(f"drawing benchmark, offscreen, {machine()}")
    app = make_app([])
    found = heatmap_frames(app)
    ratio = found["int16"] / found["window"]
    print(
        f"  T9  heatmap {ROWS}x{COLUMNS}, new frame in the window   {found['window']:7.1f} ms   ImageItem int16 {found['int16']:7.1f} ms   {ratio:.1f}x   target 2.5x   {verdict(ratio >= 2.5)}"
    )
    print(
        f"      ... with the classes, which the window's lane makes beside the picture   {found['all']:.1f} ms   {found['int16'] / found['all']:.1f}x; against ImageItem with our own array, float64   {found['float64']:.1f} ms   {found['float64'] / found['all']:.1f}x"
    )
    print("      ours also finds and grows what lies beyond the scale, rings excursions, numbers the cells")
    print(
        f"  T9  cursor moved over it          {found['cursor']:7.2f} ms   line over ImageItem {found['line']:7.1f} ms   target 1 ms   {verdict(found['cursor'] <= 1.0)}"
    )
    found = rack_lines(app)
    for word in ("panned", "zoomed"):
        ours, theirs, empty = (found[name, word] for name in ("ours", "theirs", "empty"))
        ratio = theirs / ours
        print(
            f"  T10 {RACKS} racks x {POINTS}, {word}       {ours:7.1f} ms   {RACKS} PlotCurveItem {theirs:7.1f} ms   {ratio:.1f}x   target 7x   {verdict(ratio >= 7)}   (an empty plot of the peer's {empty:.1f} ms)"
        )
    ours, theirs = (found[name, "deep"] for name in ("ours", "theirs"))
    print(
        f"      zoomed in ten times, where columns hold less than a sample   {ours:.1f} ms   theirs {theirs:.1f} ms   {theirs / ours:.1f}x"
    )
    print(
        f"      same area, all {RACKS} lines on both sides; ours also {FLAGGED} flagged on top, named, the band of 5 to 95 %, its median, three cursors"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
