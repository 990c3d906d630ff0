"""How far does a BMS hold a rack back: by heat or cold, by the voltage of its leading cell, or because somebody said so?

Every rule gives a share of what is usually allowed; the smallest counts. The voltage rule never lets go within a pass, as a taper does.
"""

from __future__ import annotations

from workbench.asset.plain import Fact

RULES = ("heat", "cold", "highest cell", "lowest cell", "command", "silent command")


class HoldingBack(Fact, frozen=True):
    """Pairs are (all is allowed, nothing is allowed), between them in proportion. full_c: what is usually allowed, in C.

    hot_degc, cold_degc: by the mean temperature of the rack. low_v: by the lowest cell when discharging; high_v: by the highest when charging.
    command: from hour, to hour, share, shown in the limits. silent_command: the same by the plant alone, and the BMS shows nothing of it.
    """

    full_c: float = 0.27
    hot_degc: tuple[float, float] | None = None
    cold_degc: tuple[float, float] | None = None
    low_v: tuple[float, float] | None = None
    high_v: tuple[float, float] | None = None
    command: tuple[float, float, float] | None = None
    silent_command: tuple[float, float, float] | None = None

    def allowed(self, degc: float, low_v: float, high_v: float, hour: float) -> tuple[float, float]:
        """Shares of the usual current that may be charged and discharged."""
        both = min(_between(self.hot_degc, degc), _between(self.cold_degc, degc))
        if self.command is not None and self.command[0] <= hour < self.command[1]:
            both = min(both, self.command[2])
        return min(both, _between(self.high_v, high_v)), min(both, _between(self.low_v, low_v))

    def binding(self, degc: float, low_v: float, high_v: float, hour: float, kept: float, *, charging: bool) -> int:
        """Place in `RULES` of what leaves least, or -1 where nothing does. kept: what the voltage of the leading cell has left in this pass."""
        told = self.command[2] if self.command is not None and self.command[0] <= hour < self.command[1] else 1.0
        side, pair, volts = (2, self.high_v, high_v) if charging else (3, self.low_v, low_v)
        shares = [_between(self.hot_degc, degc), _between(self.cold_degc, degc), 1.0, 1.0, told, self.obeyed(hour)]
        shares[side] = min(_between(pair, volts), kept if pair else 1.0)
        least = min(shares)
        return shares.index(least) if least < 1.0 else -1

    def obeyed(self, hour: float) -> float:
        """The share that somebody outside the BMS leaves of it."""
        told = self.silent_command
        return told[2] if told is not None and told[0] <= hour < told[1] else 1.0


def _between(pair: tuple[float, float] | None, value: float) -> float:
    if pair is None:
        return 1.0
    return min(max((value - pair[1]) / (pair[0] - pair[1]), 0.02), 1.0)
