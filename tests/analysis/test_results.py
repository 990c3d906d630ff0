"""Results are frozen values that survive being stored."""

import pytest

from workbench.analysis.results import Check, Outcome, Regime, StudyParameters, StudyResult
from workbench.asset.plain import canonical, revive, revive_plain


def test_a_whole_study_survives_being_stored_and_read(site):
    data = canonical(site.result)
    assert revive(data, StudyResult) == site.result
    assert canonical(revive(data, StudyResult)) == data


def test_results_cannot_be_altered(site):
    with pytest.raises(AttributeError):
        site.result.cells[0].reading = "healthy"


def test_parameters_with_a_word_nobody_knows_are_refused():
    assert revive_plain({"flag_z": 4}, StudyParameters) == StudyParameters(flag_z=4.0)
    with pytest.raises(ValueError, match="flag"):
        revive_plain({"flag": 4}, StudyParameters)


def test_every_parameter_is_a_number_so_that_the_report_can_print_it():
    assert all(isinstance(getattr(StudyParameters(), name), int | float) for name in StudyParameters.__struct_fields__)


def test_words_of_outcomes_and_moments_are_fixed():
    """They stand in stored results and in printed reports."""
    assert {o.value for o in Outcome} == {"pass", "degraded", "fail", "not established"}
    assert {r.value for r in Regime} == {"end of charge", "end of discharge", "charging", "discharging", "rest"}


def test_a_figure_nobody_knows_is_left_out_so_that_the_study_can_be_read_again():
    """A delay that is NaN once made the kept study of a vehicle log unreadable: reopened, it said that no study had been run."""
    check = Check(
        "CX11", "Alarms", Outcome.PASS, "seen", "limit", "none", figures={"alarms": 34.0, "delay_s": float("nan"), "x": float("inf")}
    )
    assert check.figures == {"alarms": 34.0}
    assert revive(canonical(check), Check) == check
