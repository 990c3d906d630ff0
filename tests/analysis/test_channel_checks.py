"""Doubled and swapped channels, counters, places of the probes."""

import numpy as np
import pytest
from builders import corruptions as bad
from builders.corruptions import healthy, window
from builders.cycles import live

from workbench.analysis import channel_checks
from workbench.analysis.change_points import daily_figures
from workbench.analysis.channel_checks import ChannelTally, falls_of, named_module
from workbench.analysis.glance import Glance
from workbench.analysis.results import Outcome

SEEDS = [1, 2, 3]


def checks(racks, period_s=10.0):
    tally = ChannelTally()
    for series in racks:
        glance = Glance(series, period_s, 3.0)
        channel_checks.see_rack(tally, glance, daily_figures(glance))
    return {c.id: c for c in channel_checks.channel_checks(tally, window(racks, period_s=period_s))}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_channel_that_repeats_another_is_named_even_with_an_offset(seed):
    racks = bad.doubled_cell(healthy(seed), seed)
    cells = racks[0].cell_voltage_mv.astype(int)
    twins = {(i, k) for i in range(12) for k in range(i + 1, 12) if np.ptp(cells[i] - cells[k]) == 0}
    found = checks(racks)["DQ16"]
    assert (found.outcome, found.figures["doubled"], len(twins)) == (Outcome.FAIL, 1, 1)
    assert found.elements[0].endswith(f"C{max(twins)[1] + 1:03d}")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_copied_rack_is_named(seed):
    found = checks(bad.doubled_rack(healthy(seed), seed))["DQ16"]
    assert (found.outcome, found.elements) == (Outcome.FAIL, ("R03",))


@pytest.mark.parametrize("seed", SEEDS)
def test_two_cells_that_exchange_places_are_named_with_the_day(seed):
    found = checks(bad.swapped_cells(healthy(seed), seed))["DQ16"]
    assert (found.outcome, len(found.elements)) == (Outcome.DEGRADED, 2)
    one, other = (int(name[-3:]) - 1 for name in found.elements)
    before, after = slice(2 * bad.DAY, 3 * bad.DAY - 60), slice(3 * bad.DAY + 60, 4 * bad.DAY)
    healthy_cells, cells = healthy(seed)[0].cell_voltage_mv, bad.swapped_cells(healthy(seed), seed)[0].cell_voltage_mv
    assert (cells[one, before] != healthy_cells[one, before]).any()
    assert np.median(cells[one, after] - healthy_cells[other, after]) != 0


def test_cells_of_a_coarse_rack_are_not_twins_of_each_other():
    assert checks([live(cycles=6, cells=12, quantum_mv=10).series], 30.0)["DQ16"].outcome is Outcome.PASS


def test_a_rack_that_never_moves_cannot_be_compared():
    racks = [bad.replace(r, cell_voltage_mv=np.full_like(r.cell_voltage_mv, 3300)) for r in healthy(1)]
    assert checks(racks)["DQ16"].reason == "no-change"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_reset_is_told_from_a_value_that_was_not_read(seed):
    reset, unread = (checks(plant(healthy(seed), seed))["DQ18"] for plant in (bad.counter_reset, bad.counter_unread))
    assert (reset.outcome, reset.figures["resets"], reset.figures["unread"]) == (Outcome.DEGRADED, 1, 0)
    assert (unread.outcome, unread.figures["resets"], unread.figures["unread"]) == (Outcome.DEGRADED, 0, 1)
    assert reset.elements == unread.elements == ("R01 · Energy_kWh",)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 3, 4], (0, 0)),
        ([5, 6, 0, 1, 2], (1, 0)),
        ([5, 6, 0, 0, 6, 7], (0, 1)),
        ([5, 6, 0, 2, 4, 6, 8], (1, 0)),
        ([9, 0, 9, 0, 1], (1, 1)),
    ],
)
def test_falls(values, expected):
    assert falls_of(np.array(values, float)) == expected


def test_a_temperature_is_no_counter():
    rng = np.random.default_rng(1)
    racks = [bad.with_signals(r, source_Energy_kWh=None, source_Fan=20 + np.cumsum(rng.normal(0, 1, len(r.time_ns)))) for r in healthy(1)]
    found = checks(racks)["DQ18"]
    assert (found.outcome, found.reason) == (Outcome.NOT_ESTABLISHED, "no-counter")


def test_probes_with_and_without_places():
    assert checks(healthy(1))["DQ19"].outcome is Outcome.PASS
    unplaced = checks(bad.probes_without_places(healthy(1), 1))["DQ19"]
    assert (unplaced.outcome, unplaced.figures["mapped"]) == (Outcome.DEGRADED, 0)
    silent = checks(bad.without_probes(healthy(1), 1))["DQ19"]
    assert (silent.outcome, silent.seen) == (Outcome.FAIL, "no temperature in the export.")


@pytest.mark.parametrize(
    ("label", "module"),
    [
        ("R01_M2_T03", 2),
        ("Rack 1/Module 12/Temp 3", 12),
        ("Modul 07 T1", 7),
        ("R01_T03_degC", 0),
        ("TempM", 0),
        ("BMS1_T2", 0),
        ("R1_mod3_probe", 3),
    ],
)
def test_an_owner_s_tag_may_place_a_probe_in_its_module(label, module):
    assert named_module(label) == module


def test_a_module_that_holds_no_cell_places_nothing():
    racks = bad.probes_without_places(healthy(1), 1)
    tagged = [
        bad.replace(
            r,
            rack=type(r.rack)(
                id=r.rack.id, label="x", cells=r.rack.cells, probes=tuple(type(p)(p.index, f"M{p.index}_T") for p in r.rack.probes)
            ),
        )
        for r in racks
    ]
    assert checks(tagged)["DQ19"].outcome is Outcome.PASS
    lost = [
        bad.replace(
            r,
            rack=type(r.rack)(
                id=r.rack.id, label="x", cells=r.rack.cells, probes=tuple(type(p)(p.index, f"M{p.index + 40}_T") for p in r.rack.probes)
            ),
        )
        for r in racks
    ]
    assert checks(lost)["DQ19"].outcome is Outcome.DEGRADED


def test_the_cycle_counter_of_the_bms_is_a_counter():
    racks = [bad.with_signals(r, source_Energy_kWh=None, reported_cycles=412 + np.arange(len(r.time_ns)) // 900) for r in healthy(1)]
    found = checks(racks)["DQ18"]
    assert (found.outcome, found.figures["counters"]) == (Outcome.PASS, float(len(racks)))
    fell = [
        bad.with_signals(
            r, source_Energy_kWh=None, reported_cycles=np.r_[412.0:424.0, 0.0:20.0].repeat(len(r.time_ns) // 30 + 1)[: len(r.time_ns)]
        )
        for r in healthy(1)
    ]
    assert checks(fell)["DQ18"].outcome is Outcome.DEGRADED
