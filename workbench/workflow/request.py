"""The letter to the owner as files: PDF and plain text with the same words, beside each other, never over an older one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench import __version__
from workbench.asset.scope import Mandate, Scope
from workbench.errors import ProjectError, Reason
from workbench.jobs.progress import Progress
from workbench.report.letter import letter_pdf
from workbench.viewmodels import numbers
from workbench.viewmodels.owner_letter import OwnerLetter, owner_letter, plain_text

if TYPE_CHECKING:
    from workbench.workflow.session import Session

FOLDER = "requests"


@dataclass(frozen=True, slots=True)
class Request:
    """A letter and where it was written."""

    letter: OwnerLetter
    pdf: Path
    text: Path


def write_request(session: Session, window_id: str, progress: Progress, *, now_ns: int, out: Path | None = None) -> Request:
    """Run the checks if they were not run yet, and write the letter. Without a folder it goes to ``requests`` in the project."""
    letter = compose(session, window_id, progress, now_ns=now_ns)
    if out is None and session.project.read_only:
        raise ProjectError(
            Reason.READ_ONLY,
            f"{session.path.name} is read-only; the letter cannot be kept in it.",
            "Give another folder with --out FOLDER.",
        )
    folder = out or session.path / FOLDER
    data, text = letter_pdf(letter, now_ns, __version__), plain_text(letter).encode("utf-8")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stem = _free(folder, f"request-{numbers.moment(now_ns):%Y-%m-%d}", data)
        pdf, plain = folder / f"{stem}.pdf", folder / f"{stem}.txt"
        pdf.write_bytes(data)
        plain.write_bytes(text)
    except OSError as error:
        raise ProjectError(
            Reason.READ_ONLY, f"{folder} cannot be written: {error.strerror}.", "Choose another folder with --out FOLDER."
        ) from error
    return Request(letter, pdf, plain)


def compose(session: Session, window_id: str, progress: Progress, *, now_ns: int) -> OwnerLetter:
    """The letter for a window of the review, from its study with the present scope."""
    study = session.run_study(window_id, progress)
    scope = session.document.scope or Scope(client="", mandate=Mandate.OPERATION, question="")
    facts = session.views.facts(window_id)
    return owner_letter(scope, facts, session.window_root(window_id), study, reviewer=session.author, prepared_ns=now_ns)


def _free(folder: Path, stem: str, data: bytes) -> str:
    """A name that no other letter has; the same letter keeps its own."""
    for number in range(1, 1000):
        name = stem if number == 1 else f"{stem}-{number}"
        path = folder / f"{name}.pdf"
        if not path.exists() or path.read_bytes() == data:
            return name
    return f"{stem}-more"
