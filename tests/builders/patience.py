"""Patience with a window: wait until everything that was asked for has arrived."""

import time

from PySide6.QtCore import QCoreApplication


def rest(window, seconds=30.0):
    at_rest(window.bridge, seconds)


def at_rest(bridge, seconds):
    deadline, quiet = time.monotonic() + seconds, 0
    while quiet < 3:
        assert time.monotonic() < deadline, "nothing came to rest"
        bridge.drain()
        QCoreApplication.processEvents()
        quiet = 0 if bridge.waiting or bridge.busy else quiet + 1
