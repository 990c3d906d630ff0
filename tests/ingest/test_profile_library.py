"""Saved mappings: kept under a name, found again by the header, contradicted aloud where the files say otherwise."""

from pathlib import Path

import pytest
from builders.exports import Table
from msgspec.structs import replace

from workbench.errors import IngestError
from workbench.ingest import profile_library, recognition
from workbench.jobs.progress import Progress


def proposed(path, **words):
    return recognition.inspect([path], Progress(), **words)


def test_a_saved_mapping_is_taken_for_the_next_file_of_its_family(tmp_path):
    march, april = Table().write(tmp_path / "march.csv"), Table(seed=2).write(tmp_path / "april.csv")
    kept = replace(proposed(march).profile, name="Site A")
    where = profile_library.save(kept, Path("site-a"))
    assert where.parent == profile_library.folder()
    assert profile_library.load(Path("site-a")) == kept
    found = proposed(april, library=profile_library.saved())
    assert found.profile == kept
    assert found.warnings[0].startswith("The saved mapping Site A was taken")
    other = Table(cells=4).write(tmp_path / "other.csv")
    assert proposed(other, library=profile_library.saved()).profile.name == "other.csv"


def test_files_that_say_otherwise_are_told(tmp_path):
    profile_library.save(proposed(Table().write(tmp_path / "a.csv")).profile, Path("mine"))
    found = proposed(Table().write(tmp_path / "b.csv", sign=-1), library=profile_library.saved())
    assert any(
        "Current_A: the saved mapping says sign 1, these files say sign -1" in text or "sign 1, these files say -1" in text
        for text in found.warnings
    )


def test_a_mapping_travels_in_its_project(tmp_path):
    profile = proposed(Table().write(tmp_path / "a.csv")).profile
    project = tmp_path / "x.bessreview"
    profile_library.save(profile, project / profile_library.IN_PROJECT / "theirs.json")
    assert profile_library.saved(project) == [profile]
    assert profile_library.load(Path("theirs"), project) == profile


def test_a_damaged_mapping_is_passed_over_until_it_is_named(tmp_path):
    profile_library.folder().mkdir(parents=True)
    (profile_library.folder() / "bad.json").write_text("{")
    assert profile_library.saved() == []
    with pytest.raises(IngestError, match="not usable"):
        profile_library.load(Path("bad"))
