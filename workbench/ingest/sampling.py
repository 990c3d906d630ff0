"""When was a row written: by the clock, when something changed, or at random? Told from the steps, and from the values where they are known.

Only rows by the clock have a period, and only for them is a long step a loss as such. Shapes: T rows, K columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.asset.window import BoolArray, FloatArray, Int64Array

PERIODIC, EVENT, RANDOM, IRREGULAR = "periodic", "event-driven", "random", "irregular"
NEAR, NEAR_SHARE = 0.25, 0.5  # of the usual step: how many steps must be like it for a clock to be behind them
LONGEST = 20  # usual steps; what is longer is a pause of the log, not its habit
MIN_STEPS = 20
MIN_CHANGES = 20
CLOCK_SHARE = 0.95  # of equal steps: a clock, whatever the values do
CUT, CUT_MOST = 2.999, 0.05  # smallest recorded change, in resolutions of the channel and of its largest value: a deadband
EXPONENTIAL = (0.5, 1.6)  # spread over mean of steps that stand at random; a clock has less, a log of changes more
MEMORY, ACTIVITY = 0.12, 0.25  # rank correlation of neighbouring steps: more than chance makes, and so much that only activity does
BEATS, BEAT = 8, 0.02  # longest steps that are all alike: a heartbeat
GAP_FACTOR, MIN_GAP_S, CHANCE = 3.0, 60.0, 7.0  # a random step longer than its mean times (ln T + 7) happens once in a thousand logs
MOST = 100_000  # steps and values looked at


@dataclass(frozen=True, slots=True)
class Sampling:
    """How rows stand. step_s: the median step, a period only where mode is periodic. gap_s: a longer step is a gap; 0 where none can be told."""

    mode: str
    step_s: float
    gap_s: float
    evidence: str


def sampling(time_ns: Int64Array, values: FloatArray | None = None) -> Sampling:
    """time_ns: (T,) ascending. values: (T, K) beside the rows, NaN where nothing was received; only the first `MOST` rows are looked at."""
    steps = np.diff(time_ns[: MOST + 1]).astype(np.float64) / 1e9
    step_s = float(np.median(np.diff(time_ns))) / 1e9 if len(time_ns) > 1 else 0.0
    clock_gap_s = max(GAP_FACTOR * step_s, MIN_GAP_S)
    if len(steps) < MIN_STEPS:
        return Sampling(PERIODIC, step_s, clock_gap_s, f"{len(steps)} steps: too few to tell, taken as a period")
    usual = steps[steps <= LONGEST * np.median(steps)]
    near = float((np.abs(usual / np.median(steps) - 1) <= NEAR).mean())
    deadband = near < CLOCK_SHARE and values is not None and any(cut(column) for column in values[: MOST + 1].T)
    if near >= NEAR_SHARE and not deadband:
        return Sampling(PERIODIC, step_s, clock_gap_s, f"{100 * near:.0f} % of the steps are about {step_s:g} s")
    spread, memory = float(usual.std() / usual.mean()), _memory(usual)
    seen = f"steps from {steps.min():g} s to {steps.max():g} s, {100 * near:.0f} % of them about the median of {step_s:g} s"
    tick = float((np.abs(steps - steps.min()) <= 1e-3 * max(steps.min(), 1e-6)).mean())
    if deadband or (memory > ACTIVITY and (tick >= 0.1 or spread > EXPONENTIAL[1])):
        why = "no change is recorded below a deadband" if deadband else f"short steps follow short ones (rank correlation {memory:+.2f})"
        beat_s = _heartbeat(steps)
        beat = f"; never longer than a heartbeat of {beat_s:g} s" if beat_s else ""
        return Sampling(EVENT, step_s, 1.5 * beat_s if beat_s else 0.0, f"{seen}; {why}{beat}")
    chance_gap_s = float(usual.mean()) * (np.log(len(steps)) + CHANCE)
    if EXPONENTIAL[0] <= spread <= EXPONENTIAL[1] and abs(memory) <= max(MEMORY, 3 / np.sqrt(len(usual))):
        why = f"they spread as chance does ({spread:.2f} of their mean) and do not follow each other ({memory:+.2f})"
        return Sampling(RANDOM, step_s, chance_gap_s, f"{seen}; {why}")
    return Sampling(IRREGULAR, step_s, max(chance_gap_s, clock_gap_s), f"{seen}; neither a clock, nor changes, nor chance explains them")


def cut(received: FloatArray) -> bool:
    """Whether one column was recorded when it had left a deadband: nearly every record is a change, and none is a small one, or each is of one step."""
    received = received[np.isfinite(received)]
    change = np.abs(np.diff(received))
    moved = change[change > 0]
    if len(moved) < MIN_CHANGES or len(moved) < 0.95 * len(change):
        return False
    distinct = np.diff(np.unique(received))
    fine = float(distinct.min()) if len(distinct) else np.inf
    deadband, largest = float(np.percentile(moved, 1)), float(np.percentile(np.abs(received), 99.5))
    beyond = deadband >= CUT * fine and deadband <= CUT_MOST * largest and np.median(moved) <= 3 * deadband
    one_by_one = len(moved) >= 0.98 * len(change) and np.percentile(moved, 90) <= 1.5 * fine and fine <= CUT_MOST * largest
    return bool(beyond or one_by_one)


def _memory(steps: FloatArray) -> float:
    """Rank correlation of neighbouring steps."""
    rank = np.argsort(np.argsort(steps, kind="stable"), kind="stable").astype(np.float64)
    return float(np.corrcoef(rank[:-1], rank[1:])[0, 1]) if len(rank) > 2 and np.ptp(steps) else 0.0


def _heartbeat(steps: FloatArray) -> float:
    """The longest step where it comes again and again, else 0: a log of changes that also says that it lives."""
    longest = float(steps.max())
    like: BoolArray = steps >= (1 - BEAT) * longest
    return longest if like.sum() >= BEATS else 0.0
