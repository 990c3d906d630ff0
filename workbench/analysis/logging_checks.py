"""What does one recorded value stand for? DQ13 snapshot or mean, DQ14 event logging, DQ15 interpolation and compression by a historian.

A held value is one that was true and is repeated; an interpolated one was never measured. Both look smooth; they are told apart here,
because the first may be integrated by holding and the second by nothing. Shapes: T samples.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from workbench.analysis.glance import Glance, blocks, resolution
from workbench.analysis.results import Check, Outcome
from workbench.analysis.unmade import MOST_ELEMENTS, percent, unmade
from workbench.asset.quality import Quality
from workbench.asset.window import FloatArray, WindowFacts

SNAPSHOT_S, SLOW_S = 10.0, 60.0
MIN_STEPS = 10
FLAT = 0.05  # of a step: how level both sides of it must be
MEAN_SHARE, SNAPSHOT_SHARE = 0.6, 0.3  # of steps that show one value in between: above means, below snapshots
IRREGULAR, SOME = 0.5, 0.25  # share of uneven sampling steps: by itself, and beside a deadband
MIN_CHANGES = 50
RUN = 6  # samples that lie on one line
COLLINEAR = 0.05
RISE = {"rack_current_a": 5.0, "rack_voltage_v": 15.0}  # resolutions a line must climb: a voltage is smooth by itself, a current is not
TITLES = {"rack_current_a": "current", "rack_voltage_v": "rack voltage"}


@dataclass(frozen=True, slots=True)
class Logged:
    """How one signal of one rack was logged. deadband: smallest change that was recorded, NaN where none shows. on_grid: held values on a regular grid."""

    deadband: float
    irregular: float
    on_grid: bool


@dataclass
class LoggingTally:
    """What the racks have shown so far; merging is adding."""

    between: int = 0  # load steps with exactly one value in between
    sharp: int = 0
    irregular: dict[str, float] = field(default_factory=dict)
    events: dict[str, Logged] = field(default_factory=dict)  # "rack · signal" -> how it was logged, event logging only
    held: int = 0
    interpolated: int = 0
    samples: int = 0
    collinear: dict[str, float] = field(default_factory=dict)  # "rack · signal" -> share of samples on sloped straight lines
    looked_at: list[str] = field(default_factory=list)

    @property
    def on_change(self) -> bool:
        """Whether rows come on change or at random times: then a long step is no loss, and no number of rows is promised."""
        return any(uneven > IRREGULAR for uneven in self.irregular.values())

    def merge(self, other: LoggingTally) -> None:
        """Add what other racks have shown."""
        for name in ("between", "sharp", "held", "interpolated", "samples"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("irregular", "events", "collinear"):
            getattr(self, name).update(getattr(other, name))
        self.looked_at += other.looked_at


def see_rack(tally: LoggingTally, glance: Glance) -> None:
    """Add one rack."""
    series = glance.series
    for first, last in blocks(len(series.time_ns)):
        part = series.cell_quality[:, first:last]
        tally.held += int(np.count_nonzero(part & int(Quality.HELD)))
        tally.interpolated += int(np.count_nonzero(part & int(Quality.INTERPOLATED)))
        tally.samples += part.size
    _steps(tally, glance)
    for name, rise in RISE.items():
        values = series.signal(name)
        if values is None or np.isfinite(values).sum() < 100:
            continue
        place = f"{series.rack.id} · {TITLES[name]}"
        known = np.flatnonzero(np.isfinite(values))
        seconds, received = np.diff(series.time_ns[known]) / 1e9, values[known]
        tally.looked_at.append(place)
        tally.irregular[place] = uneven_share(seconds)
        logged = event_logged(seconds, received)
        if logged is not None:
            tally.events[place] = logged
        tally.collinear[place] = collinear_share(seconds, received, rise)


def uneven_share(seconds: FloatArray) -> float:
    """Share of sampling steps that are not the usual one, gaps left out. Lost rows make some, a log of changes makes most."""
    usual = float(np.median(seconds)) if len(seconds) else 0.0
    near = seconds[seconds <= 20 * usual]
    return float((np.abs(near / usual - 1) > 0.25).mean()) if usual > 0 and len(near) else 0.0


def event_logged(seconds: FloatArray, received: FloatArray) -> Logged | None:
    """How a signal was recorded when a change beyond a deadband made the record; None where it was recorded by the clock.

    By its own clock: irregular steps and a change at every record. On a grid: values repeated until they differ by at least the deadband, which
    shows as many small changes that are never smaller than it, although the channel can resolve less.
    """
    change = np.abs(np.diff(received))
    moved = change[change > 0]
    if len(moved) < MIN_CHANGES:
        return None
    deadband, uneven = float(np.percentile(moved, 1)), uneven_share(seconds)
    largest, fine = float(np.percentile(np.abs(received), 99.5)), resolution(received)
    cut = deadband <= 0.05 * largest and deadband >= 2.999 * fine and float(np.median(moved)) <= 3 * deadband
    if len(moved) >= 0.95 * len(change) and (uneven > IRREGULAR or (uneven > SOME and cut)):
        return Logged(deadband, uneven, on_grid=False)
    if cut and len(moved) <= 0.5 * len(change):
        return Logged(deadband, uneven, on_grid=True)
    return None


def collinear_share(seconds: FloatArray, received: FloatArray, rise: float) -> float:
    """Share of samples that lie on straight, sloped lines of at least six evenly spaced samples, exactly but for the rounding of the channel.

    A repeated value has no slope and does not count: it was held, not interpolated. A line must climb `rise` resolutions, for less is what
    rounding alone makes of any smooth signal.
    """
    fine = resolution(received)
    if not np.isfinite(fine) or len(received) < 10 * RUN:
        return 0.0
    on_line = np.zeros(len(received), bool)
    inner = np.arange(1, RUN - 1) / (RUN - 1)
    for first, last in blocks(len(received) - RUN + 1):
        windows = np.lib.stride_tricks.sliding_window_view(received[first : last + RUN - 1], RUN)
        spaced = np.lib.stride_tricks.sliding_window_view(seconds[first : last + RUN - 2], RUN - 1)
        even = np.ptp(spaced, axis=1) <= 0.02 * spaced[:, 0]
        climb = windows[:, -1] - windows[:, 0]
        chord = windows[:, :1] + climb[:, None] * inner
        straight = even & (np.abs(climb) >= rise * fine) & (np.abs(windows[:, 1:-1] - chord).max(axis=1) <= 0.51 * fine)
        for k in range(RUN):
            on_line[first + k : last + k] |= straight
    return float(on_line.mean())


def logging_checks(tally: LoggingTally, facts: WindowFacts) -> tuple[Check, ...]:
    """DQ13 to DQ15 of the whole window."""
    return (_averaging(tally, facts), _event_logging(tally), _interpolation(tally))


def _steps(tally: LoggingTally, glance: Glance) -> None:
    """Load steps from one level to another: does a value lie in between, as a mean over the step must?"""
    current = glance.current
    if current is None or len(current) < 5 or glance.largest_a <= 0:
        return
    step = current[3:-1] - current[1:-3]
    size = np.abs(step)
    near = glance.near
    whole = near[:-3] & near[1:-2] & near[2:-1] & near[3:]
    level = (np.abs(current[1:-3] - current[:-4]) <= FLAT * size) & (np.abs(current[4:] - current[3:-1]) <= FLAT * size)
    chosen = whole & level & (size >= 0.1 * glance.largest_a)
    share = ((current[2:-2] - current[1:-3])[chosen]) / step[chosen]
    between = (share > FLAT) & (share < 1 - FLAT)
    tally.between += int(between.sum())
    tally.sharp += int((~between).sum()) // 2  # a sharp step is met twice: before and after it


def _averaging(tally: LoggingTally, facts: WindowFacts) -> Check:
    period = facts.nominal_period_s
    limit = "snapshots, every 10 s or faster (1 s for absolute resistance)"
    steps = tally.between + tally.sharp
    share = tally.between / steps if steps else float("nan")
    if tally.events:
        return unmade(
            "DQ13",
            "Mean or snapshot",
            "values were recorded on change, not by the clock (DQ14).",
            limit,
            "event-logged",
            "not applicable: each value holds until the next",
        )
    if steps < MIN_STEPS or SNAPSHOT_SHARE < share < MEAN_SHARE:
        why = (
            f"only {steps} load steps from one level to another, {MIN_STEPS} are needed"
            if steps < MIN_STEPS
            else f"{percent(share)} of {steps} load steps show one value in between: neither means nor snapshots"
        )
        return unmade(
            "DQ13",
            "Mean or snapshot",
            f"one value every {period:g} s; {why}.",
            limit,
            "too-few-steps" if steps < MIN_STEPS else "no-clear-answer",
            "resistance is relative at best: a value may be a mean",
            period_s=period,
            load_steps=float(steps),
        )
    means = share >= MEAN_SHARE
    what = "means" if means else "snapshots"
    outcome = Outcome.FAIL if period > SLOW_S else Outcome.DEGRADED if means or period > SNAPSHOT_S else Outcome.PASS
    consequence = {
        Outcome.PASS: "relative resistance; absolute only at 1 s" if period > 1 else "none",
        Outcome.DEGRADED: "no absolute resistance; ends of a pass are known to one sample",
        Outcome.FAIL: "no resistance, no capacity of single cells",
    }[outcome]
    return Check(
        id="DQ13", title="Mean or snapshot", outcome=outcome, seen=f"{what} every {period:g} s: {tally.between} of {steps} load steps show one value in between.",
        limit=limit, consequence=consequence, figures={"period_s": period, "load_steps": float(steps), "mean_share": share, "means": float(means)},
    )  # fmt: skip


def _event_logging(tally: LoggingTally) -> Check:
    limit = "by the clock; or on change with the deadband stated"
    held = tally.held / tally.samples if tally.samples else 0.0
    if not tally.looked_at and not held:
        return unmade(
            "DQ14",
            "Event logging",
            "neither current nor rack voltage in the export.",
            limit,
            "channel-missing",
            "how values were recorded rests on trust",
        )
    off = {place: share for place, share in tally.irregular.items() if share > IRREGULAR}
    if tally.events:
        place, worst = max(tally.events.items(), key=lambda item: item[1].deadband)
        kind = "repeated on a grid until they change" if worst.on_grid else "recorded on change"
        unit = "A" if place.endswith("current") else "V"
        seen = f"{len(tally.events)} of {len(tally.looked_at)} signals are {kind}; largest deadband about {worst.deadband:.2g} {unit} ({place})"
    elif not tally.looked_at:
        seen = "neither current nor rack voltage in the export"
    elif off:
        seen = f"{len(off)} of {len(tally.looked_at)} signals are recorded at irregular times, but not on change"
    else:
        seen = "recorded by the clock"
    if held > 0:
        seen += f"; {percent(held)} of the cell samples are carried forward from an earlier instant"
    named = [*tally.events, *(place for place in off if place not in tally.events)]
    return Check(
        id="DQ14", title="Event logging", outcome=Outcome.DEGRADED if named or held > 0.01 else Outcome.PASS, seen=f"{seen}.", limit=limit,
        consequence="each value holds until the next, never a line between them; ask for the deadband" if named or held > 0.01 else "none",
        elements=tuple(named[:MOST_ELEMENTS]),
        figures={"event_signals": float(len(tally.events)), "irregular_signals": float(len(off)), "held_share": held} | ({"deadband_max": max(e.deadband for e in tally.events.values())} if tally.events else {}),
    )  # fmt: skip


def _interpolation(tally: LoggingTally) -> Check:
    limit = f"at most {100 * COLLINEAR:g} % of a signal on straight, sloped lines"
    marked = tally.interpolated / tally.samples if tally.samples else 0.0
    if not tally.collinear and not marked:
        return unmade(
            "DQ15",
            "Interpolation",
            "neither current nor rack voltage in the export.",
            limit,
            "channel-missing",
            "that the values are measurements rests on trust",
        )
    worst = max(tally.collinear, key=lambda place: tally.collinear[place], default="")
    share = tally.collinear.get(worst, 0.0)
    bad = {place: s for place, s in tally.collinear.items() if s > COLLINEAR}
    seen = f"{percent(share)} of {worst} lies on straight lines between other values" if worst else "no signal to look at"
    if marked:
        seen += f"; {percent(marked)} of the cell samples are marked as interpolated"
    fail = bool(bad) or marked > 0.01
    return Check(
        id="DQ15", title="Interpolation", outcome=Outcome.FAIL if fail else Outcome.DEGRADED if marked else Outcome.PASS, seen=f"{seen}.", limit=limit,
        consequence="values between the recorded ones were never measured: no resistance, no end of a pass, averages are biased" if fail else "interpolated samples are no evidence" if marked else "none",
        elements=tuple(sorted(bad, key=lambda place: -bad[place]))[:MOST_ELEMENTS], figures={"collinear_share_max": share, "marked_share": marked},
    )  # fmt: skip
