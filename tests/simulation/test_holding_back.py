"""What a BMS leaves of a current, by rule."""

import numpy as np
import pytest
from builders.stressed import held_back

from workbench.simulation.holding_back import RULES, HoldingBack


def test_the_smallest_share_counts_and_each_way_has_its_own_voltage():
    rule = HoldingBack(hot_degc=(40.0, 50.0), low_v=(3.0, 2.8), high_v=(3.5, 3.6), command=(10.0, 12.0, 0.3))
    assert rule.allowed(25.0, 3.3, 3.3, 0.0) == (1.0, 1.0)
    assert rule.allowed(45.0, 3.3, 3.3, 0.0) == (pytest.approx(0.5), pytest.approx(0.5))
    assert rule.allowed(25.0, 2.9, 3.3, 0.0) == (1.0, pytest.approx(0.5))
    assert rule.allowed(25.0, 3.3, 3.55, 0.0) == (pytest.approx(0.5), 1.0)
    assert rule.allowed(25.0, 3.3, 3.3, 11.0) == (0.3, 0.3)
    assert rule.allowed(60.0, 3.3, 3.3, 0.0) == (0.02, 0.02)


def test_a_silent_command_is_obeyed_and_not_allowed_for():
    rule = HoldingBack(silent_command=(1.0, 2.0, 0.4))
    assert (rule.obeyed(1.5), rule.obeyed(3.0)) == (0.4, 1.0)
    assert rule.allowed(25.0, 3.3, 3.3, 1.5) == (1.0, 1.0)


def test_the_rule_that_leaves_least_is_named():
    rule = HoldingBack(
        hot_degc=(40.0, 50.0), low_v=(3.0, 2.8), high_v=(3.5, 3.6), command=(10.0, 12.0, 0.3), silent_command=(20.0, 22.0, 0.4)
    )

    def named(degc, low_v, high_v, hour, kept=1.0, *, charging=False):
        place = rule.binding(degc, low_v, high_v, hour, kept, charging=charging)
        return RULES[place] if place >= 0 else ""

    assert named(25.0, 3.3, 3.3, 0.0) == ""
    assert named(45.0, 3.3, 3.3, 0.0) == "heat"
    assert named(45.0, 2.85, 3.3, 0.0) == "lowest cell"
    assert named(45.0, 2.85, 3.55, 0.0, charging=True) == "heat", "the lowest cell holds no charge back"
    assert named(25.0, 3.3, 3.58, 0.0, charging=True) == "highest cell"
    assert named(25.0, 3.3, 3.3, 0.0, kept=0.4) == "lowest cell", "it does not let go within a pass"
    assert named(45.0, 3.3, 3.3, 11.0) == "command"
    assert named(25.0, 3.3, 3.3, 21.0) == "silent command"


def test_a_rack_that_is_held_back_carries_no_more_than_is_allowed():
    series, _ = held_back("heat")
    size, allowed = (
        np.abs(series.signals["rack_current_a"]),
        np.maximum(series.signals["reported_charge_limit_a"], series.signals["reported_discharge_limit_a"]),
    )
    assert (size <= allowed + 1.0).all()
    asked = np.abs(series.signals["requested_power_w"])
    assert (asked > 1.2 * size * series.signals["rack_voltage_v"]).sum() > 100
