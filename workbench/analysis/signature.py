"""What is a diagnosis made of? Signs that were looked at, causes ranked by them, and what would tell the first two apart; as frozen values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from workbench.asset.plain import Fact


class Shown(StrEnum):
    """What one sign showed. LOW, NORMAL, HIGH for figures; YES, NO for what is there or not. UNCLEAR: looked at, and neither.

    UNSEEN: the data hold no moment in which it could have shown.
    """

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"
    UNSEEN = "not observed"


class Outcome(StrEnum):
    """How far the ranking goes: one cause stands out, several fit about as well, or too little was observed to rank anything."""

    NAMED = "named"
    NOT_SEPARABLE = "not separable with these data"
    NOT_ESTABLISHED = "not established"


class Sign(Fact, frozen=True):
    """One sign of one cell or rack. text: what was seen, with numbers; where it was not observed, why."""

    name: str
    shown: Shown
    text: str


class Ranked(Fact, frozen=True):
    """One cause. support: 0 to 1 among all causes, from the signs alone; an order with distances, not a probability that it is so.

    excluded: so far behind the first that it need not be named. speaks_for, speaks_against: signs, in words.
    """

    cause: str
    support: float
    excluded: bool
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]


class Diagnosis(Fact, frozen=True):
    """The ranking for one cell (or for a rack as a whole, without cells). ranked: best first, the excluded ones last; empty where not established.

    unseen: names of the signs that the data could not show. settles: the cheapest test that would tell the first two apart.
    """

    rack: str
    cells: tuple[int, ...]
    name: str
    outcome: Outcome
    ranked: tuple[Ranked, ...]
    signs: tuple[Sign, ...]
    unseen: tuple[str, ...]
    settles: str
    sentence: str


Counts = dict[tuple[bool, str, int], dict[str, dict[Shown, int]]]
LETTERS = {"l": Shown.LOW, "n": Shown.NORMAL, "h": Shown.HIGH, "y": Shown.YES, "o": Shown.NO}


def counts_in(rows: Iterable[tuple[bool, str, int, int, str]]) -> Counts:
    """How often each sign was shown, by row and sign, as the generated table writes it."""
    found: Counts = {}
    for sloping, cause, row, _, text in rows:
        by_sign = found.setdefault((sloping, cause, row), {})
        for part in text.split("; "):
            name, told = part.rsplit(" ", 1)
            by_sign[name] = {LETTERS[letter]: int(times) for letter, times in re.findall(r"([a-z])(\d+)", told)}
    return found
