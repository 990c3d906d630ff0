"""Curves as the window, the design record and the checks allow them."""

from msgspec.structs import replace

from workbench.analysis.results import Check, NotEstablished, Outcome
from workbench.jobs.progress import Progress
from workbench.viewmodels.requests import CurvesRequest


def asked(session, study, **changes):
    request = CurvesRequest(window_id=session.window_id(), rack="R01", cells=(5,))
    return session.cell_curves.picture(replace(request, **changes), session.document.scope.design, study, Progress())


def test_the_fullest_pass_is_shown_first_and_every_pass_can_be_chosen(session):
    found = asked(session, session.study(session.window_id()))
    assert found.start_ns in {start for start, _ in found.passes}
    assert found.charge_ah[-1] >= max(
        asked(session, None, start_ns=start).charge_ah[-1] / 1.1 for start, words in found.passes[:4] if words.startswith("charge")
    )


def test_a_failed_check_that_blocks_modes_blocks_the_slopes_and_names_itself(session):
    study = session.study(session.window_id())
    failed = Check("DQ11", "Scale", Outcome.FAIL, "The current is off by ten.", "1", "no numbers")
    found = asked(session, replace(study, checks=(*(c for c in study.checks if c.id != "DQ11"), failed)))
    assert found.refused.reason == "check-dq11-failed"
    assert [p.key for p in found.panels] == ["vq"], "the samples are still shown"


def test_without_a_capacity_there_is_no_slope(session):
    design = replace(session.document.scope.design, rated_capacity_ah=None)
    request = CurvesRequest(window_id=session.window_id(), rack="R01", cells=(5,))
    found = session.cell_curves.picture(request, design, None, Progress())
    assert found.refused.reason == "no-capacity"


def test_without_a_current_there_is_no_curve(session, monkeypatch):
    reader = session.views.reader(session.window_id())
    whole = reader.series
    monkeypatch.setattr(
        reader, "series", lambda rack: type(whole(rack))(*(getattr(whole(rack), f) for f in ("rack", "time_ns", "cell_voltage_mv", "cell_quality", "probe_temperature_ddegc")), {})
    )  # fmt: skip
    found = asked(session, None)
    assert isinstance(found, NotEstablished)
    assert found.reason == "no-current"
