"""What nobody declared stays undeclared."""

import pytest

from workbench.asset.nameplate import DesignRecord
from workbench.asset.plain import canonical, revive, revive_plain


def test_nothing_is_assumed():
    record = DesignRecord()
    figures = [getattr(record, name) for name in record.__struct_fields__ if name not in ("chemistry", "source", "limits")]
    assert set(figures) == {None}


def test_whole_numbers_of_a_data_sheet_are_taken():
    assert revive_plain({"rated_capacity_ah": 280, "chemistry": "LFP"}, DesignRecord).rated_capacity_ah == 280.0


def test_a_misspelt_field_is_refused():
    with pytest.raises(ValueError, match="rated_capacity"):
        revive_plain({"rated_capacity": 280}, DesignRecord)


@pytest.mark.parametrize("field", ["rated_capacity_ah", "rated_energy_kwh", "cell_voltage_max_v", "cell_voltage_min_v"])
@pytest.mark.parametrize("value", [0, -280.0, float("nan"), "nan", float("inf")])
def test_a_rating_that_no_battery_has_is_refused_by_name(field, value):
    with pytest.raises(ValueError, match=field):
        revive_plain({field: value}, DesignRecord)


@pytest.mark.parametrize("field", ["cell_voltage_accuracy_mv", "current_gain_accuracy"])
def test_an_accuracy_may_be_perfect_but_not_negative(field):
    assert getattr(revive_plain({field: 0}, DesignRecord), field) == 0
    with pytest.raises(ValueError, match=field):
        revive_plain({field: -0.01}, DesignRecord)


def test_a_small_cell_has_a_rating_too():
    assert revive_plain({"rated_capacity_ah": 0.05}, DesignRecord).rated_capacity_ah == 0.05


def test_an_offset_has_either_sign():
    assert revive_plain({"current_offset_a": -0.5}, DesignRecord).current_offset_a == -0.5


def test_a_stored_record_is_checked_as_well():
    assert revive(canonical(DesignRecord(rated_capacity_ah=280.0)), DesignRecord).rated_capacity_ah == 280
    with pytest.raises(ValueError, match="rated_capacity_ah"):
        revive(b'{"rated_capacity_ah":-1}', DesignRecord)
