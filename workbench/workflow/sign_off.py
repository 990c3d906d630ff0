"""Submit, approve, issue: the sealed order. Every step checks again what it is about to put a name under."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.analysis.study import METHOD as STUDY_METHOD
from workbench.errors import Reason, ReportError, ReviewError, SigningError
from workbench.jobs.progress import Progress
from workbench.report.pdf import render, stamp
from workbench.review.document import ReviewDocument, Signed
from workbench.review.edits import Approve, Issue, Submit, revive_edit
from workbench.review.history import fold
from workbench.review.roles import Role
from workbench.review.stages import Stage
from workbench.signing import identity as identities
from workbench.signing import manifest, seal
from workbench.signing.verify import Rule, Verification, manifest_of, verify
from workbench.store.disk import write_once
from workbench.viewmodels import numbers
from workbench.workflow import report_contents
from workbench.workflow.made_by import made_otherwise
from workbench.workflow.revision import replaced_by

if TYPE_CHECKING:
    from workbench.workflow.session import Session


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a person brings to sign: the PKCS#12 file and its passphrase, the firm's folder and the passphrase of its time-stamping key."""

    identity: Path
    passphrase: str
    firm: Path
    firm_passphrase: str


def preview(session: Session, progress: Progress) -> bytes:
    """The report as it stands, with the draft band; unsigned."""
    contents = report_contents.gather(
        session.project, session.views, session.studies, session.document, session.render, progress,
        prepared_ns=time.time_ns(), reviewer=session.author, principal="", journal=session.project.journal.head(), draft=True,
    )  # fmt: skip
    return render(contents, progress)


def submit(session: Session, credentials: Credentials, progress: Progress, *, principal: str = "") -> str:
    """Render, sign as reviewer, keep the signed bytes, journal it. Returns the SHA-256 of what was signed."""
    left = session.document.left_before_submission()
    if session.document.stage is not Stage.DRAFT or left:
        if session.document.stage is not Stage.DRAFT:
            raise ReviewError(
                Reason.WRONG_STAGE,
                f"The review is {session.document.stage} already and cannot be submitted again.",
                "Have it returned, or start a new revision once it is issued, if something must change.",
            )
        raise ReviewError(Reason.CONTENTS_INCOMPLETE, f"The review cannot be submitted yet: {'; '.join(left)}.", "Settle each point first.")
    who = identities.load_identity(credentials.identity, credentials.passphrase)
    if who.role is not Role.REVIEWER:
        raise SigningError(
            Reason.WRONG_ROLE,
            f"{who.name} holds a {who.role}'s certificate; submitting needs a reviewer's.",
            "Use the reviewer's identity.",
        )
    trust = identities.load_trust(credentials.firm)
    identities.check_issued_by(who, trust)
    _check_same_firm(session, trust)
    stamp_key = seal.StampKey(identities.stamping_key(credentials.firm, credentials.firm_passphrase))
    _windows_hold(session, progress)
    prepared_ns = time.time_ns() // 1_000_000_000 * 1_000_000_000
    pdf = rendered(
        session,
        session.document,
        progress,
        prepared_ns=prepared_ns,
        reviewer=who.name,
        principal=principal,
        journal=session.project.journal.head(),
    )
    progress.stage("signing as reviewer")
    signed = seal.reviewer_seal(pdf, who, stamp_key, trust, stamp(who.name, "Reviewer", numbers.timestamp(prepared_ns, weekday=False)))
    _keep_trust(session, trust)
    sha256 = session.project.write_evidence(signed, ".pdf")
    session.as_role(Role.REVIEWER, who.name).do(
        Submit(signed=Signed(name=who.name, role=Role.REVIEWER.value, time_ns=prepared_ns, report_sha256=sha256))
    )
    return sha256


