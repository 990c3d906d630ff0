"""The answer to the question of the mandate, from closed lists."""

from __future__ import annotations

from enum import StrEnum

from workbench.asset.plain import Fact


class AnswerWord(StrEnum):
    """Is the BMS-reported condition sufficient for this decision?"""

    YES = "yes"
    CONDITIONS = "yes, with conditions"
    NO = "no"
    NOT_ESTABLISHED = "not established"


class Recommendation(StrEnum):
    """What the recipient should do."""

    PROCEED = "proceed"
    REPRICE = "reprice"
    RESERVE = "reserve"
    TIGHTEN = "tighten covenants"
    MONITOR = "monitor"


class Verdict(Fact, frozen=True):
    """The reviewer's answer. reason is one or two sentences that carry the key figures."""

    answer: AnswerWord
    reason: str
    recommendation: Recommendation
    conditions: tuple[str, ...] = ()
    next_tests: tuple[str, ...] = ()
    not_examined: tuple[str, ...] = ()
    downside: str = ""
