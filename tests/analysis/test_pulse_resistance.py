"""Resistance from steps: the cell at 1.6 times stands out after temperature is taken off, and what cannot be known is refused."""

import numpy as np
import pytest
from builders.known_racks import CELL, known, values
from msgspec import structs

from workbench.analysis.pulse_resistance import pulse_resistance
from workbench.analysis.results import Estimate, NotEstablished
from workbench.asset.window import RackSeries


def read(rack, series=None):
    limits = tuple(p.last - 1 for p in rack.ends)
    return pulse_resistance(series or rack.series, rack.string.ah, limits, rack.rounding_mv, "m", rack.anchored.soc)


def truth(rack):
    ohm = np.array(rack.truth.r10s_mohm)
    return ohm / np.median(ohm)


def without_map(series):
    bare = structs.replace(series.rack, probes=tuple(structs.replace(p, cells=()) for p in series.rack.probes))
    return RackSeries(bare, series.time_ns, series.cell_voltage_mv, series.cell_quality, series.probe_temperature_ddegc, series.signals)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_cell_at_one_point_six_stands_out_after_temperature_is_taken_off(seed):
    rack = known(("high-resistance", 1.6), seed=seed, gradient_k=8.0, period_s=10.0)
    found = read(rack)
    assert found.z[CELL - 1] >= 10
    assert found.ratio[CELL - 1].low <= truth(rack)[CELL - 1] <= found.ratio[CELL - 1].high
    blind = read(rack, without_map(rack.series))
    assert blind.z[CELL - 1] < found.z[CELL - 1], "an uncorrected gradient hides it"
    assert "not corrected" in blind.condition
    assert 15_000 < found.activation_j_mol < 30_000, "22 kJ/mol were simulated"


def test_ratios_hold_the_truth_and_healthy_cells_stay_below_five_sigma():
    inside = []
    for seed in (1, 2, 3):
        rack = known(seed=seed, period_s=10.0)
        found = read(rack)
        assert np.nanmax(found.z) < 5
        inside += [a.low <= t <= a.high for a, t in zip(found.ratio, truth(rack), strict=True)]
    assert 0.92 <= np.mean(inside) <= 1.0


def test_a_slow_logger_gives_ratios_only_and_says_why():
    found = read(known(seed=1, period_s=10.0))
    assert all(isinstance(a, NotEstablished) and a.reason == "pulse-length-unknown" for a in found.ohm)
    assert "0 to 10 s" in found.condition


def test_a_logger_of_one_second_gives_milliohms():
    rack = known(seed=1, period_s=1.0, days=4, full_every=2, modules=2, cells_per_module=5)
    found = pulse_resistance(rack.series, 283.0, tuple(p.last - 1 for p in rack.ends or ()), rack.rounding_mv, "m")
    warm = np.exp(22_000 / 8.314 * (1 / (found.temperature_degc + 273.15) - 1 / 298.15))
    true = np.array(rack.truth.r10s_mohm) * warm
    assert all(isinstance(a, Estimate) for a in found.ohm)
    assert values(found.ohm) == pytest.approx(true, rel=0.13)
    assert np.mean([a.low <= t <= a.high for a, t in zip(found.ohm, true, strict=True)]) > 0.9


def test_too_few_steps_are_refused():
    rack = known(seed=1, period_s=10.0)
    refused = pulse_resistance(rack.series.span(0, len(rack.series.time_ns) // 5), rack.string.ah, (), rack.rounding_mv, "m")
    assert isinstance(refused, NotEstablished)
    assert refused.reason == "too-few-steps"


def test_a_rack_without_current_is_refused():
    rack = known(seed=1, period_s=10.0)
    signals = {k: v for k, v in rack.series.signals.items() if k != "rack_current_a"}
    s = rack.series
    bare = RackSeries(s.rack, s.time_ns, s.cell_voltage_mv, s.cell_quality, s.probe_temperature_ddegc, signals)
    assert pulse_resistance(bare, 283.0, (), 0.29, "m").reason == "no-current"
