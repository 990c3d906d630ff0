"""The folder: made whole, opened by one writer, never written over."""

import json
import os
import shutil
import threading

import pytest

from workbench.errors import ProjectError, Reason
from workbench.store.project import Project


def test_create_makes_an_empty_project_with_the_suffix(tmp_path):
    with Project.create(tmp_path / "north") as project:
        assert project.path == tmp_path / "north.bessreview"
        assert project.journal.head()[0] == 0
        assert json.loads((project.path / "project.json").read_text())["format"] == 1
    assert os.listdir(tmp_path) == ["north.bessreview"]


def test_nothing_is_ever_created_over(tmp_path):
    (tmp_path / "a.bessreview").mkdir()
    with pytest.raises(ProjectError) as caught:
        Project.create(tmp_path / "a.bessreview")
    assert caught.value.reason is Reason.PROJECT_EXISTS


def test_one_writes_others_read(fresh):
    with pytest.raises(ProjectError) as caught:
        Project.open(fresh.path)
    assert caught.value.reason is Reason.PROJECT_LOCKED
    with Project.open(fresh.path, allow_read_only=True) as reader:
        assert reader.read_only
    with Project.open(fresh.path, read_only=True) as reader:
        assert reader.id == fresh.id


def test_closing_releases_the_lock(fresh):
    fresh.close()
    Project.open(fresh.path).close()


def empty_folder(path):
    path.mkdir()


def a_file(path):
    path.write_text("x")


def other_json(path):
    path.mkdir()
    (path / "project.json").write_text('{"name": "webshop"}')


def broken_json(path):
    path.mkdir()
    (path / "project.json").write_text("{")


@pytest.mark.parametrize("what", [empty_folder, a_file, other_json, broken_json, lambda path: None])
def test_what_is_no_project_is_said_and_left_alone(tmp_path, what):
    path = tmp_path / "x.bessreview"
    what(path)
    before = sorted(path.iterdir()) if path.is_dir() else None
    with pytest.raises(ProjectError) as caught:
        Project.open(path)
    assert caught.value.reason is Reason.NOT_A_PROJECT
    assert str(path) in caught.value.message
    assert (sorted(path.iterdir()) if path.is_dir() else None) == before


def test_a_newer_format_is_not_touched(fresh):
    fresh.close()
    facts = json.loads((fresh.path / "project.json").read_text())
    (fresh.path / "project.json").write_text(json.dumps({**facts, "format": 99}))
    with pytest.raises(ProjectError) as caught:
        Project.open(fresh.path)
    assert caught.value.reason is Reason.PROJECT_TOO_NEW


def test_evidence_is_kept_by_digest_and_checked_on_reading(fresh):
    name = fresh.write_evidence(b"1,2,3", ".csv")
    assert fresh.write_evidence(b"1,2,3", ".csv") == name
    assert fresh.read_evidence(name, ".csv") == b"1,2,3"
    (fresh.path / "evidence" / f"{name}.csv").write_bytes(b"1,2,4")
    with pytest.raises(ProjectError, match="altered"):
        fresh.read_evidence(name, ".csv")
    with pytest.raises(ProjectError, match="missing"):
        fresh.read_evidence("0" * 64, ".csv")


def test_an_issue_is_never_overwritten(fresh):
    folder = fresh.issue(1, {"report.pdf": b"%PDF", "manifest.json": b"{}"})
    assert (folder / "report.pdf").read_bytes() == b"%PDF"
    assert fresh.issue(1, {"report.pdf": b"%PDF", "manifest.json": b"{}"}) == folder, "a second try after a kill succeeds"
    with pytest.raises(ProjectError):
        fresh.issue(1, {"report.pdf": b"other"})
    assert (folder / "report.pdf").read_bytes() == b"%PDF"


def test_opening_sweeps_what_a_killed_program_left(fresh):
    fresh.close()
    (fresh.path / "windows" / ".abc.h5.part").write_bytes(b"half")
    left = fresh.path / "issued" / ".1.part"
    left.mkdir()
    (left / "report.pdf").write_bytes(b"half")
    Project.open(fresh.path).close()
    assert os.listdir(fresh.path / "windows") == os.listdir(fresh.path / "issued") == []


def test_opening_bears_another_process_that_clears_the_same_place(fresh):
    """The reading process of a killed program clears its scratch while the next program sweeps."""
    fresh.close()
    left = fresh.path / "derived" / ".abc.part"
    for _ in range(20):
        for k in range(150):
            (left / f"{k % 10}").mkdir(parents=True, exist_ok=True)
            (left / f"{k % 10}" / f"{k}").write_bytes(b"half")
        other = threading.Thread(target=shutil.rmtree, args=(left,), kwargs={"ignore_errors": True})
        other.start()
        Project.open(fresh.path).close()
        other.join()
        assert not left.exists()


def test_a_project_that_cannot_be_swept_is_let_go(fresh, monkeypatch):
    fresh.close()
    (fresh.path / "derived" / ".abc.part").write_bytes(b"half")

    def broken(self, missing_ok=False):
        raise PermissionError(13, "no")

    with monkeypatch.context() as patched:
        patched.setattr("pathlib.Path.unlink", broken)
        with pytest.raises(PermissionError):
            Project.open(fresh.path)
    Project.open(fresh.path).close()


def test_a_missing_window_is_said(fresh):
    with pytest.raises(ProjectError) as caught:
        fresh.window("0" * 12)
    assert caught.value.reason is Reason.WINDOW_MISSING


@pytest.mark.parametrize("text", ["[" * 100_000, '{"format": 1, "id": "a", "more": "' + "x" * 2_000_000 + '"}'])
def test_a_hostile_project_file_is_one_sentence(fresh, text):
    fresh.close()
    (fresh.path / "project.json").write_text(text)
    with pytest.raises(ProjectError) as caught:
        Project.open(fresh.path)
    assert caught.value.reason is Reason.NOT_A_PROJECT


def test_scratch_folders_with_folders_in_them_are_swept(fresh):
    fresh.close()
    left = fresh.path / "derived" / ".0123456789ab.part" / "workbench-import-x"
    left.mkdir(parents=True)
    (left / "R01.rows").write_bytes(b"half")
    Project.open(fresh.path).close()
    assert list((fresh.path / "derived").iterdir()) == []


def test_a_name_longer_than_the_system_allows_is_one_sentence(tmp_path):
    with pytest.raises(ProjectError, match="shorter name") as caught:
        Project.create(tmp_path / ("n" * 300))
    assert caught.value.reason is Reason.NO_PLACE
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps an open folder where it is")
def test_evidence_of_a_project_that_was_moved_is_refused_in_words(fresh):
    fresh.path.rename(fresh.path.with_name("other.bessreview"))
    with pytest.raises(ProjectError, match="moved, replaced or removed"):
        fresh.write_evidence(b"x", ".csv")
    fresh.path.with_name("other.bessreview").rename(fresh.path)
    assert fresh.write_evidence(b"x", ".csv")
