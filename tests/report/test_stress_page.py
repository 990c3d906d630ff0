"""Findings that rest on stress bring the page behind them."""

import pytest

from workbench.jobs.progress import Progress
from workbench.report.pdf import render
from workbench.workflow import findings, report_contents


@pytest.fixture
def printed_stress(stressed, paper):
    window = stressed.window_id()
    study = stressed.study(window)
    for candidate in findings.open_candidates(stressed.document, study):
        findings.accept(stressed, window, candidate, Progress())
    made = report_contents.gather(
        stressed.project, stressed.views, stressed.studies, stressed.document, stressed.render, Progress(), prepared_ns=1_773_000_000_000_000_000,
        reviewer="Rita Example", principal="Paul Example", journal=(1, "ab" * 32), draft=True,
    )  # fmt: skip
    return made, paper(render(made, Progress()))


def test_replay_derating_and_exposure_are_printed(printed_stress):
    contents, found = printed_stress
    kinds = {c.kind for c in contents.study.candidates}
    assert kinds >= {"fault-trip", "late-alarm", "derating", "plating-exposure"}
    text = found.text
    assert text.count("fault replay") >= 2
    for words in (
        "Surely after",
        "Margins at the trip",
        "Not recorded",
        "their order is not known",
        "For and against",
        "Exposure, never proof",
    ):
        assert words in text
    assert "R01 around the event" in text


def test_other_findings_have_no_such_page(printed, contents):
    assert contents.document.findings
    assert "fault replay" not in printed.text
