"""Section 3 says what was checked and what it means for each estimator."""

from dataclasses import replace

import numpy as np
import pytest

from workbench.analysis.effects import Estimator
from workbench.jobs.progress import Progress
from workbench.report.pdf import render
from workbench.report.posture_page import coverage_alt


@pytest.fixture(scope="module")
def printed(contents, paper):
    return paper(render(contents, Progress()))


def test_all_twenty_checks_and_all_estimators_are_printed(printed):
    text = " ".join(page for page in printed.pages if "Telemetry posture" in page)
    assert all(f"DQ{k:02d}" in text for k in range(1, 21))
    assert all(one.value in text for one in Estimator)
    assert "weakens round-trip efficiency" in text.lower()


def test_the_lead_says_which_checks_did_not_pass(contents, printed):
    bad = [c.id for c in contents.study.checks if c.outcome.value in ("degraded", "fail")]
    page = next(page for page in printed.pages if "Telemetry posture" in page and "In this report" not in page)
    assert ", ".join(bad) + " did not" in page


def test_the_picture_in_words_names_what_is_absent_and_what_is_not_whole(contents):
    share = contents.coverage.share.copy()
    share[0, :2] = 0.0
    picture = replace(contents.coverage, share=share, total=np.where(np.arange(len(share)) == 0, 0.6, contents.coverage.total))
    alt = coverage_alt(picture)
    assert "Not in the export: Energy meter." in alt
    assert "Cell voltage 60.0\u202f%, 2 days with nothing" in alt
