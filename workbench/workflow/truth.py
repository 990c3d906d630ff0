"""Does a study find what was planted, where it was planted, and call it by its name? The truth suite, run by anyone.

Each scenario is simulated for a number of seeds and studied as any window would be; one that is about files goes through files and the importer.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from workbench.analysis.causes import LEAKS
from workbench.analysis.estimate_candidates import MIN_LEAK_MA
from workbench.analysis.results import Candidate, Check, Outcome, StudyParameters, StudyResult
from workbench.analysis.stray_candidates import KIND
from workbench.analysis.study import study
from workbench.asset.estimate import Estimate
from workbench.asset.plain import Fact
from workbench.asset.scope import Mandate, Scope
from workbench.errors import Reason, UsageError
from workbench.jobs.progress import Progress
from workbench.simulation.logged_rows import logged_rows, write_rows
from workbench.simulation.scenarios import SCENARIOS, Planted, Scenario, sized
from workbench.simulation.scene import Scene, made
from workbench.simulation.systematic import with_systematic_errors
from workbench.workflow.session import Session
from workbench.workflow.truth_accuracy import Accuracy, AccuracyTable, Gathered
from workbench.workflow.truth_causes import allowed
from workbench.workflow.truth_promises import Promise, PromiseTable

POLL_S = 0.2  # how late a cancel may be seen
LOUD = (Outcome.FAIL, Outcome.DEGRADED)
TRUE_OF_ALL = ("DQ13", "DQ20")  # small racks are logged every 30 s, and no scenario exports an energy meter: a posture rightly says so


class Judged(Fact, frozen=True):
    """One planted thing after a study: found (its rack spoke up), located (at its cells), named (by one of its names, or by the ranking to which a
    finding without a name of its own points). allowed: whether the ranking of causes allows for the true one; None where there is none. gate_open: whether
    the window could carry it at all; where it could not, silence is right.
    """

    what: str
    rack: str
    found: bool
    located: bool
    named: bool
    allowed: bool | None = None
    gate_open: bool = True

    @property
    def right(self) -> bool:
        """Found, located, named and not denied, or beyond what this window can carry."""
        return not self.gate_open or (self.found and self.located and self.named and self.allowed is not False)


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
        return all(j.right for j in self.planted) and not self.false


class Truthfulness(Fact, frozen=True):
    """The whole run."""

    trials: tuple[Trial, ...]
    accuracy: tuple[Accuracy, ...]
    promises: tuple[Promise, ...]

    @property
    def right(self) -> bool:
        """Whether every trial is."""
        return all(trial.right for trial in self.trials)

    @property
    def kept(self) -> bool:
        """Whether every promise of which the run speaks is kept."""
        return all(promise.kept is not False for promise in self.promises)


def run(
    names: Iterable[str],
    seeds: Iterable[int],
    progress: Progress,
    *,
    full: bool = False,
    days: int | None = None,
    told: Callable[[Trial], None] | None = None,
    workers: int = 1,
) -> Truthfulness:
    """Every scenario (all if none is named) with every seed. told hears of each trial as it ends.

    workers: processes that share the trials; numbers do not depend on how many.
    """
    chosen = list(names) or list(SCENARIOS)
    unknown = [name for name in chosen if name not in SCENARIOS]
    if unknown:
        raise UsageError(Reason.USAGE, f"There is no scenario '{unknown[0]}'.", f"Choose among {', '.join(SCENARIOS)}.")
    jobs = [_Job(name, seed, full, days) for name in chosen for seed in seeds]
    accuracy, promises, trials = AccuracyTable(), PromiseTable(), []
    for trial, errors, looks in _done(jobs, progress, workers):
        accuracy.merge(errors)
        promises.merge(looks)
        trials.append(trial)
        if told is not None:
            told(trial)
    rows = accuracy.rows()
    return Truthfulness(tuple(trials), rows, (*trial_promises(trials), *promises.rows(rows)))


@dataclass(frozen=True, slots=True)
class _Job:
    name: str
    seed: int
    full: bool
    days: int | None


_Gained = tuple[Trial, dict[str, Gathered], dict[str, list[tuple[float, bool]]]]


def _done(jobs: list[_Job], progress: Progress, workers: int) -> Iterator[_Gained]:
    """Every job in its order, here or in processes of their own."""
    if workers <= 1 or getattr(sys, "frozen", False):  # a bundle starts itself, not an interpreter
        for job in jobs:
            yield _tried(job, progress)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(_tried, job) for job in jobs]
        try:
            for one in waiting:
                while True:
                    progress.checkpoint()
                    try:
                        yield one.result(POLL_S)
                        break
                    except TimeoutError:
                        continue
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _tried(job: _Job, progress: Progress | None = None) -> _Gained:
    """One scenario with one seed: simulated, studied, judged, measured."""
    progress = progress or Progress()
    start = time.monotonic()
    scene = made(with_systematic_errors(sized(SCENARIOS[job.name], job.seed, full=job.full, days=job.days)), progress)
    scene, result = studied(scene, progress)
    accuracy, promises = AccuracyTable(), PromiseTable()
    accuracy.add(scene, result)
    promises.add(scene, result)
    return judged(scene.scenario, job.seed, result, time.monotonic() - start), accuracy.gathered, promises.gathered


def trial_promises(trials: list[Trial]) -> tuple[Promise, ...]:
    """Sound sites are left alone and every planted fault is found, located and named, each in nineteen of twenty seeds."""
    planted = [(trial.scenario, one) for trial in trials for one in trial.planted if one.gate_open]
    missed = Counter(f"{scenario}: {one.what}" for scenario, one in planted if not one.right)
    faults = Counter(f"{scenario}: {one.what}" for scenario, one in planted)
    sound = [trial for trial in trials if not trial.planted]
    false = Counter(trial.scenario for trial in trials if trial.false)
    seen = Counter(trial.scenario for trial in trials)
    return (
        _always("every fault whose gate is open is found, located and named", "in 19 of 20 seeds", faults, missed),
        _always("sites without a fault are left alone", "in 19 of 20 seeds", Counter(t.scenario for t in sound), false),
        _always("nothing is found that was not planted", "in 19 of 20 seeds", seen, false),
    )


def _always(name: str, target: str, tried: Counter[str], failed: Counter[str]) -> Promise:
    """Kept where no entry failed more often than one time in twenty, and with fewer than twenty seeds never."""
    kept = all(failed[one] <= tried[one] // 20 for one in tried)
    looks, met = tried.total(), tried.total() - sum(failed[one] for one in tried)
    most = max(tried, key=lambda one: (failed[one] / tried[one], one), default="")
    found = f"most failures: {most} {failed[most]} of {tried[most]}" if most and failed[most] else "no failure"
    return Promise(name, target, found, looks, met, kept if tried else None)


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
        planted=tuple(_judged(scenario, planted, result, loud) for planted in scenario.planted),
        false=(*_false_candidates(scenario, result.candidates), *_false_checks(scenario, loud)),
        seconds=round(seconds, 2),
    )


def _judged(scenario: Scenario, planted: Planted, result: StudyResult, loud: list[Check]) -> Judged:
    here, ranked = [c for c in result.candidates if c.rack == planted.rack], allowed(planted, result)
    there = [c for c in here if not planted.cells or set(c.cells) & set(planted.cells)]
    checks = [check for check in loud if check.id in planted.names and any(_at(e, planted) for e in check.elements)]
    return Judged(
        what=planted.what,
        rack=planted.rack,
        found=bool(here or checks),
        located=bool(there or checks),
        named=bool(checks) or any(c.kind in planted.names or (c.kind == KIND and ranked is True) for c in there),
        allowed=ranked,
        gate_open=_gate_open(scenario, planted, result),
    )


def _gate_open(scenario: Scenario, planted: Planted, result: StudyResult) -> bool:
    """Whether a leak is large enough for the interval of its cell to lie above the least that is called one; of other faults the scenario sees to that."""
    if planted.cause != LEAKS or result.estimates is None:
        return True
    sizes = [
        1000 * f.size
        for r in scenario.racks
        for f in r.faults
        if (f.kind, f.rack) == ("leaking-cell", planted.rack) and f.cell in planted.cells
    ]
    answers = [c.leakage_ma for r in result.estimates.racks if r.rack == planted.rack for c in r.cells if c.cell in planted.cells]
    halves = [(a.high - a.low) / 2 if isinstance(a, Estimate) else float("inf") for a in answers]
    return any(size >= MIN_LEAK_MA + half for size, half in zip(sizes, halves, strict=True))


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
