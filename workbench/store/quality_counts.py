"""How many samples of a window carry which mark? Counted chunk by chunk, so that memory stays bounded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.asset.quality import Quality
from workbench.jobs.progress import Progress
from workbench.store import schema
from workbench.store.reader import WindowReader

FLAGS = tuple(flag for flag in Quality if flag)


@dataclass(frozen=True, slots=True)
class Marked:
    """samples, cells: how many of a rack carry a mark, or none at all where flag is RECEIVED. first_ns: the first instant."""

    rack: str
    flag: Quality
    samples: int
    cells: int
    share: float
    first_ns: int


def quality_counts(reader: WindowReader, progress: Progress) -> tuple[Marked, ...]:
    """Per rack, the samples without a mark and those of each mark that occurs. A sample may carry several."""
    progress.stage("marks of the samples")
    result: list[Marked] = []
    for number, rack in enumerate(reader.facts.plant.racks):
        progress.step(number, len(reader.facts.plant.racks))
        total, length = reader.samples(rack.id), max(schema.CHUNK, 1)
        samples = dict.fromkeys((Quality.RECEIVED, *FLAGS), 0)
        cells = {flag: np.zeros(len(rack.cells), bool) for flag in samples}
        first = dict.fromkeys(samples, -1)
        for begin in range(0, total, length):
            progress.checkpoint()
            marks = reader.read(rack.id, begin, begin + length).cell_quality
            for flag in samples:
                hit = (marks & int(flag)) > 0 if flag else marks == 0
                if hit.any():
                    samples[flag] += int(hit.sum())
                    cells[flag] |= hit.any(axis=1)
                    first[flag] = first[flag] if first[flag] >= 0 else begin + int(np.argmax(hit.any(axis=0)))
        times, whole = reader.time_ns(rack.id), max(total * len(rack.cells), 1)
        result += [
            Marked(rack.id, flag, count, int(cells[flag].sum()), count / whole, int(times[first[flag]]))
            for flag, count in samples.items()
            if count
        ]
    return tuple(result)
