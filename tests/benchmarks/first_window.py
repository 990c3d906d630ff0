"""One start of a window in a process of its own, and nothing else in it: `bare` PySide6 with three docks, or `ours`. For `window.py`.

    python tests/benchmarks/first_window.py bare|ours BEGUN

BEGUN: time.time() when the process was started. Prints seconds on the wall to the first paint and to an idle loop, the processor seconds of
each, and resident memory [MB].
"""

import sys
import time

WIDE, TALL = 1920, 1080


def bare():
    """Nothing but PySide6."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QMainWindow

    app = QApplication([])
    window = QMainWindow()
    window.setCentralWidget(QLabel("bare"))
    for area in (Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea):
        window.addDockWidget(area, QDockWidget("dock"))
    return app, window


def ours():
    """Our window on its start page."""
    from workbench.ui.app import make_app
    from workbench.ui.main_window import MainWindow

    return make_app([]), MainWindow()


def shown(app, window, begun):
    """When it was painted, and when it was idle."""
    from PySide6.QtCore import QEvent, QObject

    painted = []

    class Filter(QObject):
        def eventFilter(self, watched, event):
            if not painted and event.type() == QEvent.Type.Paint:
                painted[:] = time.time() - begun, time.process_time()
            return False

    watcher = Filter()
    app.installEventFilter(watcher)
    window.resize(WIDE, TALL)
    window.show()
    for _ in range(8):
        app.processEvents()
    app.removeEventFilter(watcher)
    return *painted, time.time() - begun, time.process_time()


if __name__ == "__main__":
    app, window = bare() if sys.argv[1] == "bare" else ours()
    times = shown(app, window, float(sys.argv[2]))
    with open("/proc/self/statm", encoding="ascii") as pages:  # noqa: PTH123  nothing else is imported here
        print(*times, int(pages.read().split()[1]) * 4096 / 1e6)
