"""The channels around an event on one axis; an absent one has no panel."""

import numpy as np
from builders.plants import facts
from builders.stressed import stretch, switched, with_cell

from workbench.viewmodels.requests import TracesRequest
from workbench.viewmodels.stress_traces import stress_traces


def shown(series, cells=(), most=1000):
    request = TracesRequest(
        window_id="w",
        start_ns=int(series.time_ns[0]),
        end_ns=int(series.time_ns[-1]) + 1,
        rack="R01",
        cells=cells,
        max_columns=most,
        event=True,
    )
    return stress_traces(request, facts([series]), "root", series)


def panels(picture):
    return {p.title: {line.name: line for line in p.lines} for p in picture.panels}


def test_extremes_limits_temperatures_and_states():
    series = with_cell(stretch(contactor_closed=switched(400, 100, 200, value=0.0, rest=1.0)), 4, 100, 110, 2.75)
    found = panels(shown(series, cells=(4,)))
    cell, load, heat, states = found.values()
    assert set(cell) == {"R01 · C004", "lowest cell", "highest cell"}
    assert np.nanmin(cell["lowest cell"].low) == 2.75
    assert np.nanmax(load["charge limit"].mid) == 100.0
    assert np.nanmin(load["discharge limit"].mid) == -100.0
    assert set(heat) == {"hottest probe", "coldest probe"}
    assert set(states) == {"contactor closed", "interlock open", "alarm"}
    assert np.ptp(states["contactor closed"].mid) == 1.0


def test_what_is_absent_has_no_panel():
    bare = stretch(rack_current_a=None, contactor_closed=None, interlock_open=None, sunspec_event_word=None)
    assert list(panels(shown(bare))) == ["Cell voltage", "Temperature"]


def test_a_single_sample_survives_reduction():
    series = with_cell(stretch(4000), 4, 2000, 2001, 2.5)
    picture = shown(series, most=50)
    assert np.nanmin(panels(picture)["Cell voltage"]["lowest cell"].low) == 2.5
    assert "extremes" in picture.caption.reduction
