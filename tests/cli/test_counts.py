"""A count of nothing is refused before anything is computed from it."""

import pytest


@pytest.mark.parametrize("words", [("truth", "--seeds", "0"), ("truth", "--days", "-1"), ("show", "x", "cells", "--most", "few")])
def test_a_count_begins_at_one(run, words):
    answer = run(*words)
    assert answer.code == 2
    assert "is no whole number from 1 on" in answer.err
