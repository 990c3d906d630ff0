"""Steps prove the sign of a current, and where they cannot, it stays as it is."""

import numpy as np
import pytest
from builders.exports import Table, read, rules


def test_discharge_positive_is_turned_and_listed(tmp_path):
    table = Table()
    facts, sink = read(table.write(tmp_path / "a.csv", sign=-1))
    assert np.array_equal(sink.signal("rack_current_a"), table.current)
    repair = next(r for r in facts.repairs if r.rule == "sign")
    assert "correlation" in repair.evidence


def test_charge_positive_is_left(tmp_path):
    table = Table()
    facts, sink = read(table.write(tmp_path / "a.csv"))
    assert np.array_equal(sink.signal("rack_current_a"), table.current)
    assert "sign" not in rules(facts)


def test_a_constant_current_proves_no_sign(tmp_path):
    table = Table()
    table.current[:] = 30.0
    facts, sink = read(table.write(tmp_path / "a.csv", sign=-1))
    assert (sink.signal("rack_current_a") == -30.0).all()
    assert "sign" not in rules(facts)


def test_a_current_that_says_nothing_about_voltage_is_left_as_it_is(tmp_path):
    table = Table(rows=2000)
    table.voltage[:] = 3300 + np.random.default_rng(5).integers(-3, 4, table.voltage.shape)
    facts, _ = read(table.write(tmp_path / "a.csv"))
    assert "sign" not in rules(facts)


@pytest.mark.parametrize(("rows", "proved"), [(100, False), (144, True)])
def test_eleven_steps_that_all_agree_prove_a_sign_and_eight_do_not(tmp_path, rows, proved):
    facts, _ = read(Table(rows=rows).write(tmp_path / "a.csv", sign=-1))
    assert ("sign" in rules(facts)) is proved
