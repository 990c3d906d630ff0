"""Every finding, check, repair and digest stands on paper."""

import io
from dataclasses import replace

import msgspec
import pikepdf
from builders.reviews import finding
from builders.site import record

from workbench.jobs.progress import Progress
from workbench.report.pdf import render
from workbench.review.edits import ReviseFinding
from workbench.viewmodels.diagnosis_table import diagnosis_of, standing
from workbench.viewmodels.requests import CurvesRequest
from workbench.workflow import sign_off


def test_findings_are_printed_in_full(contents, printed):
    for one in contents.document.findings:
        for text in (one.title, one.settles):
            assert text in printed.text


def test_the_page_of_a_finding_ranks_the_causes_of_its_cell(contents, printed):
    ranked = [one for f in contents.document.findings if (one := diagnosis_of(contents.study, f.selection.rack, f.selection.cells[:1]))]
    assert ranked
    assert printed.text.count("Causes, ranked by the signs") == len(ranked)
    for one in ranked:
        assert one.settles in printed.text
        for cause in standing(one):
            assert cause.cause in printed.text


def test_every_check_and_repair_is_printed(contents, printed):
    for check in contents.study.checks:
        assert check.id in printed.text
    rules = {repair.rule for repair in contents.window.repairs}
    assert rules
    for rule in rules:
        assert rule in printed.text


def test_the_evidence_root_and_sources_are_printed(contents, printed):
    joined = printed.text.replace(" ", "").lower()
    assert contents.window_root in joined
    for source in contents.window.sources:
        assert source.sha256 in joined
    assert contents.journal_head in joined


def test_refusals_are_printed_with_their_reason(contents, printed):
    assert "not established" in printed.text
    assert "calibration record" in printed.text.lower()


def test_hostile_words_are_printed_as_they_are(contents, paper):
    title = "<b>R01</b> & <img src='/etc/passwd'/> <para>"
    hostile = finding(1, title=title, observation="x < y && z > w", evidence=())
    changed = replace(contents, document=msgspec.structs.replace(contents.document, findings=(hostile,)), evidence={})
    made = paper(render(changed, Progress()))
    assert title in made.text
    assert "x < y && z > w" in made.text


def test_a_review_without_findings_says_so(contents, paper):
    changed = replace(contents, document=msgspec.structs.replace(contents.document, findings=()), evidence={})
    assert "No adverse finding was recorded." in paper(render(changed, Progress())).text


def test_a_divergence_that_could_not_be_made_is_said(contents, paper):
    made = paper(render(replace(contents, divergence=None), Progress()))
    assert len(made.pages) >= 5


def test_curves_of_a_finding_are_printed_with_their_condition_and_their_numbers(session, paper):
    record(session)
    first, window = session.document.findings[0], session.window_id()
    asked = CurvesRequest(window, "R01", (5,), panels=("vq", "dvdq")), CurvesRequest(window, "R01", (5,), panels=("dqdv",))
    session.do(ReviseFinding(finding=msgspec.structs.replace(first, evidence=session.pin(asked, Progress()))))
    pdf = sign_off.preview(session, Progress())
    text = paper(pdf).text
    for evidence in session.document.findings[0].evidence:
        picture = session.evidence_picture(evidence, Progress())
        assert picture.caption.title in text
        assert all(panel.title in text for panel in picture.panels)
    assert text.count("no ageing mode is read from it") == 2
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert {"F-01-1.csv", "F-01-2.csv"} <= set(document.attachments)
