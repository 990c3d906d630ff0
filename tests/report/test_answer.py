"""Page one carries the opinion by itself."""

from dataclasses import replace

import msgspec
import pytest

from workbench.jobs.progress import Progress
from workbench.report.answer import LOOKS, clipped
from workbench.report.pdf import render
from workbench.report.risk_page import open_tests
from workbench.review.verdict import AnswerWord


@pytest.mark.parametrize("word", list(AnswerWord))
def test_each_answer_prints_its_own_sentence(contents, paper, word):
    verdict = msgspec.structs.replace(contents.document.verdict, answer=word)
    changed = replace(contents, document=msgspec.structs.replace(contents.document, verdict=verdict))
    page = paper(render(changed, Progress())).pages[0]
    assert LOOKS[word][3] in page
    for other in AnswerWord:
        if other is not word:
            assert LOOKS[other][3] not in page


def test_without_a_verdict_it_says_that_nobody_has_answered_not_that_the_data_cannot(contents, paper):
    changed = replace(contents, document=msgspec.structs.replace(contents.document, verdict=None), draft=True)
    page = paper(render(changed, Progress())).pages[0]
    assert "No answer has been given yet." in page
    assert LOOKS[AnswerWord.NOT_ESTABLISHED][3] not in page


def test_question_reason_and_counts_stand_on_page_one(contents, paper):
    page = paper(render(contents, Progress())).pages[0]
    for text in (
        contents.scope.question,
        "One cell limits rack R01.",
        "48 cells",
        "2 findings",
        "Tighten covenants",
        "Rita Example",
        "Paul Example",
    ):
        assert text in page


def test_too_long_a_text_is_cut_at_a_sentence_and_says_where_it_goes_on():
    assert clipped("Short.", 100) == "Short."
    assert clipped("One. Two. Three is long.", 12) == "One. Two … (in full on page 2)"
    assert clipped("word " * 50, 20).endswith("(in full on page 2)")


def test_where_the_reviewer_names_no_test_the_ones_that_settle_most_stand_on_page_one(contents, paper):
    assert contents.document.verdict.next_tests == ()
    first = open_tests(contents)[0][0]
    page = paper(render(contents, Progress())).pages[0]
    assert first[:25] in page
    assert "(T1, section 8)" in page
    verdict = msgspec.structs.replace(contents.document.verdict, next_tests=("Ask the owner.",))
    said = paper(render(replace(contents, document=msgspec.structs.replace(contents.document, verdict=verdict)), Progress())).pages[0]
    assert "Ask the owner." in said
    assert first[:25] not in said
