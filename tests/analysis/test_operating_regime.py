"""How a rack was run, counted on a life that is known, and limits that it kept or broke."""

import numpy as np
import pytest
from builders.cycles import DECLARED, RATED_AH, live, probed, with_signals
from msgspec.structs import replace

from workbench.analysis.anchored_soc import anchored_soc
from workbench.analysis.charge_balance import charge_balance, counted, limit_ends, string_capacity
from workbench.analysis.charge_count import charge_count
from workbench.analysis.operating_regime import operating_regime
from workbench.analysis.regimes import find_regimes
from workbench.asset.nameplate import LimitedQuantity, OperatingLimit


def read(series, *limits, design=DECLARED):
    design = replace(design, limits=limits)
    regimes = find_regimes(series, 30.0, 3.0)
    current = series.signals.get("rack_current_a", np.zeros(len(series.time_ns)))
    count = charge_count(series, current, 30.0, 3.0)
    ends = limit_ends(series, regimes.passes, design)
    anchored = anchored_soc(ends, count, string_capacity(ends, regimes.passes, count, 0.0), design.rated_capacity_ah)
    efc = charge_balance(series, regimes, design, counted(series, regimes.passes, design, 30.0, 3.0), "m").efc
    return operating_regime(series, regimes, ends, count, anchored, design, efc)


def limit(quantity, value, *, most=True):
    return OperatingLimit(id="L", text="a limit", quantity=LimitedQuantity(quantity), value=value, most=most)


def test_cycles_rests_and_rates_are_those_that_were_lived():
    lived = live(cycles=4, rest_h=2.0)
    found = read(lived.series)
    assert found.full_discharges == found.full_charges == 4
    assert found.rests == 9, "one before, two in each cycle"
    assert found.discharge_ah == pytest.approx(sum(lived.moved_ah), rel=0.01)
    assert sum(found.c_rate_dwell.values()) == pytest.approx(1.0, abs=0.002)
    assert found.c_rate_dwell["to 0.5"] + found.c_rate_dwell["to 0.25"] == pytest.approx(1 - found.rest_h / found.recorded_h, abs=0.01)
    assert sum(found.soc_dwell.values()) == pytest.approx(1.0, abs=0.002)


def test_temperature_exposure_is_by_probe_time():
    series = probed(live(cycles=2).series, (0.0, 10.0), (0.0, 0.0))
    found = read(series)
    assert found.hottest_degc == pytest.approx(35, abs=1)
    assert found.temperature_dwell["35 degC"] + found.temperature_dwell["30 degC"] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("quantity", "kept", "broken", "most"),
    [
        ("charge_c_rate", 0.3, 0.2, True),
        ("discharge_c_rate", 0.3, 0.2, True),
        ("cell_voltage_max_v", 3.7, 3.55, True),
        ("cell_voltage_min_v", 2.5, 2.95, False),
        ("soc", 1.05, 0.9, True),
        ("rest_soc", 1.05, 0.9, True),
        ("efc", 100.0, 1.0, True),
        ("efc_per_day", 10.0, 0.5, True),
    ],
)
def test_a_limit_is_kept_or_broken_with_time_count_and_worst_case(quantity, kept, broken, most):
    series = live(cycles=3).series
    good, bad = read(series, limit(quantity, kept, most=most), limit(quantity, broken, most=most)).exceedances
    assert good.count == 0
    assert good.hours == 0
    assert good.tested_h > 10
    assert bad.count >= 1
    assert bad.hours > 0
    assert (bad.worst > broken) is most
    assert series.time_ns[0] <= bad.worst_ns <= series.time_ns[-1]


def test_temperature_limits_need_temperatures():
    bare, warm = live(cycles=1).series, probed(live(cycles=1).series, (0.0,), (8.0,))
    assert read(bare, limit("temperature_max_degc", 30)).exceedances[0].reason
    found = read(warm, limit("temperature_max_degc", 30), limit("temperature_min_degc", 10, most=False)).exceedances
    assert [e.count > 0 for e in found] == [True, False]


def test_without_a_current_nothing_is_claimed():
    series = with_signals(live(cycles=1).series, rack_current_a=None)
    found = read(series, limit("charge_c_rate", 0.1))
    assert found.exceedances[0].worst is None
    assert found.exceedances[0].reason
    assert found.soc_dwell == {}
    assert found.c_rate_dwell == {}
    assert RATED_AH > 0