def _check_same_firm(session: Session, trust: identities.TrustBundle) -> None:
    """What was issued is verified against the firm that is kept with the project: a later revision may not bring another one."""
    if session.document.revision == 1:
        return
    held = identities.load_trust(session.path / "trust")
    if held.fingerprint != trust.fingerprint:
        raise SigningError(
            Reason.CERTIFICATE_UNTRUSTED,
            f"Revision {session.document.revision - 1} was issued under the authority {held.firm} {held.fingerprint[:8]}; "
            f"the one given is {trust.firm} {trust.fingerprint[:8]}.",
            "Sign under the same authority, or review the data in a new project.",
        )


def _keep_trust(session: Session, trust: identities.TrustBundle) -> None:
    """The public parts of the firm that signs now, over those of an earlier submission that was never issued."""
    folder = session.path / "trust"
    folder.mkdir(exist_ok=True)  # a copy of a project may have lost it while it was empty
    for name, data in trust.files.items():
        write_once(folder / name, data)


def approve(session: Session, credentials: Credentials, progress: Progress) -> str:
    """Check cells, journal and rendering again, then sign last. Returns the SHA-256 of the sealed report."""
    document = session.document
    if document.stage is not Stage.SUBMITTED or document.submitted is None:
        raise ReviewError(
            Reason.WRONG_STAGE, f"Only a submitted review can be approved; this one is {document.stage}.", "Have it submitted first."
        )
    who = identities.load_identity(credentials.identity, credentials.passphrase)
    if who.role is not Role.PRINCIPAL:
        raise SigningError(
            Reason.WRONG_ROLE,
            f"{who.name} holds a {who.role}'s certificate; approving needs a principal's.",
            "Use the principal's identity.",
        )
    if who.name == document.submitted.name:
        raise ReviewError(
            Reason.NOT_PERMITTED, f"{who.name} submitted this review and cannot approve it too.", "A second person must approve."
        )
    trust = identities.load_trust(credentials.firm)
    identities.check_issued_by(who, trust)
    if trust.fingerprint != identities.load_trust(session.path / "trust").fingerprint:
        raise SigningError(
            Reason.CERTIFICATE_UNTRUSTED, "Reviewer and principal were issued by different authorities.", "Use one firm's authority."
        )
    stamp_key = seal.StampKey(identities.stamping_key(credentials.firm, credentials.firm_passphrase))
    signed = session.project.read_evidence(document.submitted.report_sha256, ".pdf")
    _windows_hold(session, progress)
    again = rendered_again(session, manifest_of(signed), progress)
    if not signed.startswith(again):
        other = made_otherwise(manifest_of(signed).predicate, STUDY_METHOD)
        raise ReportError(
            Reason.MANIFEST_MISMATCH,
            f"The report made again from the project differs from the one the reviewer signed{f' (here runs {other})' if other else ''}.",
            "Return it to the reviewer.",
        )
    now_ns = time.time_ns() // 1_000_000_000 * 1_000_000_000
    progress.stage("signing as principal")
    sealed = seal.principal_seal(
        signed, who, stamp_key, trust, stamp(who.name, "Principal, accountable", numbers.timestamp(now_ns, weekday=False))
    )
    outcome = verify(sealed, trust)
    if outcome.first_failure is not None:
        raise SigningError(
            Reason.MANIFEST_MISMATCH,
            f"The sealed report fails its own check: {outcome.first_failure.sentence}.",
            "Check the clock of this computer."
            if outcome.first_failure.id in ("order", "reviewer-clock", "principal-clock")
            else "Return it to the reviewer.",
        )
    sha256 = session.project.write_evidence(sealed, ".pdf")
    session.as_role(Role.PRINCIPAL, who.name).do(
        Approve(signed=Signed(name=who.name, role=Role.PRINCIPAL.value, time_ns=now_ns, report_sha256=sha256))
    )
    return sha256


