"""How does a check say that it could not be made? With the reason and no opinion."""

from __future__ import annotations

from workbench.analysis.results import Check, Outcome

MOST_ELEMENTS = 20  # a check names at most so many places, worst first


def unmade(
    check: str, title: str, why: str, limit: str, reason: str, consequence: str = "what it guards rests on trust", **figures: float
) -> Check:
    """Not established: `why` is the sentence for people, `reason` the stable code."""
    return Check(
        id=check, title=title, outcome=Outcome.NOT_ESTABLISHED, seen=why, limit=limit, consequence=consequence, figures=figures, reason=reason
    )  # fmt: skip


def untested(check: str, title: str, why: str, reason: str = "channel-missing") -> Check:
    """A check of the display that could not be made: the absence of its channels or of its occasion is no agreement."""
    return unmade(check, title, why, "–", reason, "the display cannot be tested this way")


def percent(share: float) -> str:
    """A share as percent with as many digits as it needs to differ from nothing."""
    return f"{100 * share:.1f} %" if share >= 0.001 or share == 0 else f"{100 * share:.2g} %"
