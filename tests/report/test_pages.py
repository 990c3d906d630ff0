"""Every finding, check, repair and digest stands on paper."""

from dataclasses import replace

import msgspec
from builders.reviews import finding

from workbench.jobs.progress import Progress
from workbench.report.pdf import render
from workbench.viewmodels.diagnosis_table import diagnosis_of, standing


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