def issue(session: Session, progress: Progress) -> Path:
    """Put the sealed report and its manifest under issued/<n>; from here on the project is read-only."""
    document = session.document
    if document.stage is Stage.ISSUED:
        raise ReviewError(
            Reason.WRONG_STAGE,
            f"Revision {document.revision} is issued already and lies under issued/{document.revision}.",
            "Start a new revision with `workbench revise` if something must change.",
        )
    if document.stage is not Stage.APPROVED or document.approved is None:
        raise ReviewError(
            Reason.WRONG_STAGE, f"Only an approved review can be issued; this one is {document.stage}.", "Have it approved first."
        )
    progress.stage("issuing")
    sealed = session.project.read_evidence(document.approved.report_sha256, ".pdf")
    folder = session.project.issue(document.revision, {"report.pdf": sealed, "manifest.json": manifest.encoded(manifest_of(sealed))})
    session.do(
        Issue(
            signed=Signed(
                name=session.author, role=session.role.value, time_ns=time.time_ns(), report_sha256=document.approved.report_sha256
            )
        )
    )
    return folder / "report.pdf"


def check_against_project(session: Session, pdf: bytes, progress: Progress, *, recompute: bool) -> tuple[Verification, tuple[str, ...]]:
    """Verify a report with its project: signatures, evidence roots, journal head; with recompute every figure is made again.

    Returns the verification and what differs from the project, in words (empty when nothing does)."""
    trust = identities.load_trust(session.path / "trust")
    wrong: list[str] = []
    stated = manifest_of(pdf)
    expected = None
    if recompute:
        again = rendered_again(session, stated, progress, fresh=True)
        expected = manifest.digest_of(again)
    result = verify(pdf, trust, expected_first_revision=expected)
    if expected is not None and result.first_revision_sha256 != expected and (other := made_otherwise(stated.predicate, STUDY_METHOD)):
        wrong.append(f"the figures were made again with {other}: verify it with what it was made with, a difference proves nothing here")
    held = {session.window_root(facts.id): facts for facts in session.windows()}
    for name, root in ((s.name.removeprefix("window/"), s.digest["sha256"]) for s in stated.subject if s.name.startswith("window/")):
        if root not in held:  # windows that came later are no part of this report
            wrong.append(f"window {name} is not the one the report was made from")
            continue
        wrong += [f"window {name}: {place} was altered" for place in session.views.reader(held[root].id).verify_root(progress)[:5]]
    heads = {e.seq: e.hash for e in session.project.journal.entries()}
    if heads.get(stated.predicate.journal_entries) != stated.predicate.journal_head:
        wrong.append(f"the journal differs from the one the report was made from at entry {stated.predicate.journal_entries}")
    later = replaced_by(session.document, manifest.digest_of(pdf))
    if later:
        result = replace(result, rules=(*result.rules, Rule("register", True, f"genuine, but {later}")))
    return result, tuple(wrong)


def rendered(
    session: Session,
    document: ReviewDocument,
    progress: Progress,
    *,
    prepared_ns: int,
    reviewer: str,
    principal: str,
    journal: tuple[int, str],
) -> bytes:
    """The unsigned report of a document."""
    contents = report_contents.gather(
        session.project, session.views, session.studies, document, session.render, progress,
        prepared_ns=prepared_ns, reviewer=reviewer, principal=principal, journal=journal, draft=False,
    )  # fmt: skip
    return render(contents, progress)


def rendered_again(session: Session, stated: manifest.Manifest, progress: Progress, *, fresh: bool = False) -> bytes:
    """The report made again from the journal as it was when the manifest was written. fresh: forget kept results and run the kernels anew."""
    p = stated.predicate
    entries = [e for e in session.project.journal.entries() if e.seq <= p.journal_entries]
    document = fold((revive_edit(e.body), Role(e.role)) for e in entries).document
    if fresh:
        session.studies.forget()
    return rendered(
        session,
        document,
        progress,
        prepared_ns=p.prepared_ns,
        reviewer=p.reviewer,
        principal=p.principal,
        journal=(p.journal_entries, p.journal_head),
    )


def _windows_hold(session: Session, progress: Progress) -> None:
    for facts in session.windows():
        differs = session.views.reader(facts.id).verify_root(progress)
        if differs:
            raise ReportError(
                Reason.MANIFEST_MISMATCH,
                f"Window {facts.name} was altered since its import: {differs[0]}.",
                "Restore the project from a copy.",
            )


def principal_role() -> Role:
    """The principal's hat, for verbs that only a principal may do."""
    return Role.PRINCIPAL
