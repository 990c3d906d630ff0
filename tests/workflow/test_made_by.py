"""Another version than the one that made a report is named, so that a difference is not taken for an alteration."""

import msgspec
import pytest
from builders.site import record

from workbench.analysis.study import METHOD
from workbench.errors import ReportError
from workbench.jobs.progress import Progress
from workbench.report.contents import LAYOUT
from workbench.signing.verify import Outcome, manifest_of
from workbench.workflow import made_by, sign_off
from workbench.workflow.session import Session


def test_what_runs_here_is_no_other(issued_site):
    stated = manifest_of(issued_site.pdf).predicate
    assert made_by.made_otherwise(stated, METHOD) == ""
    older = msgspec.structs.replace(stated, libraries={**stated.libraries, "reportlab": "4.0"})
    assert made_by.made_otherwise(older, METHOD) == f"reportlab {stated.libraries['reportlab']} instead of 4.0"
    before = msgspec.structs.replace(stated, libraries={})
    assert f"report layout {LAYOUT} instead of an unstated one" in made_by.made_otherwise(before, "other 1")
    assert "method other 1 instead of" in made_by.made_otherwise(before, "other 1")


def test_a_report_of_an_older_layout_is_not_called_altered_without_a_word(issued_site, monkeypatch):
    monkeypatch.setattr(made_by, "LAYOUT", "next")
    with Session.open(issued_site.project, author="x", wait_free=True) as session:
        result, wrong = sign_off.check_against_project(session, issued_site.pdf, Progress(), recompute=True)
    assert result.outcome is Outcome.INVALID, "the manifest inside names the layout, so the pages differ"
    assert len(wrong) == 1
    assert f"report layout next instead of {LAYOUT}" in wrong[0]
    assert "proves nothing" in wrong[0]


def test_an_approval_after_an_update_says_so(session, credentials, monkeypatch):
    record(session)
    sign_off.submit(session, credentials[0], Progress())
    monkeypatch.setattr(made_by, "LAYOUT", "next")
    with pytest.raises(ReportError, match=f"report layout next instead of {LAYOUT}"):
        sign_off.approve(session, credentials[1], Progress())
