"""Why does a cell stray? The ranked causes as a table of all straying cells, and as the lines of one of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from workbench.analysis.results import StudyResult
from workbench.analysis.signature import Diagnosis, Outcome, Ranked
from workbench.viewmodels.pictures import TableCell, TablePicture
from workbench.viewmodels.tables import made_table

OUTCOME_STATUS = {Outcome.NAMED: "good", Outcome.NOT_SEPARABLE: "warning", Outcome.NOT_ESTABLISHED: "none"}
NOTE = "How much worse a cause fits than the best orders the causes by the signs alone; it is no probability. Signs that were not observed speak for nothing."
MOST_SIGNS, MOST_CAUSES = 3, 4


def diagnosis_table(result: StudyResult) -> TablePicture:
    """One row per cause that is not excluded, cell by cell; a cell whose causes cannot be ranked has one row that says why."""
    rows = [(f"{one.name} {k}", cells) for one in result.diagnoses for k, cells in enumerate(_rows(one))]
    return made_table(
        "Ranked causes",
        "cell:Cell|outcome:Ranking|rank:Rank::r|cause:Cause|support:Fits|for:Speaks for it|against:Speaks against it"
        "|unseen:Not observed|settles:To tell the first two apart",
        rows,
        NOTE,
    )


def _rows(one: Diagnosis) -> Iterator[tuple[TableCell | str, ...]]:
    outcome, unseen = TableCell(one.outcome.value, OUTCOME_STATUS[one.outcome]), ", ".join(one.unseen) or "none"
    if not one.ranked:
        yield one.name, outcome, "–", one.sentence, "–", "–", "–", unseen, one.settles
    for k, cause in enumerate(standing(one), 1):
        yield (
            one.name, outcome, str(k), cause.cause, fit(cause, one), _few(cause.speaks_for), _few(cause.speaks_against), unseen, one.settles,
        )  # fmt: skip


def fit(cause: Ranked, one: Diagnosis) -> str:
    """How the signs fit a cause beside the best: a share in per cent would be read as a probability, which it is not."""
    times = one.ranked[0].support / max(cause.support, 1e-12)
    if cause is one.ranked[0]:
        return "best"
    return "nearly as well" if times < 1.5 else f"{times:.0f} times less"


def standing(one: Diagnosis) -> tuple[Ranked, ...]:
    """The causes that no sign excludes, best first."""
    return tuple(cause for cause in one.ranked if not cause.excluded)


def _few(signs: tuple[str, ...]) -> str:
    left = f"; and {len(signs) - MOST_SIGNS} more" if len(signs) > MOST_SIGNS else ""
    return ("; ".join(signs[:MOST_SIGNS]) or "–") + left


def diagnosis_of(result: StudyResult | None, rack: str, cells: Collection[int]) -> Diagnosis | None:
    """The diagnosis of the first of these cells that has one; whole racks hold too many cells to be meant."""
    return next((one for one in result.diagnoses if one.rack == rack and set(one.cells) & set(cells)), None) if result is not None else None


@dataclass(frozen=True)
class CausesPicture:
    """One cell in a narrow place: the sentence, one line per cause that no sign excludes, and the test that tells the first two apart."""

    sentence: str
    lines: tuple[str, ...]
    settles: str


def causes_picture(result: StudyResult | None, rack: str, cells: Collection[int]) -> CausesPicture | None:
    """The ranked causes of a selected cell, or None where it does not stray."""
    one = diagnosis_of(result, rack, cells)
    if one is None:
        return None
    lines = tuple(
        f"{cause.cause} ({fit(cause, one)})" + (f": {cause.speaks_for[0]}" if cause.speaks_for else "") for cause in standing(one)
    )
    return CausesPicture(f"{one.name}. {one.sentence}", lines[:MOST_CAUSES], f"Settles it: {one.settles}")
