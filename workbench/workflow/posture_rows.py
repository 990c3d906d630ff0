"""The posture for machines: each check as a row, with its typed effect on each estimator it touches."""

from __future__ import annotations

from workbench.analysis.effects import impacts
from workbench.analysis.results import StudyResult
from workbench.viewmodels.tables import posture_table
from workbench.workflow.named_tables import rows_json


def posture_rows(result: StudyResult) -> list[dict[str, object]]:
    """The rows of the posture table; effects: estimator, effect (weakened or blocked) and why, for those that are affected."""
    shown = {row["id"]: row for row in rows_json(posture_table(result))}
    return [
        {
            **shown[check.id],
            "figures": dict(check.figures),
            "elements": list(check.elements),
            "effects": [{"estimator": i.estimator.value, "effect": i.effect.value, "why": i.why} for i in impacts(check)],
        }
        for check in result.checks
    ]
