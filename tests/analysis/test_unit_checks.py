"""Units, scales and signs."""

import numpy as np
import pytest
from builders import corruptions as bad
from builders.corruptions import DESIGN, healthy, window
from builders.cycles import with_signals

from workbench.analysis import unit_checks
from workbench.analysis.glance import Glance
from workbench.analysis.results import Outcome
from workbench.analysis.unit_checks import UnitTally, nearest_factor
from workbench.asset.nameplate import DesignRecord
from workbench.asset.provenance import Repair


def checks(racks, design=DESIGN, repairs=()):
    tally = UnitTally()
    for series in racks:
        unit_checks.see_rack(tally, Glance(series, 10.0, 3.0))
    return {c.id: c for c in unit_checks.unit_checks(tally, window(racks, repairs), design)}


@pytest.mark.parametrize(
    ("ratio", "factor"), [(10.4, 10), (0.0101, 0.01), (985, 1000), (3600, 3600), (3.0, None), (1.0, None), (0.5, None)]
)
def test_what_is_off_by_a_factor(ratio, factor):
    assert nearest_factor(ratio) == (pytest.approx(factor) if factor else None)


@pytest.mark.parametrize("factor", [0.01, 0.1, 10.0, 100.0, 1000.0])
def test_a_rack_voltage_in_another_scale_is_named_with_its_factor(factor):
    found = checks(bad.rescaled(factor)(healthy(1), 1))["DQ11"]
    assert found.outcome is Outcome.FAIL
    assert f"{factor:g} times" in found.seen
    assert found.elements == ("R01", "R02", "R03")


def test_a_rack_voltage_that_is_one_cell():
    assert "one cell" in checks(bad.rescaled(1 / 12)(healthy(1), 1))["DQ11"].seen


def test_the_wrong_chemistry_is_no_passing_voltage():
    assert "is not NMC" in checks(healthy(1), DesignRecord(chemistry="NMC"))["DQ11"].seen


@pytest.mark.parametrize("seed", [1, 2])
def test_a_current_in_tenths_contradicts_rating_and_display(seed):
    found = checks(bad.current_in_tenths(healthy(seed), seed))["DQ11"]
    assert found.outcome is Outcome.FAIL
    assert "factor near" in found.seen or "rated capacity" in found.seen


def test_fahrenheit():
    racks = [bad.replace(r, probe_temperature_ddegc=(r.probe_temperature_ddegc * 1.8 + 320 + 90).astype(np.int16)) for r in healthy(1)]
    assert "Fahrenheit" in checks(racks)["DQ11"].seen


def test_with_nothing_to_compare_no_scale_is_confirmed():
    racks = bad.without_probes([with_signals(r, rack_voltage_v=None) for r in healthy(1)], 1)
    found = checks(racks, DesignRecord())["DQ11"]
    assert (found.outcome, found.reason) == (Outcome.NOT_ESTABLISHED, "nothing-to-compare")


def test_what_was_rescaled_on_import_is_said():
    assert "rescaled" in checks(healthy(1), repairs=(Repair(rule="scale", place="x", count=1, detail="x"),))["DQ11"].seen


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_racks_with_the_wrong_sign_are_named(seed):
    assert checks(healthy(seed))["DQ12"].outcome is Outcome.PASS
    found = checks(bad.reversed_current(healthy(seed), seed))["DQ12"]
    assert (found.outcome, found.elements) == (Outcome.FAIL, (f"R0{seed % 3 + 1}",))


def test_a_current_without_steps_has_no_proven_sign():
    racks = [with_signals(r, rack_current_a=np.full(len(r.time_ns), 5.0)) for r in healthy(1)]
    assert checks(racks)["DQ12"].reason == "no-load-steps"
    assert checks(bad.without_signal("rack_current_a")(healthy(1), 1))["DQ12"].reason == "no-current"


def test_a_current_that_has_nothing_to_do_with_the_voltage_gives_no_answer():
    rng = np.random.default_rng(3)
    racks = [with_signals(r, rack_current_a=rng.choice([-50.0, 50.0], len(r.time_ns)), rack_voltage_v=None) for r in healthy(1)]
    found = checks(racks)["DQ12"]
    assert (found.outcome, found.reason) == (Outcome.NOT_ESTABLISHED, "no-clear-answer")
