"""The page of claims says claim, evidence, verdict and the cheapest next test."""

import dataclasses

from workbench.jobs.progress import Progress
from workbench.report.pdf import render


def test_every_claim_stands_with_its_verdict_and_test(contents, printed):
    assert contents.claims.cards
    for card in contents.claims.cards:
        assert card.text in printed.text
        assert card.word in printed.text.replace("\n", " ")
    assert "Claim s, interval [L, U], materiality m" in printed.text
    assert "BMS claims against evidence" in printed.text


def test_without_estimates_nothing_is_judged(contents, paper):
    text = paper(render(dataclasses.replace(contents, claims=None), Progress())).text
    assert "names no claim that this study could test" in text.replace("\n", " ")
    assert "Usable energy is not established" in text.replace("\n", " ")
