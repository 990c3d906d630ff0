"""What does a number with its unit beside it say? ``3312 mV`` and ``3.312 V`` are the same voltage, whatever the column is scaled by."""

from __future__ import annotations

import re
from decimal import Decimal

FACTORS: dict[str, tuple[str, Decimal]] = {  # unit as written, lower case -> unit inside the program, factor
    unit: (inside, Decimal(factor))
    for inside, units in {
        "V": (("v", "1"), ("mv", "0.001"), ("µv", "0.000001"), ("uv", "0.000001"), ("kv", "1000"), ("volt", "1"), ("volts", "1")),
        "A": (("a", "1"), ("ma", "0.001"), ("ka", "1000"), ("ampere", "1"), ("amp", "1")),
        "1": (("%", "0.01"), ("％", "0.01"), ("pct", "0.01"), ("percent", "0.01"), ("ppm", "0.000001")),
        "degC": (("°c", "1"), ("℃", "1"), ("degc", "1"), ("c", "1"), ("celsius", "1")),
        "ohm": (("ohm", "1"), ("Ω".lower(), "1"), ("kohm", "1000"), ("kω", "1000"), ("mohm", "1000000"), ("mω", "1000000")),
    }.items()
    for unit, factor in units
}
_WITH_UNIT = re.compile(r"^([+-]?[\d.,' ]*\d(?:[eE][+-]?\d+)?)\s*([A-Za-z%°℃µΩ％]+)$")


def parted(text: str) -> tuple[str, str, Decimal] | None:
    """(number as text, unit inside the program, factor into it) of a number with a known unit, or None."""
    found = _WITH_UNIT.match(text)
    known = FACTORS.get(found[2].lower()) if found else None
    return (found[1].strip(), *known) if found and known else None
