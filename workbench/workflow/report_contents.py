"""Gather everything a report prints: pictures made again from the windows, results, findings with proved evidence, the manifest."""

from __future__ import annotations

from msgspec.structs import replace

from workbench import __version__
from workbench.analysis.results import StudyParameters, StudyResult
from workbench.asset.estimate import NotEstablished
from workbench.asset.nameplate import DesignRecord
from workbench.asset.plain import canonical, digest
from workbench.errors import Reason, ReportError
from workbench.jobs.progress import Progress
from workbench.report.contents import Attachment, ReportContents
from workbench.review.document import ReviewDocument
from workbench.signing import manifest
from workbench.store.project import Project
from workbench.viewmodels.claim_pictures import claims_picture
from workbench.viewmodels.rack_divergence import divergence_picture
from workbench.workflow import pinning
from workbench.workflow.figure_data import figure_data
from workbench.workflow.made_by import libraries
from workbench.workflow.revision import changes_since_issue
from workbench.workflow.studies import Studies
from workbench.workflow.views import Views

REPORT_ROWS, REPORT_COLUMNS = 420, 640


def gather(
    project: Project, views: Views, studies: Studies, document: ReviewDocument, render: pinning.Render, progress: Progress, *, prepared_ns: int, reviewer: str, principal: str, journal: tuple[int, str], draft: bool,
) -> ReportContents:  # fmt: skip
    """The contents of a report for the document as it is. Raises ReportError CONTENTS_INCOMPLETE or PICTURE_MISSING."""
    if document.scope is None or not document.windows:
        what = "a scope" if document.scope is None else "an imported window"
        raise ReportError(
            Reason.CONTENTS_INCOMPLETE,
            f"There is nothing to report yet: the review has no {what.removeprefix('a ').removeprefix('an ')}.",
            f"Give it {what} first.",
        )
    entry = document.windows[-1]
    design = document.scope.design
    progress.stage("gathering results")
    study = studies.run(entry, design, StudyParameters(), progress)
    facts = views.facts(entry.id)
    marks = {r.rack: r.status for r in study.racks if r.status in ("warning", "bad")}
    heat = views.heatmap(views.full_request(entry.id, max_rows=REPORT_ROWS, max_columns=REPORT_COLUMNS), marks, progress)
    spread = divergence_picture(facts, study)
    divergence = None if isinstance(spread, NotEstablished) else spread
    coverage = views.coverage(entry.id, progress)
    evidence = {f.id: tuple(pinning.picture_of(e, render, progress) for e in f.evidence) for f in document.findings}
    extracts = (*_extracts(project, document, study), *figure_data(coverage, heat, divergence))
    subjects = _windows(document)
    subjects |= {f"source/{w}/{s.name}": s.sha256 for w in [facts.name] for s in facts.sources}
    subjects |= {"study": digest(study), "review": digest(document_core(document))}
    subjects |= {f"extracts/{a.name}": manifest.digest_of(a.data) for a in extracts}
    predicate = manifest.Predicate(
        report=document.scope.reference or entry.id,
        revision=document.revision,
        prepared_ns=prepared_ns,
        journal_entries=journal[0],
        journal_head=journal[1],
        study_key=studies.key(entry, design, StudyParameters()),
        method=study.method,
        reviewer=reviewer,
        principal=principal,
        workbench=__version__,
        libraries=libraries(),
        findings={f.id: [e.picture_sha256 for e in f.evidence] for f in document.findings},
        recipes={f.id: [e.recipe for e in f.evidence] for f in document.findings},
    )
    statement = manifest.encoded(manifest.build(subjects, predicate))
    attached = (Attachment(manifest.FILE_NAME, statement, "application/json", "What the signatures cover", "Source"), *extracts)
    return ReportContents(
        document=document,
        scope=document.scope,
        window=facts,
        window_root=entry.root,
        study=study,
        heatmap=heat,
        coverage=coverage,
        divergence=divergence,
        evidence=evidence,
        attachments=attached,
        prepared_ns=prepared_ns,
        reviewer_name=reviewer,
        principal_name=principal,
        journal_count=journal[0],
        journal_head=journal[1],
        workbench_version=__version__,
        draft=draft,
        claims=claims_picture(study, document.scope, facts),
        changes=changes_since_issue(project, document),
    )


def _windows(document: ReviewDocument) -> dict[str, str]:
    """Every window with its root; names that stand twice are told apart by the window's id."""
    names = [w.name for w in document.windows]
    return {f"window/{w.name}" + (f" ({w.id})" if names.count(w.name) > 1 else ""): w.root for w in document.windows}


def document_core(document: ReviewDocument) -> ReviewDocument:
    """The judgement without its signatures: equal before and after signing."""
    return replace(document, submitted=None, approved=None, issued=None, stage=ReviewDocument().stage, scope_locked=True, return_comment="")


def design_of(document: ReviewDocument) -> DesignRecord:
    """The design record of the scope, or an empty one."""
    return document.scope.design if document.scope else DesignRecord()


def _extracts(project: Project, document: ReviewDocument, study: StudyResult) -> tuple[Attachment, ...]:
    """The data behind every figure: evidence extracts, and the study's results as JSON."""
    found = [
        Attachment(
            f"{finding.id}-{number}.csv",
            project.read_evidence(evidence.extract_sha256, ".csv"),
            "text/csv",
            f"Data of figure {finding.id}.{number}",
        )
        for finding in document.findings
        for number, evidence in enumerate(finding.evidence, 1)
    ]
    return (*found, Attachment("study.json", canonical(study), "application/json", "All results of the study"))
