"""The series checks as a whole: silent on a healthy site, each bites its own fault and no other one cries."""

import tracemalloc

import msgspec
import numpy as np
import pytest
from builders import corruptions as bad
from builders.corruptions import DESIGN, PERIOD_S, healthy, window

from workbench.analysis.coverage import coverage
from workbench.analysis.frozen import frozen_spans
from workbench.analysis.posture import PostureTally, posture_checks, see_rack
from workbench.analysis.results import Outcome, StudyParameters
from workbench.asset.plain import canonical, revive
from workbench.asset.quality import Quality
from workbench.jobs.progress import Progress

PARAMETERS = StudyParameters()
IDS = [f"DQ{k:02d}" for k in range(1, 21)]
P, D, F, N = Outcome.PASS, Outcome.DEGRADED, Outcome.FAIL, Outcome.NOT_ESTABLISHED


def tallied(racks, facts):
    tally = PostureTally()
    for series in racks:
        see_rack(tally, series, frozen_spans(series, PARAMETERS, facts.nominal_period_s, DESIGN.rated_capacity_ah), facts, PARAMETERS)
    return tally


def checked(racks, repairs=(), period_s=PERIOD_S, design=DESIGN):
    facts = window(racks, repairs, period_s)
    return {c.id: c for c in posture_checks(tallied(racks, facts), facts, PARAMETERS, design)}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("load", [lambda racks, seed: racks, bad.restless], ids=["constant", "restless"])
def test_a_perfect_export_of_a_healthy_site_passes_all_twenty(seed, load):
    found = checked(load(healthy(seed), seed))
    assert list(found) == IDS
    assert {c.id: c.seen for c in found.values() if c.outcome is not P} == {}
    assert all(c.consequence and c.limit for c in found.values())


FAULTS = [
    (bad.gap_under_load, {"DQ01": F}),
    (bad.cells_late, {"DQ05": (D, F)}),
    (bad.clock_late, {"DQ05": (D, F)}),
    (bad.frozen_cell, {"DQ06": F, "DQ10": (P, D)}),
    (bad.frozen_probe, {"DQ06": F}),
    (bad.coarse, {"DQ07": D}),
    (bad.placeholders, {"DQ08": D}),
    (bad.cold_placeholders, {"DQ08": F}),
    (bad.clipped, {"DQ09": F}),
    (bad.lone_jump, {"DQ10": D}),
    (bad.rescaled(0.1), {"DQ11": F}),
    (bad.rescaled(1 / 12), {"DQ11": F}),
    (bad.current_in_tenths, {"DQ11": F}),
    (bad.reversed_current, {"DQ12": F}),
    (bad.held_on_grid, {"DQ13": N, "DQ14": D}),
    (bad.interpolated, {"DQ13": (P, N, D, F), "DQ15": F, "DQ05": (P, N, D, F), "DQ12": (P, N)}),
    (bad.interpolated_and_rounded, {"DQ13": (P, N, D, F), "DQ15": F, "DQ05": (P, N, D, F), "DQ12": (P, N)}),
    (bad.marked(Quality.INTERPOLATED), {"DQ15": F}),
    (bad.marked(Quality.HELD), {"DQ14": D}),
    (bad.doubled_cell, {"DQ16": F}),
    (bad.doubled_rack, {"DQ16": F}),
    (bad.swapped_cells, {"DQ16": D}),
    (bad.new_offsets, {"DQ17": D}),
    (bad.new_resolution, {"DQ17": D, "DQ07": (P, D)}),
    (bad.new_soc, {"DQ17": D}),
    (bad.counter_reset, {"DQ18": D}),
    (bad.counter_unread, {"DQ18": D}),
    (bad.probes_without_places, {"DQ19": D}),
    (bad.half_lost, {"DQ20": D}),
    (bad.without_signal("rack_voltage_v"), {"DQ20": D}),
    (bad.without_signal("source_Energy_kWh"), {"DQ18": N, "DQ20": D}),
    (bad.without_probes, {"DQ19": F, "DQ20": D}),
]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("plant", "expected"), FAULTS, ids=lambda v: getattr(v, "__qualname__", ""))
def test_each_fault_bites_its_own_check_and_no_other(seed, plant, expected):
    found = checked(plant(healthy(seed), seed))
    wanted = {name: outcomes if isinstance(outcomes, tuple) else (outcomes,) for name, outcomes in expected.items()}
    wrong = {c.id: (c.outcome.value, c.seen) for c in found.values() if c.outcome not in wanted.get(c.id, (P,))}
    assert wrong == {}
    assert any(found[name].outcome is not P for name in wanted)


