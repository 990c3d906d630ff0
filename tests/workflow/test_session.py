"""One door: every edit is on disk before it is acknowledged, and nothing else changes."""

import threading

import pytest
from builders.exports import Table
from builders.site import SCOPE, VERDICT
from msgspec.structs import replace

from workbench.errors import Cancelled, IngestError, ProjectError, Reason, ReviewError
from workbench.jobs.progress import Progress
from workbench.review.edits import SetDesign, SetScope, SetVerdict
from workbench.review.roles import Role
from workbench.viewmodels.requests import HeatmapRequest, TracesRequest
from workbench.workflow.session import Session


def test_create_open_edit_reopen(tmp_path):
    with Session.create(tmp_path / "a", SCOPE, author="Rita") as session:
        session.do(SetVerdict(verdict=VERDICT))
        assert session.journal_status()[0] == 2
        assert session.undo_label == "set verdict"
    with Session.open(tmp_path / "a.bessreview", author="Rob") as session:
        assert session.document.verdict == VERDICT
        session.undo()
        assert session.document.verdict is None
        session.redo()
        assert session.document.verdict == VERDICT
        assert session.journal_status()[0] == 4


def test_the_scope_a_project_was_made_with_is_not_undone_and_a_change_of_it_is(tmp_path):
    with Session.create(tmp_path / "a", SCOPE, author="Rita") as session:
        assert session.undo_label is None
        with pytest.raises(ReviewError) as caught:
            session.undo()
        assert caught.value.reason is Reason.NOTHING_TO_UNDO
        assert (session.document.scope, session.journal_status()[0]) == (SCOPE, 1)
        session.do(SetScope(scope=replace(SCOPE, reference="another")))
        session.undo()
        assert session.document.scope == SCOPE
        assert session.undo_label is None


def test_a_refused_edit_leaves_no_trace(session):
    before = session.journal_status(), session.document
    with pytest.raises(ReviewError):
        session.do(SetVerdict(verdict=replace(VERDICT, reason="")))
    assert (session.journal_status(), session.document) == before


def test_listeners_hear_every_change_until_they_leave(session):
    heard = []
    leave = session.listen(lambda: heard.append(session.journal_status()[0]))
    session.do(SetVerdict(verdict=VERDICT))
    leave()
    session.undo()
    assert heard == [3]


def test_a_second_session_reads_but_does_not_write(session, project):
    with Session.open(project, author="Rob", wait_free=True) as other:
        assert other.read_only
        assert other.document == session.document
        with pytest.raises(ProjectError) as caught:
            other.do(SetVerdict(verdict=VERDICT))
        assert caught.value.reason is Reason.READ_ONLY
    with pytest.raises(ProjectError) as caught:
        Session.open(project, author="Rob")
    assert caught.value.reason is Reason.PROJECT_LOCKED


def test_edits_from_many_threads_are_all_kept(session):
    def edit(number):
        for i in range(5):
            session.do(SetVerdict(verdict=replace(VERDICT, reason=f"{number} {i}")))

    threads = [threading.Thread(target=edit, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert session.journal_status()[0] == 22
    session.project.journal.verify()


def test_an_import_is_a_window_in_the_journal(session, tmp_path):
    path = Table().write(tmp_path / "april.csv")
    entry = session.import_window([path], Progress(), name="April")
    assert session.document.windows[-1] == entry
    assert session.window_id() == session.window_id("April") == entry.id
    assert session.windows()[-1].name == "April"


@pytest.mark.parametrize("stage", ["recognising", "reading", "writing the window", "sealing the window", "building overviews"])
def test_a_stopped_import_leaves_nothing(session, tmp_path, stage):
    path = Table().write(tmp_path / "april.csv")
    before = sorted(p.name for p in session.path.rglob("*"))
    progress = Progress(lambda report: progress.cancel() if report.stage == stage else None)
    with pytest.raises(Cancelled):
        session.import_window([path], progress)
    assert sorted(p.name for p in session.path.rglob("*") if not p.name.startswith("review.db")) == [
        n for n in before if not n.startswith("review.db")
    ]
    assert len(session.document.windows) == 1


def test_a_failed_import_leaves_nothing(session, tmp_path):
    (tmp_path / "a.csv").write_text("nothing here\n")
    before = sorted((session.path / "windows").iterdir())
    with pytest.raises(IngestError):
        session.import_window([tmp_path / "a.csv"], Progress())
    assert sorted((session.path / "windows").iterdir()) == before


def test_pictures_of_the_window(session):
    facts = session.windows()[0]
    heat = session.heatmap(HeatmapRequest(window_id=facts.id, start_ns=facts.start_ns, end_ns=facts.end_ns), Progress())
    assert [r.rack for r in heat.racks] == ["R01", "R02", "R03"]
    assert heat.racks[0].mark == "bad", "the study flags the weak cell's rack"
    traces = session.traces(
        TracesRequest(window_id=facts.id, start_ns=facts.start_ns, end_ns=facts.end_ns, rack="R01", cells=(5,)), Progress()
    )
    assert traces.panels[0].lines[0].name.endswith("C005")
    readout = session.readout(facts.id, "R01", 5, facts.start_ns + 10**12, Progress())
    assert dict(readout.lines)["Quality"] == "received, 0 repairs"


def test_another_scope_has_another_study(session):
    window = session.window_id()
    assert session.study(window) is not None
    design = replace(SCOPE.design, rated_capacity_ah=100.0)
    session.do(SetScope(scope=replace(SCOPE, design=design)))
    assert session.study(window) is None, "the design record is part of the key"


def test_a_design_record_of_its_own_has_another_study_and_undo_brings_the_old_one_back(session):
    window = session.window_id()
    before = session.study(window)
    session.do(SetDesign(design=replace(SCOPE.design, sources={"rated_capacity_ah": "another sheet"})))
    assert session.study(window) is None, "even another source is another study: it is printed"
    session.undo()
    assert session.study(window) == before


def test_unknown_windows_are_said(session):
    for ask in (lambda: session.window_id("May"), lambda: session.window_root("0" * 12)):
        with pytest.raises(ProjectError) as caught:
            ask()
        assert caught.value.reason is Reason.WINDOW_MISSING


def test_a_journal_this_version_cannot_follow_is_refused(project):
    with Session.open(project, author="Rita") as session:
        session.project.journal.append("Eve", "reviewer", b'{"edit":"launch-rocket"}')
    with pytest.raises(ProjectError) as caught:
        Session.open(project, author="Rita")
    assert caught.value.reason is Reason.JOURNAL_DAMAGED


def test_roles_follow_the_certificate(session):
    assert session.as_role(Role.PRINCIPAL, "Paul").role is Role.PRINCIPAL
    assert session.author == "Paul"
