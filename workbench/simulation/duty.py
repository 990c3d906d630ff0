"""What is a storage rack asked to do, day by day? Full cycles at C/4 every second day, random partial cycles otherwise (methods.md 5.3)."""

from __future__ import annotations

import numpy as np

from workbench.asset.plain import Fact


class Order(Fact, frozen=True):
    """Hold `rate_c` (of rated capacity, charge positive) from `start_h` of the window until `end_h`, or until a limit ends it."""

    start_h: float
    end_h: float
    rate_c: float


def duty(days: int, rate_c: float, full_every: int, rng: np.random.Generator) -> tuple[Order, ...]:
    """The orders of a window, in time. Full cycles fall on every `full_every`-th day and on the last one; each ends charged half. full_every 0: none, and
    what a partial cycle takes out it puts back.

    A full charge may take until its limit, so every order leaves room; between orders the rack rests.
    """
    orders: list[Order] = []
    for day in range(days):
        zero, wobble = 24.0 * day, rng.uniform(0.97, 1.03)
        if not full_every:
            orders += _partial(zero, rate_c, rng)
            continue
        if day % full_every == 0 or day == days - 1:
            room = 1.2 / rate_c
            begin = min(1.0 + rng.uniform(0.0, 1.0), max(0.2, 21.5 - 2 * room - 1.5))
            orders.append(Order(zero + begin, zero + begin + room, rate_c * wobble))
            orders.append(Order(zero + begin + room + 1.5, zero + begin + 2 * room + 1.5, -rate_c * wobble))
            back = zero + begin + 2 * room + 2.3
            orders.append(Order(back, min(back + 0.5 / rate_c, zero + 23.9), rate_c * wobble))
            continue
        clock = zero + rng.uniform(1.0, 3.0)
        for turn in range(int(rng.integers(2, 5))):
            rate = rng.uniform(0.4, 1.2) * rate_c * (1 if turn % 2 else -1)
            length = rng.uniform(0.10, 0.35) / abs(rate)
            if clock + length > zero + 23.0:
                break
            orders.append(Order(clock, clock + length, rate))
            clock += length + rng.uniform(0.5, 2.5)
    return tuple(orders)


def _partial(zero: float, rate_c: float, rng: np.random.Generator) -> list[Order]:
    """Two discharges of a day, each charged again: never full, never empty."""
    orders: list[Order] = []
    clock = zero + rng.uniform(1.0, 3.0)
    for _ in range(2):
        depth, rate = rng.uniform(0.10, 0.30), rng.uniform(0.6, 1.2) * rate_c
        for way in (-1, 1):
            orders.append(Order(clock, clock + depth / rate, way * rate))
            clock += depth / rate + rng.uniform(0.5, 1.5)
    return orders
