"""Every word of the field is defined once, in one sentence."""

import pytest

from workbench.asset.vocabulary import TERMS


@pytest.mark.parametrize("term", TERMS.values(), ids=lambda t: t.word)
def test_a_term_is_a_sentence_under_its_own_word(term):
    assert TERMS[term.word] is term
    assert term.meaning[0].isupper()
    assert term.meaning.endswith(".")


def test_words_the_report_prints_are_defined():
    assert {"rack median", "deviation", "spread", "robust z", "evidence root", "not established", "claim boundary", "SoH"} <= set(TERMS)
