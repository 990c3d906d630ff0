"""What happened, when, to which element? Alarms, protection, contactors, gaps as intervals."""

from __future__ import annotations

from workbench.asset.plain import Fact

LANES = ("alarm", "protection", "contactor", "balancing", "gap")


class Event(Fact, frozen=True):
    """An interval [start_ns, end_ns) in UTC. lane is one of LANES; severity info, warning or bad; element a rack or cell id.

    code is the vendor's own; canonical the SunSpec name of `workbench.asset.sunspec` where the vendor's words say it plainly, else empty.
    latched: the source says that it stays until somebody resets it. An end that equals the start is an instant whose length nobody recorded.
    """

    lane: str
    start_ns: int
    end_ns: int
    element: str
    code: str
    severity: str = "info"
    text: str = ""
    canonical: str = ""
    latched: bool = False
