"""What happened, when, to which element? Alarms, protection, contactors, gaps as intervals."""

from __future__ import annotations

from workbench.asset.plain import Fact

LANES = ("alarm", "protection", "contactor", "balancing", "gap")


class Event(Fact, frozen=True):
    """An interval [start_ns, end_ns) in UTC. lane is one of LANES; severity info, warning or bad; element a rack or cell id."""

    lane: str
    start_ns: int
    end_ns: int
    element: str
    code: str
    severity: str = "info"
    text: str = ""
