"""Where do rows wait until all of them are read? A temporary row-major file per rack: sorting and joining then need no memory of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from workbench.asset.channels import MISSING_INT16
from workbench.asset.quality import Quality
from workbench.asset.topology import Rack
from workbench.asset.window import FloatArray, Int64Array, RackSeries

OUT_ROWS = 8192  # rows handed on at a time


@dataclass
class RackSpool:
    """The rows of one rack as they arrive, in any order. A row holds only what its file had; the rest is missing."""

    path: Path
    rack: Rack
    signals: tuple[str, ...]
    rows: int = 0
    duplicates_equal: int = 0
    duplicates_conflicting: int = 0
    backwards: int = 0
    last_ns: int = field(default=-(2**62))

    def __post_init__(self) -> None:
        cells, probes = len(self.rack.cells), len(self.rack.probes)
        self.dtype = np.dtype(
            [("t", "<i8"), ("v", "<i2", (cells,)), ("q", "u1", (cells,)), ("p", "<i2", (probes,)), ("s", "<f8", (len(self.signals),))]
        )
        self._file = self.path.open("wb")

    def blank(self, rows: int) -> np.ndarray[Any, Any]:
        """Rows in which nothing was received."""
        block = np.zeros(rows, self.dtype)
        block["v"], block["q"], block["p"], block["s"] = MISSING_INT16, int(Quality.MISSING), MISSING_INT16, np.nan
        return block

    def add(self, block: np.ndarray[Any, Any]) -> None:
        """Keep rows."""
        if not len(block):
            return
        steps = np.diff(np.r_[self.last_ns, block["t"]])
        self.backwards += int((steps < 0).sum())
        self.last_ns = int(block["t"][-1])
        self._file.write(block.tobytes())
        self.rows += len(block)

    def close(self) -> None:
        """No more rows."""
        self._file.close()

    def ordered(self) -> tuple[np.ndarray[Any, Any], Int64Array]:
        """All rows (memory-mapped) and the order of the first row of each instant. Equal rows and conflicting ones are counted apart."""
        rows = np.memmap(self.path, self.dtype, "r") if self.rows else np.zeros(0, self.dtype)
        time_ns = np.array(rows["t"])
        order = np.argsort(time_ns, kind="stable")
        later = np.flatnonzero(np.diff(time_ns[order]) == 0) + 1
        for place in later:
            one, two = rows[order[place]], rows[order[place - 1]]
            if one.tobytes() == two.tobytes():
                self.duplicates_equal += 1
            else:
                self.duplicates_conflicting += 1
        return rows, np.delete(order, later)

    def blocks(self, rows: np.ndarray[Any, Any], order: Int64Array) -> Any:
        """The rows in order as series of at most OUT_ROWS samples."""
        for first in range(0, len(order), OUT_ROWS):
            yield self._series(rows[order[first : first + OUT_ROWS]])

    def _series(self, part: np.ndarray[Any, Any]) -> RackSeries:
        signals: dict[str, FloatArray] = {name: np.ascontiguousarray(part["s"][:, i]) for i, name in enumerate(self.signals)}
        return RackSeries(
            self.rack,
            np.ascontiguousarray(part["t"]),
            np.ascontiguousarray(part["v"].T),
            np.ascontiguousarray(part["q"].T),
            np.ascontiguousarray(part["p"].T),
            signals,
        )
