"""Racks against the fleet."""

from msgspec.structs import replace

from workbench.asset.estimate import NotEstablished
from workbench.viewmodels.rack_divergence import divergence_picture


def test_every_rack_has_a_line_and_a_row_and_the_flagged_one_is_the_subject(session):
    facts = session.windows()[0]
    study = session.study(facts.id)
    made = divergence_picture(facts, study)
    assert {line.name for line in made.lines} == {"R01", "R02", "R03"}
    roles = {line.name: line.role for line in made.lines}
    assert (roles["R01"], roles["R03"]) == ("subject", "quiet")
    assert made.rows[0].rack == "R01", "sorted by last spread"
    assert made.rows[0].reading == "weak cell"
    assert made.band is None, "two racks are no population"
    assert made.limit_mv is None


def test_a_limit_of_the_reviewer_is_drawn_and_dated(session):
    facts = session.windows()[0]
    study = session.study(facts.id)
    made = divergence_picture(facts, replace(study, parameters=replace(study.parameters, spread_limit_mv=1.0)))
    assert made.limit_mv == 1.0
    assert made.rows[0].first_above_ns == made.lines[0].time_ns[0]


def test_without_comparable_moments_there_is_no_picture(session):
    facts = session.windows()[0]
    study = session.study(facts.id)
    racks = tuple(replace(rack, spread_mv=(), period_start_ns=(), lowest_cell=()) for rack in study.racks)
    answer = divergence_picture(facts, replace(study, racks=racks))
    assert isinstance(answer, NotEstablished)
    assert answer.settles
