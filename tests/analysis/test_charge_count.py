"""The count holds each sample until the next, never across a gap, and says what nobody saw."""

import numpy as np
import pytest
from builders.plants import rack, series

from workbench.analysis.charge_count import charge_count, held_hours

PERIOD_S = 10.0


def counted(current, seconds):
    made = series(rack(cells=1, probes=0), samples=len(current))
    made = type(made)(
        made.rack, np.array(seconds, np.int64) * 1_000_000_000, made.cell_voltage_mv, made.cell_quality, made.probe_temperature_ddegc, {}
    )
    return charge_count(made, np.array(current, float), PERIOD_S, 3.0)


def test_a_sample_holds_until_the_next_one():
    count = counted([36.0, 36.0, 0.0, 0.0], [0, 10, 20, 30])
    assert count.ah.sum() == pytest.approx(0.2)
    assert count.passed(0, 4).tolist() == pytest.approx([0.0, 0.1, 0.2, 0.2])
    assert count.whole(0, 4)


def test_nothing_flows_across_a_gap_and_what_may_have_is_said():
    count = counted([36.0, 36.0, 36.0], [0, 10, 1000])
    assert count.ah.sum() == pytest.approx(0.3)
    assert count.hidden_ah.sum() == pytest.approx(36 * 980 / 3600)
    assert not count.whole(0, 3)


def test_a_current_that_was_not_received_is_not_a_current_of_zero():
    count = counted([36.0, np.nan, 36.0], [0, 10, 20])
    assert count.hours.tolist() == pytest.approx([10 / 3600, 0.0, 10 / 3600])
    assert count.hidden_ah[1] == pytest.approx(0.1)
    assert not count.whole(0, 3)


def test_the_last_sample_holds_for_one_period():
    assert held_hours(np.array([0, 10_000_000_000]), PERIOD_S, 3.0).tolist() == pytest.approx([10 / 3600] * 2)
