"""Does an evidence still show what was pinned? If not: what differs, and by how much, old beside new."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import WorkbenchError
from workbench.jobs.progress import Progress
from workbench.report.contents import EvidencePicture
from workbench.review.finding import Evidence
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import picture_digest
from workbench.workflow.pinned_picture import pinned_picture
from workbench.workflow.pinning import extract_csv, recipe_of

if TYPE_CHECKING:
    from workbench.workflow.session import Session


@dataclass(frozen=True, slots=True, eq=False)
class EvidenceState:
    """picture: as made now, or None where it cannot be made. pinned: as it was, where the extract allows to draw it. words: what differs."""

    evidence: Evidence
    picture: EvidencePicture | None
    pinned: EvidencePicture | None
    fresh: bool
    words: tuple[tuple[str, str], ...] = ()


def evidence_state(session: Session, evidence: Evidence, progress: Progress) -> EvidenceState:
    """Make the picture again and hold it against what was pinned. Never redraws silently: a difference is always said."""
    try:
        picture = session.render(recipe_of(evidence), progress)
    except WorkbenchError as error:
        return EvidenceState(evidence, None, None, fresh=False, words=(("Cannot be made again", str(error)),))
    if picture_digest(picture) == evidence.picture_sha256:
        return EvidenceState(evidence, picture, None, fresh=True)
    try:
        old = session.project.read_evidence(evidence.extract_sha256, ".csv")
    except WorkbenchError as error:
        return EvidenceState(evidence, picture, None, fresh=False, words=(("Pinned extract", str(error)),))
    return EvidenceState(evidence, picture, pinned_picture(picture, old), fresh=False, words=compared(old, extract_csv(picture)))


def compared(old: bytes, new: bytes) -> tuple[tuple[str, str], ...]:
    """What differs between two extracts, in words."""
    one, two = (list(csv.reader(io.StringIO(data.decode()))) for data in (old, new))
    if [len(r) for r in one] != [len(r) for r in two] or one[:1] != two[:1]:
        return (("Shape", f"{len(one) - 1} rows pinned, {len(two) - 1} now: another cut of the data"),)
    pairs = [(a, b) for before, after in zip(one[1:], two[1:], strict=True) for a, b in zip(before, after, strict=True)]
    differing = [(a, b) for a, b in pairs if a != b]
    if not differing:
        return (("Figures", "all the same; words or marks of the picture changed"),)
    sizes = [abs(float(b) - float(a)) for a, b in differing if _is_number(a) and _is_number(b)]
    largest = numbers.number(max(sizes), 3) if sizes else "not a number"
    return (("Figures that differ", f"{numbers.count(len(differing))} of {numbers.count(len(pairs))}"), ("Largest difference", largest))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
