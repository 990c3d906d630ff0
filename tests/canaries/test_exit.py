"""Does the process end with its exit code when an exception meets a living plot window?

Python 3.11 crashes at exit (139) after an uncaught exception while a pyqtgraph window is alive, unless the frames of the traceback,
which hold the window, are cleared first. That is why the program's last handler does so.
"""

import os
import subprocess
import sys

import pytest

WINDOW = """
import sys
import numpy as np
import pyqtgraph as pg
from PySide6 import QtWidgets

def main():
    app = QtWidgets.QApplication(["canary"])
    window = QtWidgets.QMainWindow()
    graphics = pg.GraphicsLayoutWidget()
    window.setCentralWidget(graphics)
    plot = graphics.addPlot()
    plot.plot([1, 2])
    plot.addItem(pg.ImageItem(np.zeros((50, 50))))
    window.menuBar().addMenu("File").addAction("Open")
    window.show()
    app.processEvents()
    raise RuntimeError("boom")
"""

BARE = WINDOW + "\nmain()\n"

HANDLED = (
    WINDOW
    + """
import traceback
try:
    main()
except RuntimeError as error:
    traceback.print_exc()
    traceback.clear_frames(error.__traceback__)
    code = 1
sys.exit(code)
"""
)


def outcome(program: str) -> tuple[int, str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYQTGRAPH_QT_LIB": "PySide6"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, env=environment, check=False)
    return done.returncode, done.stderr


def test_a_handler_that_clears_the_frames_ends_with_one():
    code, said = outcome(HANDLED)
    assert code == 1, said
    assert "RuntimeError: boom" in said


@pytest.mark.skipif(sys.version_info < (3, 12), reason="known crash of Python 3.11, which the handler above is for")
def test_an_uncaught_exception_ends_with_one():
    code, said = outcome(BARE)
    assert code == 1, said
    assert "RuntimeError: boom" in said
