"""Placeholders told from real values by what physics can follow."""

import numpy as np
import pytest

from workbench.ingest import sentinels
from workbench.ingest.mapping import ColumnRule


def marks(quantity, values, **words):
    rule = ColumnRule(source="x", quantity=quantity, **words)
    (got,) = sentinels.decided([rule], {"x": np.array(values, np.float64)})
    return set(got.sentinels), got


WARM, CROSSING = [24.5, 24.6, 24.5, 24.4] * 5, [float(x) for x in np.linspace(-3, 8, 45)]


@pytest.mark.parametrize(
    ("quantity", "values", "is_mark"),
    [
        ("probe_temperature_degc", [*WARM, 0, *WARM], True), ("probe_temperature_degc", [*WARM, 5, *WARM], True), ("probe_temperature_degc", [0.0 if abs(x) < 0.1 else x for x in CROSSING], False),
        ("reported_soc", [60, 60, 0, 60, 60], True), ("reported_soc", [4, 2, 1, 0, 0, 1, 2], False), ("rack_current_a", [40, 0, -40, 0, 5, 40], False), ("alarm_code", [0, 255, 0], False),
    ],
)  # fmt: skip
def test_nought_and_five_only_where_they_jump(quantity, values, is_mark):
    scale = "0.01" if quantity == "reported_soc" else "1"
    assert bool(marks(quantity, values, scale=scale)[0] & {"0", "5.0"}) == is_mark


def test_the_evidence_says_how_far_it_jumps():
    assert "0 jumps by 24.4 degC" in marks("probe_temperature_degc", [*WARM, 0, *WARM])[1].evidence


def test_minus_forty_is_a_placeholder_unless_it_is_cold():
    assert "-40" in marks("probe_temperature_degc", WARM)[0]
    assert "-40" not in marks("probe_temperature_degc", [-38.0, -39.0, -40.0, -39.5] * 5)[0]
    assert "-40" in marks("probe_temperature_degc", [-40.0] * 9)[0], "a probe that says nothing else"


def test_codes_inside_the_range_of_a_cell():
    assert {"2147.484", "-2501.7"} <= marks("cell_voltage_v", [3300.0, 3301.0], scale="0.001", flag_sign=True)[0]


def test_a_current_far_beyond_every_other():
    found = marks("rack_current_a", [40, -40, 40, 655.35, 255, 38, 60, 60])[0]
    assert {"655.35", "255"} <= found
    assert "255" not in marks("rack_current_a", [240, 250, 255, 250, -200])[0]
