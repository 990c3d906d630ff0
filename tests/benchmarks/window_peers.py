"""How fast is a window that others made? asammdf or silx view, one start in a process of its own, on data as large as ours. For `window.py --peers`.

    python tests/benchmarks/window_peers.py asammdf|silx FILE CHANNELS BEGUN

The peers are no dependencies: this runs in an environment of its own and imports nothing of ours. Method: user-experience.md section 5.
Prints, each on a line: name and value. FILE is made where it is not there: CHANNELS x 10,000 float64, seed 7 (MDF 4.10 or HDF5, not packed).
"""

import resource
import sys
import time
from pathlib import Path

from first_window import shown

SAMPLES = 10_000


def say(name, value):
    """One figure."""
    print(f"{name} {value:.4f}", flush=True)


def values(channels):
    """(channels, samples) volts."""
    import numpy as np

    chance = np.random.default_rng(7)
    wave = 3.3 + 0.1 * np.sin(2 * np.pi * np.arange(SAMPLES) * 10 / 21_600)
    return wave + chance.normal(0, 0.005, (channels, 1)) + chance.normal(0, 0.001, (channels, SAMPLES))


def painted(app, window, begun):
    """Say when a window is painted for the first time."""
    wall, cpu, _, _ = shown(app, window, begun)
    say("painted_s", wall)
    say("painted_cpu_s", cpu)
    say("memory_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6)


def moved(app, act):
    """Say what a step of a pan takes: median of twelve."""
    walls, cpus = [], []
    for number in range(12):
        wall, cpu = time.perf_counter(), time.process_time()
        act(number)
        app.processEvents()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    say("pan_s", sorted(walls)[6])
    say("pan_cpu_s", sorted(cpus)[6])


def asammdf(path, channels, begun):
    """All channels as lines in one plot."""
    from asammdf.gui.widgets.main import MainWindow
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication([])
    window = MainWindow([])
    painted(app, window, begun)
    begin, cpu = time.perf_counter(), time.process_time()
    window._open_file(str(path))
    app.processEvents()
    file = window.files.widget(0)
    wanted = []
    for number in range(channels):
        name = f"C{number:05d}"
        group, index = file.mdf.whereis(name)[0]
        wanted.append(
            {
                "name": name,
                "group_index": group,
                "channel_index": index,
                "origin_uuid": file.uuid,
                "type": "channel",
                "ranges": [],
                "enabled": True,
                "uuid": f"{number:012d}",
            }
        )
    file.add_window(["Plot", wanted])
    for _ in range(8):
        app.processEvents()
    say("to_plot_s", time.perf_counter() - begin)
    say("to_plot_cpu_s", time.process_time() - cpu)
    plot = file.mdi_area.subWindowList()[0].widget().plot
    low, high = plot.viewbox.viewRange()[0]
    half = (high - low) / 2

    def pan(number):
        plot.viewbox.setXRange(low + 0.02 * number * half, low + half + 0.02 * number * half, padding=0)
        plot.viewport().repaint()

    moved(app, pan)


def silx(path, channels, begun):
    """The start alone: its image of a data set is made by many classes that it does not promise to keep."""
    from silx.gui import qt

    app = qt.QApplication([])
    from silx.app.view.Viewer import Viewer

    painted(app, Viewer(), begun)


def write(path, channels):
    """The file that is opened."""
    import numpy as np
    from asammdf import MDF, Signal

    stamps = np.arange(SAMPLES) * 10.0
    with MDF(version="4.10") as file:
        file.append(
            [Signal(row, stamps, name=f"C{number:05d}", unit="V") for number, row in enumerate(values(channels))], common_timebase=True
        )
        file.save(path, overwrite=True)


if __name__ == "__main__":
    what, place, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    if what == "write":
        write(place, count)
    else:
        {"asammdf": asammdf, "silx": silx}[what](place, count, float(sys.argv[4]))
