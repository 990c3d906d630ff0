"""Studies of the windows of a project: run once, kept by the key of everything they were made from."""

from __future__ import annotations

from workbench.analysis.results import StudyParameters, StudyResult
from workbench.analysis.study import METHOD, study
from workbench.asset.estimate import answer_json, answers_json
from workbench.asset.nameplate import DesignRecord
from workbench.asset.plain import digest, plain
from workbench.jobs.progress import Progress
from workbench.review.document import WindowEntry
from workbench.store.project import Project
from workbench.store.results import read_result, write_result
from workbench.workflow import studying
from workbench.workflow.views import Views

ask: studying.Ask = studying.apart  # tests put `studying.here` in its place
ANSWERS = ("charge_ah", "discharge_ah", "net_ah", "offset_a", "capacity_ah", "efc")


class Studies:
    """Runs and finds study results of one project."""

    def __init__(self, project: Project, views: Views) -> None:
        self._project = project
        self._views = views
        self._known: dict[str, StudyResult] = {}
        self._absent: set[str] = set()  # looked for and not there: the window's thread asks often and must not touch the disk each time
        self._fresh = False

    def key(self, entry: WindowEntry, design: DesignRecord, parameters: StudyParameters) -> str:
        """What a result is known by: window root, design record, parameters and method version."""
        return f"study-{digest([entry.root, design, parameters, METHOD])[:32]}"

    def stored(self, entry: WindowEntry, design: DesignRecord, parameters: StudyParameters) -> StudyResult | None:
        """The kept result of exactly this run, or None."""
        key = self.key(entry, design, parameters)
        if key not in self._known:
            if self._fresh or key in self._absent:
                return None
            found = read_result(self._project, key, StudyResult)
            if found is None:
                if not self._project.read_only:  # nobody else can put it there
                    self._absent.add(key)
                return None
            self._known[key] = found
        return self._known[key]

    def run(
        self, entry: WindowEntry, design: DesignRecord, parameters: StudyParameters, progress: Progress, *, apart: bool = False
    ) -> StudyResult:
        """The result of this run: the kept one, or a new one which is then kept. apart: in a process of its own."""
        found = self.stored(entry, design, parameters)
        if found is not None:
            return found
        data = None
        if apart:
            path = self._views.reader(entry.id).path.resolve()
            data = ask(studying.Asked(path=str(path), root=entry.root, design=design, parameters=parameters), progress)
            result = studying.result(data)
        else:
            result = self.compute(entry, design, parameters, progress)
        key = self.key(entry, design, parameters)
        if not self._project.read_only:
            write_result(self._project, key, result, data)
        self._known[key] = result
        return result

    def compute(self, entry: WindowEntry, design: DesignRecord, parameters: StudyParameters, progress: Progress) -> StudyResult:
        """Run all kernels again from the samples, whatever is kept."""
        reader = self._views.reader(entry.id)
        return study(reader.facts, entry.root, reader.series, design, parameters, progress)

    def forget(self) -> None:
        """Trust no kept result any more: the next run computes from the samples."""
        self._known.clear()
        self._fresh = True


def study_json(result: StudyResult) -> dict[str, object]:
    """A study for machines: answers as value, low, high, unit, method or as not_established with why."""
    return {
        "window_id": result.window_id,
        "evidence_root": result.window_root,
        "method": result.method,
        "parameters": plain(result.parameters),
        "checks": plain(result.checks),
        "racks": [plain(r) | {"slope_mv_per_day": answer_json(r.slope_mv_per_day)} for r in result.racks],
        "balances": [
            {"rack": b.rack} | {name: answer_json(getattr(b, name)) for name in ANSWERS} | {"gap_charge_share": b.gap_charge_share}
            for b in result.balances
        ],
        "cells": [
            plain(c) | {"trend_mv_per_day": answer_json(c.trend_mv_per_day), "resistance_mohm": answer_json(c.resistance_mohm)}
            for c in result.cells
        ],
        "candidates": plain(result.candidates),
        "false_flags_per_look": result.false_flags_per_look,
        "notes": list(result.notes),
        "estimates": answers_json(plain(result.estimates)),
        "stress": answers_json(plain(result.stress)),
    }
