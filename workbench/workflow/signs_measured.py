"""How often does each sign show under each cause? Measured on drawn racks, and written down as the table that a ranking reads.

For every cause and row racks are drawn (`simulation.stray_draws`), studied as any window would be, and the signs of the cell at fault counted; cells
in which nothing was planted and that stray all the same are ordinary ones. Half of the draws make the table, the other half temper it: signs of one
cell are not independent, and the tempering is the one under which the true causes of that half are likeliest.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np

from workbench.analysis.causes import NOT_SIMULATED, ORDINARY_CELL, causes_in, every_row
from workbench.analysis.diagnosis import CellSigns, fits_of
from workbench.analysis.results import StudyParameters
from workbench.analysis.signature import Counts, Shown
from workbench.analysis.study import cell_signs
from workbench.jobs.progress import Progress
from workbench.simulation.scene import made
from workbench.simulation.stray_draws import CELL, DRAWS, OTHER, drawn
from workbench.simulation.systematic import with_systematic_errors

SILENT = (Shown.UNSEEN, Shown.UNCLEAR)
TEMPERS = np.round(np.arange(0.20, 1.21, 0.02), 2)
PER_MODULE = ("temperature of its place", "more capacity than its rack")
LETTERS = {Shown.LOW: "l", Shown.NORMAL: "n", Shown.HIGH: "h", Shown.YES: "y", Shown.NO: "o"}


@dataclass(frozen=True)
class Measured:
    """counts: (sloping, cause, row) -> sign -> what was shown -> times. cells: how many each row counts. temper: as found on the other half."""

    counts: Counts
    cells: dict[tuple[bool, str, int], int]
    temper: float
    held_out: int


Job = tuple[str, int, int]
Seen = list[tuple[str, int, CellSigns]]


def measured(seeds: Iterable[int], progress: Progress, workers: int = 1) -> Measured:
    """The table from so many draws of every row."""
    jobs = [(cause, row, seed) for seed in seeds for cause, makers in DRAWS.items() for row in range(len(makers))]
    counts: dict[tuple[bool, str, int], dict[str, Counter[Shown]]] = {}
    cells: Counter[tuple[bool, str, int]] = Counter()
    aside: Seen = []
    progress.stage("measuring signs")
    for number, ((_, _, seed), seen) in enumerate(_done(jobs, progress, workers)):
        progress.step(number, len(jobs))
        if seed % 2:
            aside += seen
            continue
        for cause, row, one in seen:
            key = (one.sloping, cause, row)
            cells[key] += 1
            for sign in one.signs:
                if sign.shown not in SILENT and not any((part, sign.name) in NOT_SIMULATED for part in causes_in(cause)):
                    counts.setdefault(key, {}).setdefault(sign.name, Counter())[sign.shown] += 1
    table = {key: {name: dict(shown) for name, shown in by_sign.items()} for key, by_sign in counts.items()}
    return Measured(table, dict(cells), _temper(table, aside), len(aside))


def _done(jobs: list[Job], progress: Progress, workers: int) -> Iterator[tuple[Job, Seen]]:
    if workers <= 1 or getattr(sys, "frozen", False):
        for job in jobs:
            progress.checkpoint()
            yield job, _seen(job)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for job, seen in zip(jobs, pool.map(_seen, jobs), strict=True):
            progress.checkpoint()
            yield job, seen


def _seen(job: Job) -> Seen:
    """The signs of the cells of one drawn rack that stray, each with its cause and row."""
    cause, row, seed = job
    scene = made(with_systematic_errors(drawn(cause, row, seed)))
    per = scene.scenario.racks[0].cells_per_module
    at_fault = set(range((CELL - 1) // per * per + 1, (CELL - 1) // per * per + per + 1)) if cause in PER_MODULE else {CELL}
    found: Seen = []
    for one in cell_signs(scene.facts, scene.series.__getitem__, scene.design, StudyParameters(), Progress()):
        if cause != ORDINARY_CELL and one.cell in at_fault:
            found.append((cause, row, one))
        elif one.cell != OTHER:  # it may be the one that is copied
            found.append((ORDINARY_CELL, 0, one))
    return found


def _temper(counts: Counts, aside: Seen) -> float:
    """The power of the likelihoods under which the causes of the cells set aside are likeliest; every cause weighs alike."""
    if not aside:
        return 1.0
    rows = {sloping: every_row(sloping=sloping, counts=counts) for sloping in (False, True)}
    weight = Counter(cause for cause, _, _ in aside)
    best, most = 1.0, -np.inf
    tables = [(cause, fits_of(one.signs, rows[one.sloping])) for cause, _, one in aside]
    for temper in TEMPERS.tolist():
        total = 0.0
        for cause, fits in tables:
            scores = temper * np.array([max(fit) for fit in fits.values()])
            own = scores[list(fits).index(cause)]
            total += float(own - scores.max() - np.log(np.exp(scores - scores.max()).sum())) / weight[cause]
        if total > most:
            best, most = temper, total
    return best


def as_module(found: Measured, seeds: int) -> str:
    """The text of `analysis/signature_table.py`."""
    rows = []
    for key in sorted(found.counts, key=lambda k: (k[0], list(DRAWS).index(k[1]), k[2])):
        sloping, cause, row = key
        parts = []
        for name in sorted(found.counts[key]):
            shown = found.counts[key][name]
            parts.append(f"{name} " + "".join(f"{LETTERS[s]}{shown[s]}" for s in LETTERS if s in shown))
        rows.append(f'    ({sloping}, "{cause}", {row}, {found.cells[key]}, "{"; ".join(parts)}"),')
    text = TEMPLATE.replace("@ROWS@", "\n".join(rows)).replace("@TEMPER@", f"{found.temper:g}")
    return text.replace("@SEEDS@", str(seeds)).replace("@ASIDE@", str(found.held_out))


TEMPLATE = '''"""How often did each sign show under each cause on simulated racks? Counts, made by `workbench truth --measure-signs`; not to be edited by hand.

Every row: whether the voltage tells the charge everywhere, the cause, its row, how many cells were counted, and per sign how often it was low (l),
normal (n), high (h), there (y) or not there (o). All is conditional on the simulator and on the sizes it draws (`simulation.stray_draws`).
"""

from __future__ import annotations

SEEDS = @SEEDS@  # draws of every row; half of them are counted here, @ASIDE@ cells of the others set the tempering
TEMPER = @TEMPER@  # signs of one cell are not independent: together they say less than their sum
ROWS: tuple[tuple[bool, str, int, int, str], ...] = (
@ROWS@
)  # fmt: skip
'''
