"""Lines keep their extremes and do not cross gaps."""

import numpy as np
from builders.plants import PERIOD_NS, START_NS, rack, series
from hypothesis import given
from hypothesis import strategies as st

from workbench.asset.channels import MISSING_INT16
from workbench.viewmodels.requests import TracesRequest
from workbench.viewmodels.traces import columns_of, rack_band, reduced, traces_picture


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=400), st.integers(1, 50))
def test_reduction_keeps_lowest_and_highest(values, columns):
    values = np.array(values)
    time = START_NS + PERIOD_NS * np.arange(len(values))
    edges = np.linspace(time[0], time[-1] + 1, columns + 1).astype(np.int64)
    line = reduced("c", time, values, columns_of(time, edges), "subject")
    assert np.nanmin(line.low) == values.min()
    assert np.nanmax(line.high) == values.max()
    assert len(line.time_ns) <= columns + columns


def test_a_gap_is_a_hole_not_a_line():
    time = START_NS + PERIOD_NS * np.r_[np.arange(100), np.arange(1000, 1100)]
    edges = np.linspace(time[0], time[-1] + 1, 1101).astype(np.int64)
    line = reduced("c", time, np.ones(200), columns_of(time, edges), "subject")
    assert np.isnan(line.mid).sum() == 1
    assert len(line.time_ns) == 201


def test_the_band_needs_a_rack():
    assert rack_band(series(rack(cells=2), samples=10), np.arange(10)) is None


def test_picture_names_cells_and_says_how_it_was_reduced(window, racks):
    request = TracesRequest(window_id=window.id, start_ns=window.start_ns, end_ns=window.end_ns, rack="R01", cells=(3, 4), max_columns=100)
    made = traces_picture(request, window, "root", racks[0])
    assert [line.name for line in made.panels[0].lines] == ["R01 · C003", "R01 · C004"]
    assert [panel.unit for panel in made.panels] == ["V", "A"]
    assert "extremes of" in made.caption.reduction
    assert made.panels[0].band is not None


def test_a_cell_without_data_is_an_empty_line(window, racks):
    racks[0].cell_voltage_mv[2] = MISSING_INT16
    request = TracesRequest(window_id=window.id, start_ns=window.start_ns, end_ns=window.end_ns, rack="R01", cells=(3,), max_columns=5000)
    made = traces_picture(request, window, "root", racks[0])
    assert len(made.panels[0].lines[0].time_ns) == 0
    assert made.caption.reduction == "every sample"
