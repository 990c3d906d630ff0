"""Edits from files: findings from candidates, verdict and scope from TOML. Each becomes a journal entry or nothing happens."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.asset.plain import revive_plain
from workbench.errors import Reason, ReviewError
from workbench.jobs.progress import Progress
from workbench.review.document import Dismissal
from workbench.review.edits import DismissCandidate, SetDesign, SetScope, SetVerdict
from workbench.review.finding import Confidence
from workbench.review.verdict import Verdict
from workbench.viewmodels.candidate_state import finding_of
from workbench.workflow.design_record import read_design
from workbench.workflow.findings import accept, open_candidates
from workbench.workflow.judging import judged
from workbench.workflow.scope_file import read_scope
from workbench.workflow.toml_file import read_toml

if TYPE_CHECKING:
    from workbench.workflow.session import Session


def record(
    session: Session, progress: Progress, *, candidates: Sequence[str] = (), every: bool = False, verdict: Path | None = None, scope: Path | None = None, lock: bool = False, undo: bool = False,
    design: Path | None = None, dismissals: Sequence[str] = (), reason: str = "", findings: Sequence[str] = (), severity: str = "", confidence: str = "",
) -> tuple[str, ...]:  # fmt: skip
    """Carry out what was asked, in the order scope, design record, findings, verdict, lock, undo. Returns what was done, in words.

    confidence: of candidates that become findings, and of the findings named. severity: of the latter only, a candidate brings its own.
    """
    done: list[str] = []
    if scope is not None:
        session.do(SetScope(scope=read_scope(scope)))
        done.append("scope set")
    if design is not None:
        session.do(SetDesign(design=read_design(design)))
        done.append("design record set")
    if candidates or every or dismissals:
        sure = Confidence(confidence) if confidence else None
        done += _candidates(session, progress, tuple(candidates), tuple(dismissals), reason, sure, every=every)
    if findings:
        done += judged(session, findings, severity=severity, confidence=confidence)
    if verdict is not None:
        session.do(SetVerdict(verdict=read_verdict(verdict)))
        done.append("verdict set")
    if lock:
        session.lock_scope()
        done.append("scope locked")
    if undo:
        label = session.undo_label
        session.undo()
        done.append(f"taken back: {label}")
    return tuple(done)


def _candidates(
    session: Session,
    progress: Progress,
    wanted: tuple[str, ...],
    dismissals: tuple[str, ...],
    reason: str,
    confidence: Confidence | None,
    *,
    every: bool,
) -> list[str]:
    """Dismissals first, so that every open candidate means the others. All names are looked up before anything is done."""
    window = session.window_id()
    study = session.run_study(window, progress)
    proposed = {c.id: c for c in study.candidates}
    for name in (*wanted, *dismissals):
        if name not in proposed:
            raise ReviewError(
                Reason.FINDING_MISSING,
                f"The study proposes no candidate {name}.",
                "Look at `workbench show PROJECT candidates --json`.",
            )
        found = finding_of(proposed[name], study, session.document)
        if found is not None:
            raise ReviewError(Reason.STALE_EDIT, f"Candidate {name} is recorded as {found.id} already.", f"Change {found.id} instead.")
    done = []
    for name in dismissals:
        session.do(DismissCandidate(dismissal=Dismissal(candidate_id=name, reason=reason)))
        done.append(f"dismissed: {proposed[name].title}")
    chosen = [c.id for c in open_candidates(session.document, study)] if every else list(dict.fromkeys(wanted))
    for name in chosen:
        finding = accept(session, window, proposed[name], progress, confidence=confidence)
        done.append(f"{finding.id} {finding.title}")
    return done or ["no candidate of the study is open"]


def read_verdict(path: Path) -> Verdict:
    """The verdict of a TOML file."""
    try:
        return revive_plain(read_toml(path), Verdict)
    except OSError as error:
        raise ReviewError(
            Reason.FILE_MISSING, f"The verdict file {path} cannot be read: {error.strerror}.", "Give the path of a TOML file."
        ) from error
    except ValueError as error:
        raise ReviewError(
            Reason.FINDING_INCOMPLETE,
            f"The verdict file {path} is not a verdict: {error}.",
            "See `workbench record --help` for an example.",
        ) from error
