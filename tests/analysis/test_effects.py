"""What each check means for each estimator."""

import pytest
from builders import corruptions as bad
from builders.corruptions import DESIGN, healthy, window

from workbench.analysis.effects import BY_FIGURES, RULES, Effect, Estimator, impacts, strongest
from workbench.analysis.frozen import frozen_spans
from workbench.analysis.posture import PostureTally, posture_checks, see_rack
from workbench.analysis.results import Check, Outcome, StudyParameters

E = Estimator


def check(name, outcome, **figures):
    return Check(id=name, title="", outcome=outcome, seen="", limit="", consequence="", figures=figures)


def studied(racks, period_s=10.0):
    parameters, facts, tally = StudyParameters(), window(racks, period_s=period_s), PostureTally()
    for series in racks:
        see_rack(tally, series, frozen_spans(series, parameters, period_s, 280.0), facts, parameters)
    return strongest(posture_checks(tally, facts, parameters, DESIGN))


def test_a_perfect_export_weakens_nothing_but_absolute_resistance():
    found = studied(healthy(1))
    assert {one for one, (effect, _) in found.items() if effect is not Effect.UNAFFECTED} == {E.RESISTANCE}
    assert "absolute values need 1 s" in found[E.RESISTANCE][1][0].why


@pytest.mark.parametrize(
    ("plant", "period_s", "blocked"),
    [
        (bad.reversed_current, 10, set(Estimator)),
        (bad.rescaled(0.1), 10, set(Estimator)),
        (bad.interpolated, 10, {E.CELL_CAPACITY, E.SOC_OFFSET, E.LEAKAGE, E.RESISTANCE, E.MODES}),
        (bad.clipped, 10, {E.CELL_CAPACITY, E.MODES}),
        (bad.thinned(30), 300, {E.CELL_CAPACITY, E.RESISTANCE, E.MODES}),
        (bad.without_signal("source_Energy_kWh"), 10, set()),
        (bad.without_signal("reported_soc"), 10, {E.SOC_ERROR}),
        (bad.without_signal("rack_current_a"), 10, {E.RACK_CAPACITY, E.CELL_CAPACITY, E.SOC_OFFSET, E.RESISTANCE, E.MODES, E.SOC_ERROR}),
    ],
)
def test_what_a_fault_blocks(plant, period_s, blocked):
    found = studied(plant(healthy(2), 2), period_s)
    assert {one for one, (effect, _) in found.items() if effect is Effect.BLOCKED} == blocked
    assert all(impact.why and impact.check for _, (_, why) in found.items() for impact in why)


@pytest.mark.parametrize(
    ("quantum", "leakage", "rack"),
    [(1, Effect.UNAFFECTED, Effect.UNAFFECTED), (5, Effect.WEAKENED, Effect.UNAFFECTED), (10, Effect.BLOCKED, Effect.WEAKENED)],
)
def test_resolution(quantum, leakage, rack):
    found = strongest([check("DQ07", Outcome.PASS, quantum_mv=quantum)])
    assert (found[E.LEAKAGE][0], found[E.RACK_CAPACITY][0]) == (leakage, rack)


@pytest.mark.parametrize(
    ("period", "means", "resistance"),
    [(1, 0, None), (10, 0, "relative values"), (60, 0, "ranking"), (60, 1, "means over 60 s"), (300, 0, "ranking")],
)
def test_sampling_and_resistance(period, means, resistance):
    effect, why = strongest([check("DQ13", Outcome.PASS, period_s=period, means=means)])[E.RESISTANCE]
    assert (resistance in why[0].why) if resistance else (effect is Effect.UNAFFECTED)
    assert (effect is Effect.BLOCKED) == (period > 60)


def test_means_of_the_present_kind_do_not_block_a_capacity():
    assert strongest([check("DQ13", Outcome.DEGRADED, period_s=60, means=1)])[E.CELL_CAPACITY][0] is Effect.WEAKENED


def test_a_check_that_could_not_be_made_weakens_what_it_guards():
    assert {i.effect for i in impacts(check("DQ12", Outcome.NOT_ESTABLISHED))} == {Effect.WEAKENED}
    assert {i.effect for i in impacts(check("DQ05", Outcome.NOT_ESTABLISHED))} == {Effect.WEAKENED}


@pytest.mark.parametrize("name", sorted({*RULES, *BY_FIGURES}))
def test_rules_speak_of_checks_that_exist_and_a_pass_without_figures_harms_nobody(name):
    assert name in {f"DQ{k:02d}" for k in range(1, 21)}
    if name not in BY_FIGURES:
        assert impacts(check(name, Outcome.PASS)) == ()


def test_every_check_has_an_effect_somewhere():
    assert {f"DQ{k:02d}" for k in range(1, 21)} == {*RULES, *BY_FIGURES}


def test_without_a_meter_an_efficiency_holds_at_the_racks_only():
    """The table of estimates gives one at the rack terminals: to call the estimator blocked beside it was a contradiction."""
    effect, why = studied(bad.without_signal("source_Energy_kWh")(healthy(2), 2))[E.RTE]
    assert effect is Effect.WEAKENED
    assert "at the rack terminals only" in why[0].why
