"""W and S zoom, A and D pan along the bottom of any plot; one meaning of these keys for every stage."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

ACTS = {Qt.Key.Key_W: (0.8, 0.0), Qt.Key.Key_S: (1.25, 0.0), Qt.Key.Key_A: (1.0, -0.25), Qt.Key.Key_D: (1.0, 0.25)}


def moved_by_key(plot: Any, key: Qt.Key) -> bool:
    """Move the plot where the key is one of these; whether it was. Without a plot nothing moves."""
    if key not in ACTS or plot is None:
        return False
    factor, step = ACTS[key]
    low, high = plot.getPlotItem().vb.viewRange()[0]
    middle, half = (low + high) / 2 + step * (high - low), (high - low) / 2 * factor
    plot.setXRange(middle - half, middle + half, padding=0)
    return True
