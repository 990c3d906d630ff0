"""Cells beyond their cut-off beside a summary that follows, stands still, or was never recorded."""

import numpy as np
from builders.scenes import scene
from builders.stressed import DESIGN, stretch, switched, with_cell
from msgspec.structs import replace

from workbench.analysis import beyond_unseen as kernel
from workbench.analysis.regimes import cell_extremes
from workbench.asset.channels import MISSING_INT16
from workbench.asset.quality import Quality


def beyond_unseen(series, design):
    return kernel.beyond_unseen(series, cell_extremes(series), design)


def shown(series, **changes):
    from dataclasses import replace as with_

    kept = {**series.signals, **changes}
    return with_(series, signals={name: values for name, values in kept.items() if values is not None})


def fallen(**changes):
    """Cell 4 falls to 2.70 V for 20 samples; the summary says what `changes` say."""
    base = {"reported_cell_voltage_min_v": np.full(400, 3.30), "reported_soh": np.full(400, 0.98)}
    return shown(with_cell(stretch(), 4, 200, 220, 2.70), **(base | changes))


def words(found):
    return {f.field: f.word for f in found.fields}


def test_a_cell_that_falls_behind_a_still_summary_is_found():
    ((one,), left) = beyond_unseen(fallen(), DESIGN)
    assert (one.cell, one.side, one.worst_v, one.samples, left) == (4, "below", 2.70, 20, 0)
    assert one.unseen
    assert words(one) == {"reported lowest cell": "stood still", "alarm": "silent", "SoH": "stood still"}


def test_a_summary_that_follows_or_an_alarm_that_speaks_has_seen_it():
    followed = beyond_unseen(fallen(reported_cell_voltage_min_v=switched(400, 201, 221, value=2.70, rest=3.30)), DESIGN)[0][0]
    spoken = beyond_unseen(fallen(sunspec_event_word=switched(400, 210, 215, value=2048.0)), DESIGN)[0][0]
    assert not followed.unseen
    assert words(followed)["reported lowest cell"] == "followed"
    assert not spoken.unseen
    assert words(spoken)["alarm"] == "spoke"


def test_what_was_not_recorded_accuses_nobody():
    ((one,), _) = beyond_unseen(fallen(reported_cell_voltage_min_v=None, sunspec_event_word=None, reported_soh=None), DESIGN)
    assert set(words(one).values()) == {"not recorded"}
    assert not one.unseen


def test_single_samples_and_the_accuracy_of_the_channel_are_no_excursion():
    assert beyond_unseen(with_cell(stretch(), 4, 200, 202, 2.0), DESIGN) == ((), 0)
    assert beyond_unseen(with_cell(stretch(), 4, 200, 260, 2.799), DESIGN) == ((), 0)


def test_above_counts_too():
    ((one,), _) = beyond_unseen(with_cell(stretch(), 7, 100, 130, 3.72), DESIGN)
    assert (one.cell, one.side, one.limit_v) == (7, "above", 3.65)


def test_without_limits_or_cells_there_is_a_reason():
    assert beyond_unseen(stretch(), replace(DESIGN, cell_voltage_max_v=None, cell_voltage_min_v=None)).reason == "limits-undeclared"
    assert beyond_unseen(with_cell(stretch(cells=1), 1, 0, 400, -32.768), DESIGN).reason == "no-cells"


def test_values_no_cell_can_show_are_held_against_the_summary_too():
    series = fallen(reported_cell_voltage_max_v=np.full(400, 3.30))
    series.cell_quality[6, 50:70] = int(Quality.OUT_OF_RANGE)
    series.cell_voltage_mv[6, 50:70] = MISSING_INT16
    found, _ = beyond_unseen(series, replace(DESIGN, cell_voltage_min_v=None))
    (one,) = [b for b in found if b.cell == 7]
    assert (one.side, one.worst_v, one.samples, one.unseen) == ("outside", None, 20, True)
    single = stretch()
    single.cell_quality[6, 50] = int(Quality.OUT_OF_RANGE)
    assert beyond_unseen(single, DESIGN) == ((), 0)


def test_scenarios_the_planted_cell_and_nobody_else():
    made = scene("cut-off-unseen", 1, 6)
    assert {b.cell for b in beyond_unseen(made.series["R02"], made.design)[0] if b.unseen} == {5}
    for rack in ("R01", "R03"):
        assert beyond_unseen(made.series[rack], made.design) == ((), 0)
    healthy = scene("healthy", 1, 6)
    assert all(beyond_unseen(s, healthy.design) == ((), 0) for s in healthy.series.values())
