"""Verdicts and the waterfall stand on paper as they stand in the tables."""

from dataclasses import replace

import msgspec
import pytest

from workbench.asset.scope import Claim
from workbench.jobs.progress import Progress
from workbench.report.pdf import render

CLAIMS = (
    Claim(id="C1", text="The display says 98 % health", quantity="reported_soh", value=0.98, materiality=0.01),
    Claim(id="C2", text="No lithium plating happened"),
)


@pytest.fixture(scope="module")
def printed(contents, paper):
    return paper(render(replace(contents, scope=msgspec.structs.replace(contents.scope, claims=CLAIMS)), Progress())).text


def test_each_claim_has_its_word_its_limit_and_its_test(printed):
    assert "evidence too wide" in printed or "contradicted" in printed
    assert "not testable" in printed
    assert "Cheapest test" in printed
    assert "gain of the current sensors not declared" in printed


def test_the_way_from_rated_to_usable_is_printed_with_what_is_not_known(printed):
    assert "From rated to usable energy" in printed
    for step in ("imbalance", "reserve", "usable today"):
        assert step in printed
    assert "not established" in printed


def test_a_study_without_estimates_prints_no_waterfall(contents, paper):
    old = replace(contents, study=msgspec.structs.replace(contents.study, estimates=None))
    assert "From rated to usable energy" not in paper(render(old, Progress())).text
