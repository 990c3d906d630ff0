"""Comparable moments: passes, their middles and ends, settled rest."""

from itertools import pairwise

import numpy as np
from builders.cycles import blinded, joined, live, with_signals, without

from workbench.analysis.regimes import SETTLED_S, by_day, cell_extremes, find_regimes
from workbench.analysis.results import Regime
from workbench.asset.channels import MISSING_INT16

DAY_NS = 86_400_000_000_000


def test_every_pass_of_a_cycled_rack_is_found_in_turn_and_ends_at_its_limit():
    lived = live(cycles=4)
    passes = lived.regimes().passes
    assert [p.regime for p in passes] == [Regime.CHARGE, Regime.DISCHARGE] * 4
    assert all(p.at_limit for p in passes)
    current = lived.series.signals["rack_current_a"]
    assert all((np.sign(current[p.first : p.last]) == (1 if p.regime is Regime.CHARGE else -1)).all() for p in passes)


def test_the_middle_of_a_pass_leaves_out_both_ends_and_an_end_is_its_last_samples():
    regimes = live(cycles=3).regimes()
    charges = [p for p in regimes.passes if p.regime is Regime.CHARGE]
    for one, middle, end in zip(charges, regimes.groups[Regime.CHARGE], regimes.groups[Regime.CHARGE_END], strict=True):
        length = one.last - one.first
        assert one.first + 0.29 * length < middle[0]
        assert middle[-1] < one.first + 0.71 * length
        assert list(end) == [one.last - 3, one.last - 2, one.last - 1]


def test_a_pass_that_stops_early_has_a_middle_but_no_end():
    early, full = live(cycles=1, between=(-1.0, 0.5)).series, live(cycles=1).series
    regimes = find_regimes(joined(early, full), 30.0, 3.0)
    charges = [p for p in regimes.passes if p.regime is Regime.CHARGE]
    assert [p.at_limit for p in charges] == [False, True]
    assert len(regimes.groups[Regime.CHARGE]) == 2
    assert len(regimes.groups[Regime.CHARGE_END]) == 1
    assert regimes.groups[Regime.CHARGE_END][0][0] > len(early.time_ns)


def test_rest_counts_only_after_half_an_hour_without_current():
    lived = live(cycles=2, rest_h=1.0)
    regimes = lived.regimes()
    time_ns, current = lived.series.time_ns, lived.series.signals["rack_current_a"]
    for index in regimes.groups[Regime.REST]:
        assert (current[index] == 0).all()
        before = np.flatnonzero(current[: index[0]] != 0)
        begin = time_ns[before[-1] + 1] if len(before) else time_ns[0]
        assert (time_ns[index[0]] - begin) / 1e9 == SETTLED_S
    assert (
        Regime.REST not in live(cycles=2, rest_h=0.4).regimes().groups or len(live(cycles=2, rest_h=0.4).regimes().groups[Regime.REST]) == 1
    )


def test_a_gap_divides_a_pass_and_nothing_spans_it():
    lived = live(cycles=2)
    charge = lived.regimes().passes[0]
    cut = (charge.first + charge.last) // 2
    series = without(lived.series, cut, cut + 10)
    divided = find_regimes(series, 30.0, 3.0)
    assert len(divided.passes) == len(lived.regimes().passes) + 1
    for index in (i for groups in divided.groups.values() for i in groups):
        assert (np.diff(series.time_ns[index]) <= 90_000_000_000).all()


def test_passes_shorter_than_five_minutes_say_nothing():
    lived = live(cycles=1, period_s=30.0)
    current = np.zeros(len(lived.series.time_ns))
    current[100:109], current[300:320] = 25.0, 25.0  # 4 and 9.5 minutes
    regimes = find_regimes(with_signals(lived.series, rack_current_a=current), 30.0, 3.0)
    assert [(p.first, p.last) for p in regimes.passes] == [(300, 320)]


def test_without_a_current_there_are_no_regimes():
    series = live(cycles=1).series
    for current in (None, np.full(len(series.time_ns), np.nan)):
        regimes = find_regimes(with_signals(series, rack_current_a=current), 30.0, 3.0)
        assert (regimes.passes, regimes.groups) == ((), {})


def test_without_cell_voltages_passes_are_known_but_no_end_is():
    series = live(cycles=2).series
    dark = blinded(series, range(1, 11), 0, len(series.time_ns))
    regimes = find_regimes(dark, 30.0, 3.0)
    assert len(regimes.passes) == 4
    assert not any(p.at_limit for p in regimes.passes)


def test_regrouping_by_day_keeps_every_sample_once():
    lived = live(cycles=6)
    groups = lived.regimes().groups[Regime.CHARGE]
    days, starts = by_day(groups, lived.series.time_ns)
    assert sorted(np.concatenate(days)) == sorted(np.concatenate(groups))
    assert all(len(set(lived.series.time_ns[index] // DAY_NS)) == 1 for index in days)
    assert all(a < b for a, b in pairwise(starts))


def test_extremes_pass_over_cells_that_were_not_received():
    series = live(cycles=1).series
    low, high = cell_extremes(blinded(series, range(2, 11), 5, 9))
    alone = series.cell_voltage_mv[0, 5:9] / 1000
    assert (low[5:9] == alone).all()
    assert (high[5:9] == alone).all()
    none_low, none_high = cell_extremes(blinded(series, range(1, 11), 5, 9))
    assert np.isnan(none_low[5:9]).all()
    assert np.isnan(none_high[5:9]).all()
    assert none_low[4] > MISSING_INT16 / 1000
