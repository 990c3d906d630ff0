"""Every check finds what was planted for it, at its rack, with any seed; healthy racks leave all of them silent; halves merge exactly."""

import pytest
from builders.scenes import checked, checks_of, scene, tally_of, without_signals

from workbench.analysis.consistency import ConsistencyTally, consistency_checks
from workbench.analysis.results import Outcome

IDS = [f"CX{k:02d}" for k in range(1, 21)]
LOUD = (Outcome.FAIL, Outcome.DEGRADED)
PLANTED = [
    ("wrong-sum", "CX01"), ("wrong-module", "CX02"), ("sensor-gain", "CX03"), ("located-gain", "CX03"), ("all-sensors-gain", "CX04"), ("sensor-offset", "CX05"),
    ("summary-frozen", "CX06"), ("soc-display", "CX07"), ("soc-display", "CX08"), ("optimistic-soh", "CX09"), ("soh-counter", "CX10"), ("hidden-alarm", "CX11"),
    ("open-word", "CX12"), ("rack-opens", "CX13"), ("growing-apart", "CX14"), ("limits-ignored", "CX15"), ("stuck-probe", "CX16"), ("state-map", "CX17"),
    ("uneven-share", "CX18"), ("cycle-definition", "CX19"), ("late-interlock", "CX20"),
]  # fmt: skip


def test_there_is_a_planted_fault_for_every_check():
    assert {check for _, check in PLANTED} == set(IDS)


@pytest.mark.parametrize("seed", [11, 12])
@pytest.mark.parametrize(("name", "check"), PLANTED)
def test_what_was_planted_is_found_at_its_rack_and_at_no_other(name, check, seed):
    found = checked(name, seed)[check]
    planted = scene(name, seed).scenario.planted[0]
    assert found.outcome in LOUD, found.seen
    assert found.elements, found.seen
    assert all(e.startswith(planted.rack) or e == planted.bank for e in found.elements), found.elements
    assert found.figures


@pytest.mark.parametrize("seed", range(21, 27))
def test_healthy_racks_leave_every_check_silent(seed):
    found = checked("healthy", seed)
    assert list(found) == IDS
    assert {c.id: c.seen for c in found.values() if c.outcome in LOUD} == {}
    made = [c for c in found.values() if c.outcome is Outcome.PASS]
    assert len(made) >= 11, [c.id for c in made]


@pytest.mark.parametrize("name", ["thinned", "event-logged"])
@pytest.mark.parametrize("seed", [1, 2])
def test_slow_and_event_driven_logs_of_healthy_racks_are_no_fault(name, seed):
    assert {c.id: c.seen for c in checked(name, seed).values() if c.outcome in LOUD} == {}


def test_tallies_of_halves_merge_to_the_tally_of_the_whole_in_any_order():
    one = scene("rack-opens", 11)
    racks = list(one.series.values())
    period = one.facts.nominal_period_s
    whole = consistency_checks(tally_of(racks, one.design, period), 3, one.design, period)
    for parts in ((racks[:1], racks[1:]), (racks[2:], racks[:2])):
        merged = ConsistencyTally()
        for part in parts:
            merged.merge(tally_of(part, one.design, period))
        again = consistency_checks(merged, 3, one.design, period)
        assert repr(again) == repr(whole)


def test_without_any_display_nothing_is_agreed():
    one = scene("healthy", 21)
    bare = [without_signals(series, *series.signals) for series in one.series.values()]
    found = checks_of(bare, one.design)
    assert [c.outcome for c in found.values() if c.id != "CX16"] == [Outcome.NOT_ESTABLISHED] * 19
    assert all(c.reason for c in found.values() if c.outcome is Outcome.NOT_ESTABLISHED)
