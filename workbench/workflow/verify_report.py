"""Verify a report with what the recipient has: only the PDF, the firm's certificates, or the whole project."""

from __future__ import annotations

from pathlib import Path

from workbench.errors import ProjectError, Reason, SigningError
from workbench.jobs.progress import Progress
from workbench.signing.identity import load_trust
from workbench.signing.verify import Verification, verify


def verify_report(
    report: Path, firm: Path | None, project: Path | None, progress: Progress, *, recompute: bool, author: str
) -> tuple[Verification, tuple[str, ...]]:
    """The verification, and what differs from the project in words."""
    try:
        pdf = report.read_bytes()
    except OSError as error:
        raise SigningError(Reason.FILE_MISSING, f"{report} cannot be read: {error.strerror}.", "Check the path.") from error
    if not pdf.startswith(b"%PDF"):
        raise SigningError(Reason.NOT_A_REPORT, f"{report.name} is not a PDF.", "Give the report as it was issued.")
    if project is None:
        return verify(pdf, load_trust(firm) if firm is not None else None), ()
    if not project.is_dir():
        raise ProjectError(Reason.NOT_A_PROJECT, f"{project} does not exist.", "Give the folder NAME.bessreview the report came from.")
    from workbench.workflow.session import Session
    from workbench.workflow.sign_off import check_against_project

    first = verify(pdf, load_trust(firm or project / "trust"))
    if first.first_failure is not None:
        return first, ()
    with Session.open(project, author=author, wait_free=True) as session:
        return check_against_project(session, pdf, progress, recompute=recompute)
