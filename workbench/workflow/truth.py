"""Does a study find what was planted, where it was planted, and call it by its name? The truth suite, run by anyone.

Each scenario is simulated for a number of seeds and studied as any window would be; one that is about files goes through files and the importer.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from workbench.analysis.results import Candidate, Check, Outcome, StudyParameters, StudyResult
from workbench.analysis.study import study
from workbench.asset.plain import Fact
from workbench.asset.scope import Mandate, Scope
from workbench.errors import Reason, UsageError
from workbench.jobs.progress import Progress
from workbench.simulation.logged_rows import logged_rows, write_rows
from workbench.simulation.scenarios import SCENARIOS, Planted, Scenario, sized
from workbench.simulation.scene import Scene, made
from workbench.simulation.systematic import with_systematic_errors
from workbench.workflow.session import Session
from workbench.workflow.truth_accuracy import Accuracy, AccuracyTable

LOUD = (Outcome.FAIL, Outcome.DEGRADED)
TRUE_OF_ALL = ("DQ13", "DQ20")  # small racks are logged every 30 s, and no scenario exports an energy meter: a posture rightly says so


class Judged(Fact, frozen=True):
    """One planted thing after a study: found (its rack spoke up), located (at its cells), named (by one of its names)."""

    what: str
    rack: str
    found: bool
    located: bool
    named: bool


class Trial(Fact, frozen=True):
    """One scenario with one seed. false: findings that nothing planted explains, one sentence each."""

    scenario: str
    seed: int
    planted: tuple[Judged, ...]
    false: tuple[str, ...]
    seconds: float

    @property
    def right(self) -> bool:
        """Everything found, located and named, and nothing else said."""
        return all(j.found and j.located and j.named for j in self.planted) and not self.false


class Truthfulness(Fact, frozen=True):
    """The whole run."""

    trials: tuple[Trial, ...]
    accuracy: tuple[Accuracy, ...]

    @property
    def right(self) -> bool:
        """Whether every trial is."""
        return all(trial.right for trial in self.trials)


def run(
    names: Iterable[str],
    seeds: Iterable[int],
    progress: Progress,
    *,
    full: bool = False,
    days: int | None = None,
    told: Callable[[Trial], None] | None = None,
) -> Truthfulness:
    """Every scenario (all if none is named) with every seed. told hears of each trial as it ends."""
    chosen = list(names) or list(SCENARIOS)
    unknown = [name for name in chosen if name not in SCENARIOS]
    if unknown:
        raise UsageError(Reason.USAGE, f"There is no scenario '{unknown[0]}'.", f"Choose among {', '.join(SCENARIOS)}.")
    table, trials = AccuracyTable(), []
    for name in chosen:
        for seed in seeds:
            start = time.monotonic()
            scene = made(with_systematic_errors(sized(SCENARIOS[name], seed, full=full, days=days)), progress)
            scene, result = studied(scene, progress)
            table.add(scene, result)
            trials.append(judged(scene.scenario, seed, result, time.monotonic() - start))
            if told is not None:
                told(trials[-1])
    return Truthfulness(tuple(trials), table.rows())


def studied(scene: Scene, progress: Progress) -> tuple[Scene, StudyResult]:
    """The study of a scene. One that must go through files comes back with the facts and series that were imported."""
    if scene.scenario.through_files:
        with tempfile.TemporaryDirectory(prefix="workbench-truth-") as folder:
            return _imported(scene, Path(folder), progress)
    return scene, study(scene.facts, "truth", scene.series.__getitem__, scene.design, StudyParameters(), progress)


def _imported(scene: Scene, folder: Path, progress: Progress) -> tuple[Scene, StudyResult]:
    spec = scene.scenario
    rng = np.random.default_rng([spec.racks[0].seed, 92])
    export = write_rows(
        folder / "export.zip", [(series, logged_rows(series, spec.spoils, rng)) for series in scene.series.values()], spec.zone
    )
    scope = Scope(client="truth suite", mandate=Mandate.VALUATION, question=spec.about, time_zone=spec.zone, design=scene.design)
    with Session.create(folder / "truth.bessreview", scope, author="truth suite") as session:
        entry = session.import_window([export], progress, name=spec.name)
        result = session.run_study(entry.id, progress)
        reader = session.views.reader(entry.id)
        series = {rack.id: reader.series(rack.id) for rack in reader.facts.plant.racks}
        return replace(scene, facts=reader.facts, series=series), result


def judged(scenario: Scenario, seed: int, result: StudyResult, seconds: float) -> Trial:
    """What the study made of the scenario."""
    loud = [check for check in result.checks if check.outcome in LOUD]
    return Trial(
        scenario=scenario.name,
        seed=seed,
        planted=tuple(_judged(planted, result.candidates, loud) for planted in scenario.planted),
        false=(*_false_candidates(scenario, result.candidates), *_false_checks(scenario, loud)),
        seconds=round(seconds, 2),
    )


def _judged(planted: Planted, candidates: tuple[Candidate, ...], loud: list[Check]) -> Judged:
    here = [c for c in candidates if c.rack == planted.rack]
    there = [c for c in here if not planted.cells or set(c.cells) & set(planted.cells)]
    checks = [check for check in loud if check.id in planted.names and any(_at(e, planted) for e in check.elements)]
    return Judged(
        what=planted.what,
        rack=planted.rack,
        found=bool(here or checks),
        located=bool(there or checks),
        named=bool(checks) or any(c.kind in planted.names for c in there),
    )


def _at(element: str, planted: Planted) -> bool:
    return element.startswith(planted.rack) or (planted.bank != "" and element == planted.bank)


def _false_candidates(scenario: Scenario, candidates: tuple[Candidate, ...]) -> list[str]:
    explained = {(p.rack, cell) for p in scenario.planted for cell in p.cells} | {(p.rack, 0) for p in scenario.planted if not p.cells}
    return [f"{c.kind} {c.rack} {list(c.cells)}" for c in candidates if not {(c.rack, cell) for cell in (0, *c.cells)} & explained]


def _false_checks(scenario: Scenario, loud: list[Check]) -> list[str]:
    """Checks nobody planted, and planted checks that accuse a rack nobody touched."""
    found = []
    for check in loud:
        named = [p for p in (*scenario.planted, *scenario.drawn) if check.id in p.names]
        if check.id in (*scenario.tolerated, *TRUE_OF_ALL):
            continue
        wrong = [e for e in check.elements if not any(_at(e, planted) for planted in named)]
        if not named or wrong:
            found.append(f"{check.id} {check.outcome.value}" + (f" {wrong[0]}" if wrong else ""))
    return found
