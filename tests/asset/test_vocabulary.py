"""Every word of the field is defined once, in one sentence."""

import inspect

import pytest

from workbench.asset import vocabulary
from workbench.asset.vocabulary import TERMS


@pytest.mark.parametrize("term", TERMS.values(), ids=lambda t: t.word)
def test_a_term_is_a_sentence_under_its_own_word(term):
    assert TERMS[term.word] is term
    assert term.meaning[0].isupper()
    assert term.meaning.endswith(".")


def test_words_the_report_prints_are_defined():
    assert {"rack median", "deviation", "spread", "robust z", "evidence root", "not established", "claim boundary", "SoH"} <= set(TERMS)


def test_no_word_is_defined_twice_under_any_spelling():
    source = inspect.getsource(vocabulary)
    assert source.count("Term(word=") + source.count(" word=") == len(TERMS)
    assert len({word.casefold() for word in TERMS}) == len(TERMS)
