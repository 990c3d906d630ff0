"""Risks, open points with their tests, and what was set aside."""

from dataclasses import replace

import msgspec
from builders.claims import REFUSED, card

from workbench.jobs.progress import Progress
from workbench.report import risk_page
from workbench.report.pdf import render
from workbench.review.document import Dismissal


def page_of(contents, paper):
    pages = paper(render(contents, Progress())).pages
    first = next(k for k, page in enumerate(pages) if "Risks and open points" in page and "In this report" not in page)
    return " ".join(page for page in pages[first:] if "Risks and open points" in page)


def test_findings_claims_and_refusals_stand_with_a_test_each(contents, paper):
    text = page_of(contents, paper)
    for finding in contents.document.findings:
        assert finding.title.replace(" · ", "\u00a0·\u00a0").split("\u00a0")[0] in text
        assert finding.id in text
    assert "gain undeclared" in text, "what the charge balance refused is an open point"
    assert "all recorded as findings" in text


def test_what_was_set_aside_is_printed_with_the_reason(contents, paper):
    first = contents.study.candidates[0]
    document = msgspec.structs.replace(
        contents.document, findings=contents.document.findings[1:], dismissed=(Dismissal(candidate_id=first.id, reason="known sense lead"),)
    )
    text = page_of(replace(contents, document=document), paper)
    assert "dismissed: known sense lead" in text
    nothing = msgspec.structs.replace(contents.document, findings=(), dismissed=())
    assert page_of(replace(contents, document=nothing), paper).count(" open ") >= len(contents.study.candidates)


def test_one_test_for_two_claims_stands_once(contents):
    two = [replace(card(n), settles=f"One cycle against the meter. With it the interval would be about ±{n} points.") for n in (1, 2)]
    some = replace(contents, claims=replace(contents.claims, cards=(*two, REFUSED)))
    tests = dict(risk_page.open_tests(some))
    assert tests["One cycle against the meter."] == [
        "C1 (with it the interval would be about ±1 points)",
        "C2 (with it the interval would be about ±2 points)",
    ]
    register = risk_page._register(some, {"One cycle against the meter.": "T1"})
    assert [row[-1] for row in register if row[-2] in ("C1", "C2")][:2] == ["T1", "T1"]
    assert any("cannot test it" in row[0] for row in register)
    supported = replace(contents, claims=replace(contents.claims, cards=(replace(card(1), status="good"),)))
    assert not [row for row in risk_page._register(supported, {}) if row[-2] == "C1"], "a supported claim is no risk"
