"""Cold charge that was lived, in hours and ampere-hours; equal to the bit however the window is cut; exposure never without temperatures."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from builders.scenes import scene
from builders.stressed import stretch
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from workbench.analysis.plating_exposure import DEFAULT_LIMITS, FULL_SHARE, PlatingInput, PlatingTally, exposure, see, thresholds
from workbench.analysis.stress import ColdLimit
from workbench.asset.channels import MISSING_INT16
from workbench.asset.nameplate import ColdCharge, DesignRecord

DESIGN = DesignRecord(rated_capacity_ah=100.0, current_gain_accuracy=0.005, current_offset_a=0.2, probe_accuracy_degc=1.0)


def given_of(series, soc=0.5, design=DESIGN, error=0.01):
    samples = len(series.time_ns)
    hold = np.full(samples, 10_000_000_000, np.int64)
    return PlatingInput(hold, np.full(samples, soc), np.full(samples, error), "anchored", 1.0, design, "test")


def part_of(whole, first, last):
    cut = slice(first, last)
    return replace(whole, hold_ns=whole.hold_ns[cut], soc=whole.soc[cut], soc_error=whole.soc_error[cut])


def exposed(series, **changes):
    whole, tally = given_of(series, **changes), PlatingTally()
    see(tally, series, whole)
    return exposure(tally, series, whole)


@pytest.mark.parametrize(
    ("degc", "ampere", "prone"),
    [(3.0, 25.0, True), (3.0, 8.0, False), (25.0, 80.0, False), (12.0, 30.0, True), (12.0, 15.0, False), (-5.0, 3.0, True)],
)
def test_rate_and_temperature_decide(degc, ampere, prone):
    found = exposed(stretch(360, ampere=ampere, degc=degc))
    assert found.charge_h == pytest.approx(1.0)
    assert found.hours.value == pytest.approx(1.0 if prone else 0.0)
    assert found.ah.value == pytest.approx(ampere if prone else 0.0, rel=1e-6)


def test_a_full_cell_bears_half_of_it():
    assert exposed(stretch(360, ampere=15.0, degc=12.0), soc=0.9).hours.value == pytest.approx(1.0)
    assert FULL_SHARE == 0.5


def test_discharge_and_rest_expose_nothing():
    assert exposed(stretch(360, ampere=-90.0, degc=-10.0)).hours.value == 0
    assert exposed(stretch(360, ampere=0.0, degc=-10.0)).charge_h == 0


def test_the_interval_holds_what_the_sensors_may_hide():
    near = exposed(stretch(360, ampere=19.9, degc=14.0))
    assert (near.hours.low, near.hours.value, near.hours.high) == (0.0, 0.0, pytest.approx(1.0))
    edge = exposed(stretch(360, ampere=30.0, degc=14.5))
    assert edge.hours.low == 0 < edge.hours.value <= edge.hours.high
    sure = exposed(stretch(360, ampere=60.0, degc=2.0))
    assert sure.hours.low == sure.hours.value == sure.hours.high == pytest.approx(1.0)


def test_cells_may_be_colder_than_the_coldest_probe():
    series = stretch(360, ampere=30.0, degc=18.0)
    two = replace(series, probe_temperature_ddegc=np.vstack([series.probe_temperature_ddegc, series.probe_temperature_ddegc + 50]))
    assert exposed(two).hours.high > exposed(series).hours.high == 0
    assert "1 probes for 10 cells" in exposed(series).hours.condition


@given(st.lists(st.integers(1, 359), max_size=5), st.integers(0, 3))
def test_the_sum_is_the_same_to_the_bit_however_it_is_cut(cuts, seed):
    rng = np.random.default_rng(seed)
    series = stretch(360, rack_current_a=rng.normal(20, 15, 360))
    series = replace(series, probe_temperature_ddegc=rng.integers(-50, 250, (1, 360)).astype(np.int16))
    whole = given_of(series)
    once, parts = PlatingTally(), PlatingTally()
    see(once, series, whole)
    edges = [0, *sorted(set(cuts)), 360]
    for a, b in itertools.pairwise(edges):
        see(parts, series.span(a, b), part_of(whole, a, b))
    assert parts == once
    assert exposure(parts, series, whole) == exposure(once, series, whole)


def test_the_map_adds_up_to_the_charge():
    rng = np.random.default_rng(1)
    series = stretch(360, rack_current_a=rng.normal(20, 15, 360))
    found = exposed(replace(series, probe_temperature_ddegc=rng.integers(-50, 250, (1, 360)).astype(np.int16)))
    assert sum(b.hours for b in found.bins) == pytest.approx(found.charge_h)
    assert sum(b.hours for b in found.bins if b.prone) == pytest.approx(found.hours.value)


def test_charge_without_a_temperature_is_counted_as_unseen():
    series = stretch(360, ampere=30.0, degc=2.0)
    probes = series.probe_temperature_ddegc.copy()
    probes[:, :180] = MISSING_INT16
    found = exposed(replace(series, probe_temperature_ddegc=probes))
    assert found.unseen_h == pytest.approx(0.5)
    assert found.hours.value == pytest.approx(0.5)


def test_nothing_is_said_without_probes_or_rating():
    series = stretch(360, ampere=30.0)
    assert exposed(replace(series, probe_temperature_ddegc=series.probe_temperature_ddegc[:0])).reason == "no-probes"
    assert exposed(series, design=DesignRecord()).reason == "no-rate"


def test_the_data_sheet_goes_before_our_default():
    assert thresholds(DESIGN)[0] == DEFAULT_LIMITS
    assert "stated default" in thresholds(DESIGN)[1]
    assert "rough guide" in thresholds(structs.replace(DESIGN, chemistry="NMC"))[1]
    declared = structs.replace(DESIGN, cold_charge=(ColdCharge(10.0, 0.5), ColdCharge(0.0, 0.0)), source="data sheet rev 3")
    limits, source = thresholds(declared)
    assert limits == (ColdLimit(0.0, 0.0), ColdLimit(10.0, 0.5))
    assert source.startswith("design record (data sheet rev 3)")
    assert "half of it, a working value" in source, "what the record does not say is said"
    by_soc = structs.replace(declared, cold_charge=(ColdCharge(10.0, 0.5), ColdCharge(10.0, 0.2, above_soc=0.9)))
    assert thresholds(by_soc) == ((ColdLimit(10.0, 0.5), ColdLimit(10.0, 0.2, 0.9)), "design record (data sheet rev 3)")
    assert exposed(stretch(360, ampere=30.0, degc=3.0), design=declared).hours.value == 0


def test_a_cold_day_of_the_simulation_is_counted():
    made = scene("cold-charge", 1, 6)
    series = made.series["R02"]
    soc = series.signals["reported_soc"]
    whole = PlatingInput(np.full(len(soc), 30_000_000_000, np.int64), soc, None, "displayed", 3.0, made.design, "test")
    tally = PlatingTally()
    see(tally, series, whole)
    found = exposure(tally, series, whole)
    hour = (series.time_ns - series.time_ns[0]) / 3.6e12
    charging = (series.signals["rack_current_a"] > 0.2 * 314) & (hour >= 97) & (hour < 119)
    assert found.hours.value == pytest.approx(charging.sum() * 30 / 3600, rel=0.15)
    assert found.hours.low > 0
