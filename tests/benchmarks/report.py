"""How long does a report of 40 pages take, and how large is it? Beside the same pages with their plots exported as PNG in the same run.

    python3 packaging/run.py benchmark report

30 plots of 10 lines with 2,000 samples each. Ours are vector with every extreme kept; the peer's are pictures of pyqtgraph's own exporter, 1600 pixels
wide. Text and tables are the same pages by the same code, and stand alone on a line of their own. Target: T14 of performance.md.
"""

import io
import os
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
from measuring import machine
from pyqtgraph.exporters import ImageExporter
from PySide6.QtCore import QBuffer, QIODevice
from reportlab.lib.utils import ImageReader

from workbench.report import figures
from workbench.report import tokens as t
from workbench.report.flow import Col, Flow
from workbench.report.sheet import Sheet
from workbench.viewmodels.pictures import Caption, TracePanel, TracesPicture
from workbench.viewmodels.traces import reduced

PAGES, PLOTS, LINES, SAMPLES, COLUMNS, SECOND = 40, 30, 10, 2000, 600, 1_000_000_000
WIDE, HIGH = 1600, 900  # of the peer's pictures [px]
RUNS = 5
WORDS = "Words of a reviewer about the evidence and its limits. " * 20
RUNNING = {"left": "benchmark", "right": "", "foot": "", "verify": "", "code": "", "pages": str(PAGES)}


def samples(pages):
    """Ten random walks for each plot [V]."""
    chance = np.random.default_rng(0)
    return [np.cumsum(chance.normal(0, 0.002, (LINES, SAMPLES)), axis=1) + 3.3 for _ in range(pages * PLOTS // PAGES)]


def vector(sheet, values):
    """Our way: reduced to columns with their extremes, drawn as paths."""
    time_ns = np.arange(SAMPLES, dtype=np.int64) * SECOND
    column = np.arange(SAMPLES, dtype=np.int64) * COLUMNS // SAMPLES
    lines = tuple(reduced(f"R01 · C{k:03d}", time_ns, row, column, "subject" if not k else "second") for k, row in enumerate(values))
    caption = Caption("benchmark", "cell_voltage_v", "V", "extremes kept", "benchmark", "00", "UTC")
    picture = TracesPicture(caption, (TracePanel("Cell voltage", "V", lines, None),), 0, SAMPLES * SECOND)
    return lambda x, y, w, h: figures.traces(sheet, picture, x, y, w, h)


class Pictures:
    """The peer's way: one plot widget, its exporter, a PNG in the page."""

    def __init__(self):
        pg.setConfigOptions(background="w", foreground="k")
        self.app = pg.mkQApp()
        self.plot = pg.PlotWidget()
        self.plot.resize(WIDE, HIGH)
        self.lines = [self.plot.plot(pen=pg.intColor(k, LINES)) for k in range(LINES)]
        self.seconds = np.arange(SAMPLES, dtype=float)

    def __call__(self, sheet, values):
        for line, row in zip(self.lines, values, strict=True):
            line.setData(self.seconds, row)
        exporter = ImageExporter(self.plot.plotItem)
        exporter.parameters()["width"] = WIDE
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        exporter.export(toBytes=True).save(buffer, "PNG")
        picture = ImageReader(io.BytesIO(bytes(buffer.data())))
        return lambda x, y, w, h: sheet.canvas.drawImage(picture, x, sheet.height - y - h, w, h)


def printed(pages, data, way):
    """The report's bytes: a section on each page with words, a plot where there is one, and a table."""
    buffer = io.BytesIO()
    sheet = Sheet(buffer, t.A4, RUNNING)
    rows = [[f"R{n:02d}", "3.301", "3.294", "in band"] for n in range(12)]
    for number in range(pages):
        flow = Flow(sheet, str(number), "Section", "lead")
        flow.para(WORDS)
        if way is not None and number < len(data):
            flow.figure(190, "plot", way(sheet, data[number]), "Figure", "Cells against their rack", "10 lines")
        flow.table([Col("Rack", 60), Col("Highest, V", 70, "right"), Col("Lowest, V", 70, "right"), Col("Reading", 80)], rows, "table")
    sheet.canvas.showPage()
    sheet.canvas.save()
    return buffer.getvalue()


def measured(pages, data, way, runs):
    """(median processor seconds, bytes) of the report made one way."""
    taken, made = [], printed(pages, data, way)
    for _ in range(runs):
        begin = time.process_time()
        made = printed(pages, data, way)
        taken.append(time.process_time() - begin)
    return sorted(taken)[len(taken) // 2], len(made)


def main(size="full"):
    """Print both ways, words alone, and the ratios."""
    t.register_fonts()
    pages, runs = (PAGES, RUNS) if size == "full" else (8, 1)
    data = samples(pages)
    print(f"report  {pages} pages, {len(data)} plots of {LINES} x {SAMPLES} samples; {machine()}")
    words, _ = measured(pages, data, None, runs)
    ours, our_bytes = measured(pages, data, vector, runs)
    peer, peer_bytes = measured(pages, data, Pictures(), runs)
    print(f"  words and tables alone        {words:6.2f} s")
    print(f"  plots as vectors, ours        {ours:6.2f} s  {our_bytes / 1e6:6.2f} MB")
    print(f"  plots as PNG of {WIDE} px      {peer:6.2f} s  {peer_bytes / 1e6:6.2f} MB")
    fast, small = peer / max(ours, 1e-9), peer_bytes / our_bytes
    plots = (peer - words) / max(ours - words, 1e-9)
    verdict = "met" if fast >= 5 and small >= 5 else "MISSED"
    print(f"  T14  {fast:.1f}x faster, {small:.1f}x smaller (plots alone {plots:.1f}x); wanted 5x and 5x: {verdict}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
