"""How does a check say that it could not be made? With the reason and no opinion."""

from __future__ import annotations

from workbench.analysis.results import Check, Outcome

MOST_ELEMENTS = 20  # a check names at most so many places, worst first


def unmade(check: str, title: str, why: str, limit: str, reason: str, consequence: str = "what it guards rests on trust") -> Check:
    """Not established: `why` is the sentence for people, `reason` the stable code."""
    return Check(
        id=check, title=title, outcome=Outcome.NOT_ESTABLISHED, seen=why, limit=limit, consequence=consequence, reason=reason
    )  # fmt: skip


def percent(share: float) -> str:
    """A share as percent with as many digits as it needs to differ from nothing."""
    return f"{100 * share:.1f} %" if share >= 0.001 or share == 0 else f"{100 * share:.2g} %"