@pytest.mark.parametrize("seed", [1, 2])
def test_without_a_current_nothing_is_claimed_about_it(seed):
    found = checked(bad.without_signal("rack_current_a")(healthy(seed), seed))
    assert {name for name, c in found.items() if c.outcome is N} >= {"DQ05", "DQ12", "DQ13"}
    assert found["DQ20"].outcome is F
    assert "unknown" in found["DQ01"].seen


def test_racks_seen_apart_and_put_together_say_the_same():
    racks = bad.clock_late(healthy(2), 2)
    facts = window(racks)
    whole, parts = tallied(racks, facts), [tallied([one], facts) for one in racks]
    for part in parts[1:]:
        parts[0].merge(part)
    assert posture_checks(parts[0], facts, PARAMETERS, DESIGN) == posture_checks(whole, facts, PARAMETERS, DESIGN)


@pytest.mark.parametrize("plant", [lambda racks, seed: racks, bad.without_signal("rack_current_a"), bad.without_probes])
def test_every_check_survives_being_stored(plant):
    for check in checked(plant(healthy(1), 1)).values():
        assert revive(canonical(check), type(check)) == check
        assert all(np.isfinite(v) for v in check.figures.values())


@pytest.mark.parametrize(("share", "outcome"), [(0.005, P), (0.2, D), (0.7, F)])
def test_coverage_is_the_share_of_cell_samples_received(share, outcome):
    racks = healthy(1)
    lost = round(share * len(racks[0].time_ns))
    found = checked([bad.blinded(r, range(1, 13), 0, lost) for r in racks])["DQ20"]
    assert found.outcome == outcome
    assert found.figures["coverage_share"] == pytest.approx(1 - share, abs=0.001)


def test_coverage_names_the_racks_that_lack_a_signal():
    racks = healthy(1)
    found = checked([bad.with_signals(racks[0], reported_soc=None), *racks[1:]])["DQ20"]
    assert found.elements == ("R01",)
    assert "No reported SoC for R01" in found.seen


def test_a_person_can_stop_it_between_questions():
    racks, calls = healthy(1), []
    facts = window(racks)

    def stop():
        calls.append(1)
        if len(calls) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        see_rack(PostureTally(), racks[0], (), facts, PARAMETERS, stop)


def test_it_holds_little_beside_the_samples():
    racks = healthy(1)
    many = bad.replace(
        racks[0],
        rack=type(racks[0].rack)(id="R01", label="x", cells=racks[0].rack.cells * 20),
        cell_voltage_mv=np.tile(racks[0].cell_voltage_mv, (20, 1)),
        cell_quality=np.tile(racks[0].cell_quality, (20, 1)),
    )
    tracemalloc.start()
    see_rack(PostureTally(), many, (), window(racks), PARAMETERS)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * many.cell_voltage_mv.nbytes + 30e6, "a few blocks and a few series of one rack, not a second copy in a wider type"


def test_coverage_is_the_same_in_the_check_and_in_the_picture():
    racks = [bad.picked(r, np.flatnonzero(np.random.default_rng(k).random(len(r.time_ns)) < 0.8)) for k, r in enumerate(healthy(1))]
    facts = window(racks)
    picture = coverage(facts, {r.rack.id: r for r in racks}.__getitem__, Progress())
    total = float(picture.total[picture.names.index("cell_voltage_v")])
    assert checked(racks)["DQ20"].figures["coverage_share"] == pytest.approx(total, abs=0.002)
    assert total == pytest.approx(0.8, abs=0.01)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_log_of_changes_is_not_called_incomplete_for_its_quiet_hours(seed):
    racks = bad.event_logged(healthy(seed), seed)
    found = checked(racks, period_s=float(np.median(np.diff(racks[0].time_ns))) / 1e9)
    assert (found["DQ01"].outcome, found["DQ01"].reason) == (N, "event-logged")
    assert found["DQ20"].outcome is P
    assert "on change" in found["DQ20"].seen


@pytest.mark.parametrize("sampling", ["event-driven", "random", "irregular"])
def test_a_window_without_a_period_has_no_gaps_by_its_median_step(sampling):
    racks = bad.gap_under_load(healthy(1), 1)
    facts = window(racks)
    tally = tallied(racks, facts)
    by_the_clock = {c.id: c for c in posture_checks(tally, facts, PARAMETERS, DESIGN)}
    told = {c.id: c for c in posture_checks(tally, msgspec.structs.replace(facts, sampling=sampling), PARAMETERS, DESIGN)}
    assert by_the_clock["DQ01"].outcome is Outcome.FAIL
    assert told["DQ01"].outcome is Outcome.NOT_ESTABLISHED
    assert told["DQ20"].figures["coverage_share"] >= by_the_clock["DQ20"].figures["coverage_share"]
