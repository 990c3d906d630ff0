"""One study over a site of known truth, and over sites that cannot carry an answer."""

import numpy as np
import pytest
from builders.cycles import DECLARED, RATED_AH, blinded, live, with_signals
from builders.plants import facts
from msgspec.structs import replace

from workbench.analysis.results import Estimate, NotEstablished, Outcome, Regime, StudyParameters
from workbench.analysis.study import METHOD, study
from workbench.asset.nameplate import DesignRecord
from workbench.errors import Cancelled
from workbench.jobs.progress import Progress

EVERY = ("charge_ah", "discharge_ah", "net_ah", "offset_a", "capacity_ah", "efc")


def studied(*racks, design=DECLARED, parameters=None, progress=None, **changes):
    window = replace(facts(list(racks), period_s=30.0), **changes)
    return study(window, "root", {s.rack.id: s for s in racks}.__getitem__, design, parameters or StudyParameters(), progress or Progress())


def answers(result):
    return (
        [getattr(b, name) for b in result.balances for name in EVERY]
        + [a for c in result.cells for a in (c.trend_mv_per_day, c.resistance_mohm)]
        + [r.slope_mv_per_day for r in result.racks]
    )


def test_every_planted_fault_is_found_and_nothing_else(site):
    found = {(c.kind, c.rack, c.cells) for c in site.result.candidates}
    assert found == {
        ("weak-cell", "R02", (5,)),
        ("frozen-channel", "R03", (9,)),
        ("leaking-cell", "R04", (14,)),
        ("hot-joint", "R05", (20,)),
    }
    assert [c.severity for c in site.result.candidates] == ["major"] * 3 + ["moderate"], "most serious first"


def test_readings_follow_the_proposals(site):
    flagged = {(c.rack, c.cell): (c.reading, c.status) for c in site.result.cells if c.status != "good"}
    assert flagged == {
        ("R02", 5): ("weak cell", "bad"),
        ("R03", 9): ("frozen channel", "warning"),
        ("R04", 14): ("growing", "bad"),
        ("R05", 20): ("joint or resistance", "bad"),
    }
    assert [r.rack for r in site.result.racks if r.status == "good"] == ["R01", "R06"]


def test_capacity_and_offset_of_every_rack_hold_the_truth(site):
    """The simulated sensor reads 0.15 A too much. The rack cannot give more than its weakest cell, and little less."""
    for balance in site.result.balances:
        weakest = min(site.truth[balance.rack].capacity_ah)
        assert balance.offset_a.low <= 0.15 <= balance.offset_a.high
        assert balance.capacity_ah.low <= weakest
        assert balance.capacity_ah.high >= 0.985 * weakest
        assert balance.capacity_ah.method == METHOD
    capacity = {b.rack: b.capacity_ah.value for b in site.result.balances}
    assert min(capacity, key=capacity.get) == "R02"


def test_the_planted_resistance_lies_in_its_interval_or_next_to_it(site):
    cell = next(c for c in site.result.cells if (c.rack, c.cell) == ("R05", 20))
    assert cell.resistance_mohm.value == pytest.approx(0.45, abs=0.03)
    others = [c.resistance_z for c in site.result.cells if c.rack == "R05" and c.cell != 20]
    assert max(others) < 5


def test_the_rack_with_the_weak_cell_stands_out_among_the_racks(site):
    z = {r.rack: r.z for r in site.result.racks}
    assert max(z, key=z.get) == "R02"
    assert {r.condition for r in site.result.racks} == {Regime.DISCHARGE_END.value}
    assert set(site.result.racks[1].lowest_cell) == {5}


def test_a_study_is_the_same_every_time(site):
    again = study(
        site.facts,
        "root",
        site.series.__getitem__,
        DesignRecord(chemistry="LFP", rated_capacity_ah=280.0, current_gain_accuracy=0.005, current_offset_a=0.2),
        StudyParameters(),
        Progress(),
    )
    assert again == site.result


def test_without_a_current_every_number_is_refused_with_a_reason_and_a_test_that_settles_it():
    result = studied(with_signals(live(cycles=3).series, rack_current_a=None))
    assert not any(isinstance(a, Estimate) for a in answers(result))
    assert all(a.reason and a.why and a.settles for a in answers(result))
    assert result.candidates == ()
    assert result.racks[0].condition == ""


def test_every_refusal_anywhere_names_its_reason_and_the_next_test():
    result = studied(live(cycles=2).series, design=DesignRecord())
    refused = [a for a in answers(result) if isinstance(a, NotEstablished)]
    assert len(refused) > 10
    assert all(a.reason and a.why and a.settles for a in refused)
    assert all(c.reason for c in result.checks if c.outcome == Outcome.NOT_ESTABLISHED)
    assert any("not declared" in note for note in result.notes)


def test_a_rack_of_seven_cells_has_no_middle_to_compare_with():
    result = studied(live(cells=7, channel_mv={4: 40.0}).series)
    assert result.candidates == ()
    assert all(c.deviation_mv == {} and c.reading == "in band" for c in result.cells)
    assert {c.trend_mv_per_day.reason for c in result.cells} == {"no-comparable-moment"}
    assert isinstance(result.balances[0].capacity_ah, Estimate), "the charge of the rack needs no middle"


def test_a_moment_in_which_too_few_cells_were_received_is_left_out_of_the_comparison():
    lived = live(cycles=5)
    last = lived.regimes().passes[-1].last
    result = studied(blinded(lived.series, range(3, 11), last - 3, last))
    rack = result.racks[0]
    assert len(rack.period_start_ns) == len(rack.spread_mv) == len(rack.lowest_cell) == 4
    assert np.isfinite(rack.spread_mv).all()


def test_a_dead_channel_has_no_numbers_and_its_neighbours_keep_theirs():
    lived = live()
    result = studied(blinded(lived.series, [3], 0, len(lived.series.time_ns)))
    dead, alive = result.cells[2], result.cells[3]
    assert (dead.received_share, dead.minimum_v, dead.maximum_v, dead.deviation_mv) == (0, None, None, {})
    assert isinstance(dead.resistance_mohm, NotEstablished)
    assert isinstance(alive.resistance_mohm, Estimate)
    assert result.candidates == ()


def test_a_coarse_export_widens_every_interval():
    fine, coarse = (studied(live(quantum_mv=step).series).cells[0].resistance_mohm for step in (1, 5))
    assert coarse.high - coarse.low > 3 * (fine.high - fine.low)


def test_assumptions_about_the_clock_and_the_limits_of_the_chemistry_are_noted():
    series = live(cycles=2).series
    notes = " ".join(studied(series, time_zone_known=False).notes)
    assert "LFP" in notes
    assert "does not state its time zone" in notes
    nmc = DesignRecord(chemistry="NMC", rated_capacity_ah=RATED_AH, current_gain_accuracy=0.01)
    assert studied(series, design=nmc).notes == ()


def test_it_stops_when_a_person_says_so():
    stopped = Progress()
    stopped.cancel()
    with pytest.raises(Cancelled):
        studied(live(cycles=1).series, progress=stopped)
