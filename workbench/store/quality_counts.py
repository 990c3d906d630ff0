"""How many samples of a window carry which mark? Counted chunk by chunk, so that memory stays bounded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.asset.channels import quantity_of
from workbench.asset.quality import Quality
from workbench.asset.window import ByteArray
from workbench.jobs.progress import Progress
from workbench.store import schema
from workbench.store.reader import WindowReader

CELLS, PROBES = "cells", "probes"
FLAGS = tuple(flag for flag in Quality if flag)


@dataclass(frozen=True, slots=True)
class Marked:
    """samples, cells: how many of a rack carry a mark, or none at all where flag is RECEIVED. first_ns: the first instant.

    of: ``cells``, ``probes``, or the name of a signal; cells counts the rows of that kind.
    """

    rack: str
    flag: Quality
    samples: int
    cells: int
    share: float
    first_ns: int
    of: str = CELLS


def quality_counts(reader: WindowReader, progress: Progress) -> tuple[Marked, ...]:
    """Per rack, the samples without a mark and those of each mark that occurs. A sample may carry several."""
    progress.stage("marks of the samples")
    result: list[Marked] = []
    for number, rack in enumerate(reader.facts.plant.racks):
        progress.step(number, len(reader.facts.plant.racks))
        total, length = reader.samples(rack.id), max(schema.CHUNK, 1)
        probes, names = len(rack.probes), reader.signal_names(rack.id)
        kinds = {CELLS: _Kind(slice(0, len(rack.cells)))} | ({PROBES: _Kind(slice(0, probes))} if probes else {})
        kinds |= {name: _Kind(slice(probes + k, probes + k + 1)) for k, name in enumerate(names) if quantity_of(name)}
        for begin in range(0, total, length):
            progress.checkpoint()
            block = reader.read(rack.id, begin, begin + length)
            others = block.channel_marks()
            for kind, seen in kinds.items():
                seen.see((block.cell_quality if kind == CELLS else others)[seen.rows], begin)
        times = reader.time_ns(rack.id)
        for kind, seen in kinds.items():
            whole = max(total * len(seen.hit[Quality.RECEIVED]), 1)
            result += [
                Marked(rack.id, flag, count, int(seen.hit[flag].sum()), count / whole, int(times[seen.first[flag]]), kind)
                for flag, count in seen.samples.items()
                if count
            ]
    return tuple(result)


class _Kind:
    """Counts of the marks of some rows of a matrix."""

    def __init__(self, rows: slice) -> None:
        self.rows = rows
        self.samples = dict.fromkeys((Quality.RECEIVED, *FLAGS), 0)
        self.hit = {flag: np.zeros(rows.stop - rows.start, bool) for flag in self.samples}
        self.first = dict.fromkeys(self.samples, -1)

    def see(self, marks: ByteArray, begin: int) -> None:
        """The next samples; begin: number of the first of them."""
        for flag in self.samples:
            hit = (marks & int(flag)) > 0 if flag else marks == 0
            if hit.any():
                self.samples[flag] += int(hit.sum())
                self.hit[flag] |= hit.any(axis=1)
                self.first[flag] = self.first[flag] if self.first[flag] >= 0 else begin + int(np.argmax(hit.any(axis=0)))
