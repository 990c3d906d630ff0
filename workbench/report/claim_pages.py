"""The BMS's and the owner's claims against the evidence, one by one, and the rule that judged them."""

from __future__ import annotations

import math

from workbench.report import claim_figures
from workbench.report import tokens as t
from workbench.report.contents import ReportContents
from workbench.report.flow import Cell, Col, Flow, Status, esc
from workbench.report.sheet import Sheet
from workbench.viewmodels import numbers
from workbench.viewmodels.claim_pictures import ClaimCard

RULES = (
    ("supported", "good", "the interval is within 2 m and its middle within m of the claim", "The claim may be used for this decision."),
    (
        "not contradicted, evidence too wide",
        "warning",
        "neither of the other two",
        "Use the worse end of the interval, or buy the test that narrows it.",
    ),
    ("contradicted", "bad", "the claim lies outside the interval by more than m", "The claim must not be used for this decision."),
    ("not testable", "none", "a gate of the method was closed", "No statement, in either direction."),
)


def claims(sheet: Sheet, contents: ReportContents) -> None:
    """5: claim by claim."""
    cards = contents.claims.cards if contents.claims else ()
    lead = contents.claims.sentence if contents.claims and cards else "The scope names no claim that this study could test."
    flow = Flow(sheet, "5", "BMS claims against evidence", esc(lead))
    flow.boundary(
        "whether each claim may be used for a decision with this materiality",
        "why a claim is wrong",
        "the cheapest test stands with each claim",
    )
    if cards:
        flow.table(
            [
                Col("", 22),
                Col("Claim as stated", 82),
                Col("Stated", 36, "right"),
                Col("Evidence, 95 % interval", 90),
                Col("Unit", 26),
                Col("m", 27, "right"),
                Col("Verdict", 88),
            ],
            [_row(card) for card in cards],
            "Claims with evidence, materiality m and verdict",
        )
        alt = "; ".join(f"{c.id} {c.headline} {c.interval} against {numbers.number(c.claimed, 1)}: {c.word}" for c in cards)
        flow.figure(
            claim_figures.claims_height(cards), alt, lambda x, y, w, h: claim_figures.claims(sheet, cards, x, y, w, h), "Figure 4",
            "Evidence minus claim, in units of materiality m", "Dot and 95 % interval. Inside the grey band (±1 m) a difference does not matter. Hatched: no number.",
        )  # fmt: skip
        for card in cards:
            _reading(flow, card)
    flow.heading("How a verdict is reached")
    flow.para(
        "Claim s, interval [L, U], materiality m. The rule is fixed before the data are seen and applied by the program; a reviewer can add a comment, not another verdict."
    )
    flow.table(
        [Col("Verdict", 112), Col("Rule", 130), Col("What it means for you", 129)],
        [[Status(word, status), rule, meaning] for word, status, rule, meaning in RULES],
        "The four verdicts",
    )


def _row(card: ClaimCard) -> list[Cell]:
    evidence: Cell = (
        f"{card.headline.removesuffix(card.unit).strip()} {card.interval.removesuffix('95 %').strip()}"
        if math.isfinite(card.value)
        else Status(card.reason or "not established", "none")
    )
    digits = 1 if card.claimed == card.claimed and abs(card.claimed) >= 1 else 3
    return [
        card.id,
        card.text,
        numbers.number(card.claimed, digits),
        evidence,
        card.unit,
        numbers.number(card.band, digits),
        Status(card.word, card.status),
    ]


def _reading(flow: Flow, card: ClaimCard) -> None:
    parts = [f"Read as {card.source}" if card.source else "", f"Limited by {card.limited_by}" if card.limited_by else ""]
    test = card.settles if card.settles not in ("", "none needed") else "none needed."
    said = ". ".join(part for part in parts if part)
    flow.para(f"<b>{esc(card.id)}</b>   {esc(said)}{'. ' if said else ''}Cheapest next test: {esc(test)}", t.BODY2, markup=True, gap=4)
