"""Which decisions does a kind of candidate bear on at first? A proposal the reviewer changes on the card; a kind that is not here proposes nothing.

What takes capacity or energy bears on the valuation, what a maker answers for on the warranty, what heats, trips or blinds on the operation. Whether a
refinancing turns on it depends on the mandate, never on the data: it is never proposed.
"""

from __future__ import annotations

from workbench.review.finding import Bearing

VALUE, MAKER, RUNNING = Bearing.VALUATION, Bearing.WARRANTY, Bearing.OPERATION

PROPOSED: dict[str, tuple[Bearing, ...]] = {
    "weak-cell": (VALUE, MAKER),
    "low-cell": (RUNNING,),
    "bled-cell": (RUNNING,),
    "leaking-cell": (MAKER, RUNNING),
    "hot-joint": (MAKER, RUNNING),
    "high-resistance": (MAKER, RUNNING),
    "new-module": (VALUE, MAKER),
    "frozen-channel": (RUNNING,),
    "current-after-opening": (RUNNING,),
    "late-alarm": (RUNNING,),
    "fault-trip": (RUNNING,),
    "unexplained-opening": (RUNNING,),
    "derating": (VALUE, RUNNING),
    "plating-exposure": (MAKER, RUNNING),
    "unseen-excursion": (MAKER, RUNNING),
}


def proposed(kind: str) -> tuple[Bearing, ...]:
    """Decisions proposed for a kind of candidate."""
    return PROPOSED.get(kind, ())
