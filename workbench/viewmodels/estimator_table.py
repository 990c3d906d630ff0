"""What may be computed from this telemetry? Every estimator with the strongest effect a check has on it, and why."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.analysis.effects import Effect, Impact, impacts, strongest
from workbench.analysis.results import Check, StudyResult
from workbench.viewmodels.pictures import TableCell, TableColumn, TablePicture

EFFECT_STATUS = {Effect.UNAFFECTED: "good", Effect.WEAKENED: "warning", Effect.BLOCKED: "bad"}
COLUMNS = (TableColumn("estimator", "Estimator"), TableColumn("effect", "Effect"), TableColumn("checks", "By"), TableColumn("why", "Why"))


def estimator_table(result: StudyResult) -> TablePicture:
    """One row per estimator."""
    rows = []
    for one, (effect, found) in strongest(result.checks).items():
        rows.append(
            (TableCell(one.value), TableCell(effect.value, EFFECT_STATUS[effect]), TableCell(", ".join(dict.fromkeys(i.check for i in found)) or "–"), TableCell(reasons(found) or "no check stands against it"))
        )  # fmt: skip
    note = "A check allows an estimator; it does not promise one: full passes, steps and rests must be in the window too."
    return TablePicture("Effect on estimators", COLUMNS, tuple(rows), tuple(row[0].text for row in rows), note)


def reasons(found: Iterable[Impact]) -> str:
    """Why, each reason once with the checks that give it when there is more than one."""
    by_why: dict[str, list[str]] = {}
    for impact in found:
        by_why.setdefault(impact.why, []).append(impact.check)
    if len({check for checks in by_why.values() for check in checks}) == 1:
        return "; ".join(by_why)
    return "; ".join(f"{why} ({', '.join(checks)})" for why, checks in by_why.items())


def effect_text(check: Check) -> str:
    """What one check does, shortly: ``blocks round-trip efficiency; weakens leakage, resistance``."""
    parts = []
    for effect, verb in ((Effect.BLOCKED, "blocks"), (Effect.WEAKENED, "weakens")):
        names = [i.estimator.value for i in impacts(check) if i.effect is effect]
        if names:
            parts.append(f"{verb} {', '.join(dict.fromkeys(names))}")
    return "; ".join(parts)
