"""Section 3: can the telemetry support a conclusion? The checks, and what they mean for each estimator."""

from __future__ import annotations

import numpy as np

from workbench.analysis.effects import strongest
from workbench.analysis.results import Check, Outcome
from workbench.report import tokens as t
from workbench.report.contents import ReportContents
from workbench.report.flow import Cell, Col, Flow, Status, esc
from workbench.report.sheet import Sheet
from workbench.viewmodels.coverage import NOTHING, total_text
from workbench.viewmodels.estimator_table import EFFECT_STATUS, effect_text, reasons
from workbench.viewmodels.pictures import CoveragePicture
from workbench.viewmodels.tables import OUTCOME_STATUS


def coverage_alt(picture: CoveragePicture) -> str:
    """What the coverage matrix says, for those who cannot see it."""
    absent = [s for s, row in zip(picture.signals, picture.share, strict=True) if not np.isfinite(row).any()]
    partial = [
        f"{s} {total_text(float(picture.total[k]))}, {int((picture.share[k] <= NOTHING).sum())} days with nothing"
        for k, s in enumerate(picture.signals)
        if s not in absent and picture.total[k] < 0.99
    ]
    return (
        f"Coverage matrix, {len(picture.signals)} signals by {len(picture.day_start_ns)} days. Not in the export: {', '.join(absent) or 'none'}. "
        f"Incomplete: {'; '.join(partial) or 'none'}."
    )


def posture(sheet: Sheet, contents: ReportContents) -> None:
    """3: can the telemetry support a conclusion?"""
    checks = contents.study.checks
    passed = sum(c.outcome is Outcome.PASS for c in checks)
    open_ = [c.id for c in checks if c.outcome is Outcome.NOT_ESTABLISHED]
    bad = [c.id for c in checks if c.outcome in (Outcome.DEGRADED, Outcome.FAIL)]
    lead = (
        f"{passed} of {len(checks)} checks passed"
        + (f"; {', '.join(bad)} did not" if bad else "")
        + (f"; {', '.join(open_)} could not be made" if open_ else "")
        + "."
    )
    flow = Flow(sheet, "3", "Telemetry posture", esc(lead))
    flow.boundary(
        "whether these data can carry a conclusion, and which they cannot",
        "the condition of the battery",
        "the owner's answer to the points that failed",
    )
    flow.heading("What may be computed from this telemetry")
    rows: list[list[Cell]] = [
        [one.value, Status(effect.value, EFFECT_STATUS[effect]), reasons(found) or "no check stands against it"]
        for one, (effect, found) in strongest(checks).items()
    ]
    flow.table([Col("Estimator", 92), Col("Effect", 70), Col("Why", 209)], rows, "Effect of the checks on each estimator")
    flow.para("A check allows an estimator; it does not promise one: full passes, steps and rests must be in the window too.", t.NOTE)
    flow.below_notes()
    flow.heading("All checks", 0)
    rows = [[c.id, c.title, Status(c.outcome.value, OUTCOME_STATUS[c.outcome]), c.seen + _at(c), c.limit, _meaning(c)] for c in checks]
    columns = [
        Col("Id", 30),
        Col("Check", 64),
        Col("Result", 64),
        Col("What was seen", 134),
        Col("Limit", 106),
        Col("Consequence; effect on estimators", 101),
    ]
    flow.table(columns, rows, "Posture checks", column=0)


def _meaning(check: Check) -> str:
    """The consequence in words, and the estimators it touches."""
    effect = effect_text(check)
    if not effect:
        return check.consequence
    return (
        f"{check.consequence[:1].upper()}{check.consequence[1:]}; {effect}."
        if check.consequence != "none"
        else f"{effect[:1].upper()}{effect[1:]}."
    )


def _at(check: Check) -> str:
    """Where a check bites, when that can be said shortly; long places stand in the list of repairs."""
    short = [e for e in check.elements if len(e) <= 24][:6]
    return f" At: {', '.join(short)}." if short and check.outcome is not Outcome.PASS else ""
