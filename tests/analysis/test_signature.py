"""A diagnosis is a fact: stored and read back it is the same."""

from builders.strays import stray

from workbench.analysis.signature import Diagnosis, Outcome, Shown
from workbench.asset.plain import canonical, revive


def test_a_diagnosis_survives_storage():
    one = stray("weak").of()
    assert revive(canonical(one), Diagnosis) == one


def test_words_are_words_of_a_reviewer():
    assert Outcome.NOT_SEPARABLE == "not separable with these data"
    assert Shown.UNSEEN == "not observed"
