"""What nobody declared stays undeclared."""

import pytest

from workbench.asset.nameplate import DesignRecord
from workbench.asset.plain import canonical, revive, revive_plain


def test_nothing_is_assumed():
    record = DesignRecord()
    assert all(not getattr(record, name) for name in record.__struct_fields__)
    assert record.rated_capacity_ah is None
    assert record.trouble() == ""


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


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ({"cell_voltage_min_v": 3.6, "cell_voltage_max_v": 2.5}, "cell_voltage_min_v (3.6) is not below cell_voltage_max_v (2.5)"),
        ({"soc_reserve_min": 0.9, "soc_reserve_max": 0.1}, "soc_reserve_min (0.9) is not below soc_reserve_max (0.1)"),
        ({"sources": {"capacity": "sheet"}}, "sources names capacity, which is no field"),
        ({"current_calibrated_on": "last year"}, "current_calibrated_on is 'last year', not a day"),
        ({"site_meters": [{"id": "M1", "boundary": "AC", "calibrated_on": "20260131"}]}, "calibrated_on of meter M1"),
        ({"probe_map": [{"probe": 1, "cells": [1]}, {"probe": 1, "cells": [2]}]}, "probe 1 of every rack is mapped twice"),
    ],
)
def test_what_cannot_be_true_is_said(data, what):
    assert what in revive_plain(data, DesignRecord).trouble()


@pytest.mark.parametrize(
    "data",
    [{"n_series": 0}, {"n_parallel": 1.5}, {"soc_reserve_min": 5}, {"probe_map": [{"probe": 0, "cells": [1]}]}, {"balancing_current_a": 0}],
)
def test_what_no_field_can_hold_is_refused(data):
    with pytest.raises(ValueError, match=next(iter(data))):
        revive_plain(data, DesignRecord)


def test_each_value_has_its_source_or_that_of_all():
    record = DesignRecord(rated_capacity_ah=280, source="data sheet", sources={"current_gain_accuracy": "record 4711"})
    assert (record.source_of("rated_capacity_ah"), record.source_of("current_gain_accuracy")) == ("data sheet", "record 4711")


def test_a_record_written_before_these_fields_existed_is_read():
    old = b'{"chemistry":"LFP","rated_capacity_ah":280.0,"rated_energy_kwh":null,"cell_voltage_max_v":null,"cell_voltage_min_v":null,"cell_voltage_accuracy_mv":null,"current_gain_accuracy":null,"current_offset_a":null,"source":"x"}'
    assert revive(old, DesignRecord).sources == {}
