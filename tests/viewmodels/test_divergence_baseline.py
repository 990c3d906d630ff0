"""Spreads against a baseline: moved by exactly what is said, refused where there is nothing to read them against."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.analysis.results import NotEstablished
from workbench.asset.window import DAY_NS
from workbench.viewmodels.divergence_baseline import BASELINES, against
from workbench.viewmodels.pictures import Caption, DivergencePicture, Line, RackRow
from workbench.viewmodels.rack_divergence import held


def row(name):
    return RackRow(
        rack=name, label=name, spark=(1.0,), last_mv=1.0, max_mv=1.0, slope_mv_per_day=1.0, slope_low=0.5, slope_high=1.5, first_above_ns=5, lowest_cell="C001",
        z=7.0, reading="weak cell", reading_status="bad",
    )  # fmt: skip


def picture(spreads, *, shifts=None):
    """spreads: rack -> values of one per day; the first rack is flagged. shifts: ns by which the moments of a rack are late."""
    lines = []
    for number, (name, values) in enumerate(spreads.items()):
        mid = np.asarray(values, float)
        times = np.arange(len(mid), dtype=np.int64) * DAY_NS + (shifts or {}).get(name, 0)
        lines.append(Line(name, times, mid, mid, mid, "quiet" if number else "subject"))
    band = Line("fleet", lines[0].time_ns, *[np.zeros(len(lines[0].mid))] * 3, "reference")
    caption = Caption("Spread", "spread", "mV", "one per period", "w", "root", "UTC", "rest", "m")
    return DivergencePicture(caption, tuple(lines), band, 30.0, "set", tuple(row(name) for name in spreads), 5.0, 0.1)


FLEET = {"R01": [20, 24, 28, 32], "R02": [10, 10, 10, 10], "R03": [11, 11, 11, 11], "R04": [12, 12, 12, 12], "R05": [13, 13, 13, 13]}


def test_nothing_is_moved_without_a_baseline_and_a_refusal_stays_one():
    shown = picture(FLEET)
    assert against(shown, "") is shown
    none = NotEstablished(reason="no-study", why="w", settles="s")
    assert against(none, "fleet") is none
    with pytest.raises(ValueError, match="weekly"):
        against(shown, "weekly")


def test_against_the_fleet_every_rack_loses_the_median_of_all_racks_of_that_time():
    moved = against(picture(FLEET), "fleet")
    assert moved.lines[0].mid == pytest.approx([8, 12, 16, 20])
    assert moved.lines[1].mid == pytest.approx([-2] * 4)
    assert "minus the median of all 5 racks" in moved.caption.condition
    assert moved.caption.condition.startswith("rest; "), "the condition it was compared at stays"
    assert (moved.limit_mv, moved.rows[0].rack, moved.rows[0].last_mv, moved.rows[0].max_mv) == (None, "R01", 20.0, 20.0)
    assert (moved.rows[0].z, moved.rows[0].first_above_ns) == (7.0, None)
    assert (moved.band.low <= moved.band.mid).all()
    assert moved.band.mid == pytest.approx([-0.5] * 4), "the fleet without the flagged rack"


def test_against_its_first_days_a_rack_begins_at_nothing_and_too_short_ones_are_named():
    spreads = {**FLEET, "R06": [9, 9]}
    moved = against(picture(spreads), "first-1")
    assert [line.name for line in moved.lines] == ["R01", "R02", "R03", "R04", "R05"]
    assert moved.lines[0].mid == pytest.approx([-2, 2, 6, 10]), "the median of its first two moments, a day apart"
    assert "1 rack has too few days and is left out" in moved.caption.condition
    assert "R06" not in {r.rack for r in moved.rows}


def test_what_cannot_carry_a_baseline_is_refused_with_what_settles_it():
    few = against(picture({k: FLEET[k] for k in ("R01", "R02", "R03")}), "fleet")
    assert (few.reason, "4 racks" in few.why) == ("no-fleet", True)
    short = against(picture(FLEET), "first-7")
    assert (short.reason, bool(short.settles)) == ("window-too-short", True)


@given(st.lists(st.lists(st.floats(0, 500), min_size=8, max_size=8), min_size=4, max_size=7), st.integers(0, DAY_NS // 3))
def test_a_step_common_to_all_racks_vanishes_and_a_constant_of_one_rack_does_too(values, late):
    spreads = {f"R{k:02d}": v for k, v in enumerate(values)}
    shown = picture(spreads, shifts={"R01": late})
    stepped = replace(shown, lines=tuple(replace(ln, mid=ln.mid + 40.0, low=ln.low + 40.0, high=ln.high + 40.0) for ln in shown.lines))
    for baseline in BASELINES[1:4]:
        one, two = against(shown, baseline), against(stepped, baseline)
        for a, b in zip(one.lines, two.lines, strict=True):
            assert a.mid == pytest.approx(b.mid, abs=1e-9)


def test_a_line_is_held_at_the_nearest_of_its_points():
    line = picture({"R01": [1, 2, 3]}).lines[0]
    assert held(line.time_ns, line.mid, np.array([-5, DAY_NS // 3, DAY_NS, 3 * DAY_NS])) == pytest.approx([1, 1, 2, 3])
