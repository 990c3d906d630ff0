"""The read-out states what was received, never what was guessed."""

import numpy as np
from builders.plants import series

from workbench.asset.channels import MISSING_INT16
from workbench.asset.quality import Quality
from workbench.viewmodels.cell_readout import cell_readout


def test_lowest_cell_of_its_rack():
    one = series(samples=5)
    one.cell_voltage_mv[:, -1] = 3300
    one.cell_voltage_mv[4, -1] = 3265
    made = cell_readout(one, 5, "UTC")
    lines = dict(made.lines)
    assert made.title == "R01 · C005"
    assert lines["Minus rack median"].startswith("−35")
    assert lines["Rank in rack"] == "1 of 12, lowest"
    assert made.rank_values[made.rank_index] == -35


def test_a_missing_cell_says_why():
    one = series(samples=5)
    one.cell_voltage_mv[4, -1] = MISSING_INT16
    one.cell_quality[4, -1] = int(Quality.SENTINEL | Quality.MISSING)
    lines = dict(cell_readout(one, 5, "UTC").lines)
    assert (lines["Voltage"], lines["Quality"]) == ("no data", "missing, sentinel")


def test_before_the_first_sample_nothing_is_known():
    assert cell_readout(series(samples=5).span(0, 0), 5, "UTC").lines == (("Sample", "none before the cursor"),)


def test_the_sign_of_the_current_is_said_in_words():
    one = series(samples=5)
    for current, word in ((12.0, "charging"), (-12.0, "discharging"), (0.0, "no current")):
        one.signals["rack_current_a"][-1] = current
        assert dict(cell_readout(one, 1, "UTC").lines)["Rack current"].endswith(word)
    one.signals["rack_current_a"][-1] = np.nan
    assert "Rack current" not in dict(cell_readout(one, 1, "UTC").lines)
