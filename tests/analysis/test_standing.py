"""Positions at the ends of passes: who is ahead, against always the same cells, and how an error of a channel would look like a drift."""

import numpy as np
import pytest
from builders.known_racks import CELL, known

from workbench.analysis.end_reading import End, read_ends
from workbench.analysis.regimes import Pass
from workbench.analysis.results import Estimate, Regime
from workbench.analysis.self_discharge import self_discharge
from workbench.analysis.standing import LEAST_CELLS, end_standings
from workbench.analysis.step_matching import step_matches

CELLS = 12
TIME_NS = np.arange(100, dtype=np.int64) * 1_000_000_000


def end(h_ah, slope=10.0, shut=(), lead=0):
    cells = len(h_ah)
    is_open = ~np.isin(np.arange(cells), shut)
    return End(np.array(h_ah, float), is_open, np.full(cells, slope), np.zeros(cells), lead, (0.0, 0.0))


def ends(*found, regime=Regime.CHARGE):
    return {Pass(regime, 10 * k, 10 * k + 9, True): one for k, one in enumerate(found)}


def looks(rack):
    ohm = np.array([a.value / 1000 if isinstance(a, Estimate) else 0.0 for a in rack.response.answers])
    read = read_ends(rack.series, rack.ends, rack.count, rack.string, ohm, 1.0, rack.rounding_mv)
    return end_standings(read, rack.series.time_ns, 1.0, 0.6)


def test_less_to_go_until_full_and_more_left_until_empty_are_both_ahead():
    h = [0.0, 3.0, *[1.0] * (CELLS - 2)]
    full = end_standings(ends(end(h)), TIME_NS, 1.0, 0.5)[0]
    empty = end_standings(ends(end(h), regime=Regime.DISCHARGE), TIME_NS, 1.0, 0.5)[0]
    assert full.regime is Regime.CHARGE_END
    assert empty.regime is Regime.DISCHARGE_END
    assert full.ahead_ah[:3] == pytest.approx([1.0, -2.0, 0.0])
    assert empty.ahead_ah[:3] == pytest.approx([-1.0, 2.0, 0.0])
    assert full.start_ns == TIME_NS[8]


def test_a_cell_read_now_and_then_does_not_move_the_middle():
    usual = [0.0, *[1.0] * (CELLS - 1)]
    odd = [0.0, 50.0, *[1.0] * (CELLS - 2)]
    first, second = end_standings(ends(end(usual), end(odd, shut=(1,))), TIME_NS, 1.0, 0.5)
    assert first.ahead_ah[2] == second.ahead_ah[2] == 0.0
    assert np.isnan(second.ahead_ah[1])
    assert not second.lost.any(), "a cell that is not near its end is not lost, only not read"


def test_too_few_cells_at_every_end_are_no_middle():
    few = tuple(range(LEAST_CELLS - 1, CELLS))
    assert end_standings(ends(end([1.0] * CELLS, shut=few)), TIME_NS, 1.0, 0.5) == ()
    assert len(end_standings(ends(end([1.0] * CELLS, shut=few[1:])), TIME_NS, 1.0, 0.5)) == 1


def test_an_end_that_was_not_read_and_a_rack_without_ends_give_nothing():
    assert end_standings({}, TIME_NS, 1.0, 0.5) == ()
    assert len(end_standings(ends(None, end([1.0] * CELLS)), TIME_NS, 1.0, 0.5)) == 1


def test_what_a_channel_may_add_grows_where_the_curve_is_flat():
    steep, flat = (end_standings(ends(end([1.0] * CELLS, slope=s)), TIME_NS, 1.0, 0.5)[0] for s in (40.0, 4.0))
    assert flat.channel_ah[3] == pytest.approx(10 * steep.channel_ah[3])
    assert flat.error_ah[3] == pytest.approx(10 * steep.error_ah[3])


@pytest.mark.parametrize("seed", [1, 2])
def test_ends_repeat_better_than_the_step_and_see_a_leak_more_sharply(seed):
    rack = known(("leaking-cell", 0.02), seed=seed)
    step = step_matches(rack.series, rack.regimes.passes, rack.count, rack.string.ah, rack.rounding_mv)
    alone, both = self_discharge(step, "m"), self_discharge((*step, *looks(rack)), "m")
    leak = 1000 * (np.array(rack.truth.leak_a) - np.median(rack.truth.leak_a))
    wrong = [np.array([a.value for a in found.answers]) - leak for found in (alone, both)]
    others = np.arange(len(leak)) != CELL - 1
    assert np.std(wrong[1][others]) < 0.4 * np.std(wrong[0][others])
    assert abs(wrong[1][CELL - 1]) < 2
    assert both.z[CELL - 1] > 2 * alone.z[CELL - 1]
    assert np.mean([a.low <= t <= a.high for a, t in zip(both.answers, leak, strict=True)]) > 0.88


def test_a_channel_that_reads_wrong_is_not_taken_for_a_leak():
    """A cell that goes down the curve by a real drift of 0.5 Ah a day, and whose channel adds 1 mV at a slope that falls from 40 to 4 mV/Ah."""
    slopes = np.geomspace(40, 4, 10)
    spread = np.linspace(-0.5, 0.5, CELLS)
    found = []
    for day, slope in enumerate(slopes):
        h = 2.0 + spread
        h[3] += 0.5 * day + 1.0 / slope
        one = End(h, np.ones(CELLS, bool), np.r_[np.full(3, 40.0), slope, np.full(CELLS - 4, 40.0)], np.zeros(CELLS), 0, (0.0, 0.0))
        found.append((Pass(Regime.CHARGE, 10 * day, 10 * day + 9, True), one))
    time_ns = np.arange(100, dtype=np.int64) * 8_640_000_000_000
    read = self_discharge(end_standings(dict(found), time_ns, 1.0, 0.1), "m").answers[3]
    blind = self_discharge(end_standings(dict(found), time_ns, 0.0, 0.1), "m").answers[3]
    true = 1000 * 0.5 / 24
    assert read.low < true < read.high
    assert abs(read.value - true) < abs(blind.value - true)
