"""The letter as files."""

import pytest
from builders.corruptions import DESIGN, perfect_export
from builders.site import SCOPE
from msgspec.structs import replace

from workbench.errors import ProjectError
from workbench.jobs.progress import Progress
from workbench.viewmodels.owner_letter import plain_text
from workbench.workflow.request import compose, write_request
from workbench.workflow.session import Session

NOW = 1_795_500_000_000_000_000


def test_pdf_and_text_hold_the_same_words(session, tmp_path):
    made = write_request(session, session.window_id(), Progress(), now_ns=NOW, out=tmp_path / "letters")
    assert made.pdf.parent == tmp_path / "letters"
    assert made.text.read_text(encoding="utf-8") == plain_text(made.letter)
    assert made.pdf.read_bytes().startswith(b"%PDF")
    assert {p.checks for p in made.letter.points} >= {"DQ06", "DQ08", "DQ19", "DQ20", "Time zone"}
    assert "no energy meter" in made.text.read_text(encoding="utf-8")


def test_without_a_folder_it_goes_into_the_project_and_never_over_another(session):
    first = write_request(session, session.window_id(), Progress(), now_ns=NOW)
    again = write_request(session, session.window_id(), Progress(), now_ns=NOW)
    assert first.pdf == again.pdf == session.path / "requests" / "request-2026-11-24.pdf"
    session.author = "Other"
    other = write_request(session, session.window_id(), Progress(), now_ns=NOW)
    assert other.pdf.name == "request-2026-11-24-2.pdf"
    assert first.pdf.exists()


def test_the_study_is_run_when_there_is_none(project):
    for kept in (project / "derived").glob("study-*.json"):
        kept.unlink()
    with Session.open(project, author="Rita Example") as session:
        assert compose(session, session.window_id(), Progress(), now_ns=NOW).points


def test_a_read_only_project_needs_another_folder(project, tmp_path):
    with Session.open(project, author="x", read_only=True) as session:
        with pytest.raises(ProjectError, match="--out"):
            write_request(session, session.window_id(), Progress(), now_ns=NOW)
        assert write_request(session, session.window_id(), Progress(), now_ns=NOW, out=tmp_path).pdf.exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(session, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ProjectError, match="cannot be written"):
        write_request(session, session.window_id(), Progress(), now_ns=NOW, out=tmp_path / "file")


def test_a_perfect_export_gets_a_short_letter_that_says_nothing_is_missing(tmp_path):
    scope = replace(SCOPE, design=DESIGN, stationary=True, country="DE")
    with Session.create(tmp_path / "perfect.bessreview", scope, author="Rita Example") as session:
        window = session.import_window([perfect_export(tmp_path)], Progress(), name="w").id
        made = write_request(session, window, Progress(), now_ns=NOW)
    assert [p.found for p in made.letter.points] == []
    text = " ".join(made.text.read_text(encoding="utf-8").split())
    assert "nothing is missing" in text
    assert "20 passed" in text
    assert "2023/1542" not in text, "nothing is asked for, so no law is needed"
