"""The anchored count: true within its error, closed over a sensor offset, refused without two anchors."""

import numpy as np
import pytest
from builders.cycles import DECLARED, RATED_AH, live

from workbench.analysis.anchored_soc import USUAL_LEFT, anchored_soc
from workbench.analysis.charge_balance import limit_ends, string_capacity
from workbench.analysis.charge_count import charge_count
from workbench.analysis.results import NotEstablished


def read(lived, rated=RATED_AH, string=None):
    count = charge_count(lived.series, lived.series.signals["rack_current_a"], lived.life.period_s, 3.0)
    passes = lived.regimes().passes
    ends = limit_ends(lived.series, passes, DECLARED)
    return anchored_soc(ends, count, string or string_capacity(ends, passes, count, 0.0), rated), ends


@pytest.mark.parametrize("offset_a", [0.0, 0.5, -1.0])
def test_the_count_is_true_within_its_error_whatever_the_offset(offset_a):
    lived, plain = live(sensor_offset_a=offset_a), live()
    found, _ = read(lived)
    true, _ = read(plain)
    gap = np.abs(found.soc - true.soc)
    seen = np.isfinite(gap)
    assert seen.mean() > 0.9
    assert np.mean(gap[seen] <= 1.96 * found.error[seen]) > 0.95
    assert found.drift_a == pytest.approx(offset_a, abs=0.05)


def test_full_is_one_and_empty_is_zero():
    found, ends = read(live())
    for one in ends:
        assert found.soc[one.last - 1] == pytest.approx(1.0 if one.regime.value == "charging" else 0.0, abs=1e-9)


def test_without_two_anchors_it_is_refused():
    found, _ = read(live(between=(0.3, 0.7)))
    assert isinstance(found, NotEstablished)
    assert found.reason == "too-few-anchors"


def test_full_ends_alone_need_the_rating_and_are_less_sure_far_below():
    found, _ = read(live(between=(0.5, 2.0)))
    assert found.capacity_ah == pytest.approx(USUAL_LEFT * RATED_AH)
    assert "assumed" in found.condition
    low, high = np.nanargmin(found.soc), np.nanargmax(found.soc)
    assert found.error[low] > 4 * found.error[high]
    refused, _ = read(live(between=(0.5, 2.0)), rated=None)
    assert isinstance(refused, NotEstablished)


def test_an_offset_that_every_span_misses_alike_comes_evenly_and_a_stray_miss_does_not():
    steady, _ = read(live(sensor_offset_a=1.0))
    plain, _ = read(live())
    assert np.nanmedian(steady.error) < 1.5 * np.nanmedian(plain.error)
    lived = live(sensor_offset_a=1.0)
    current = lived.series.signals["rack_current_a"]
    current[len(current) // 2 : len(current) // 2 + 300] += 2.0  # 5 Ah of 100 that nothing explains
    stray, _ = read(lived)
    middle = slice(len(current) // 2 - 300, len(current) // 2 + 600)
    assert np.nanmax(stray.error[middle]) > 1.5 * np.nanmax(steady.error[middle])


def test_an_end_lies_somewhere_inside_a_sampling_period():
    fine, slow = (read(live(period_s=period_s))[0] for period_s in (30.0, 300.0))
    edge = 300 * 0.25 / 3600
    assert np.nanmin(fine.error) < 0.007
    assert np.nanmin(slow.error) >= edge
