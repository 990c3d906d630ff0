"""At every level, no extreme is lost."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from builders import windows
from builders.plants import rack, series
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.jobs.progress import Progress
from workbench.store import overviews
from workbench.store.overviews import LEVEL_STEP, Overview, Part, build_overview, overview_path, reduce_part


@pytest.fixture
def defect(fresh):
    """Two racks; one cell of the second drops for a single sample."""
    one, two = series(rack("R01"), samples=30_000), series(rack("R02"), samples=30_000, seed=2)
    two.cell_voltage_mv[7, 17_321] -= 400
    windows.write(fresh, [one, two], block=9000)
    with fresh.window(windows.ID) as reader:
        yield fresh, reader, two


def test_one_bad_sample_is_in_every_level_at_its_place(defect):
    project, reader, two = defect
    overview = build_overview(project, reader, Progress())
    assert len(overview.levels) >= 3
    row = overview.rows("R02", 8, 8).start
    for level, planes in enumerate(overview.levels):
        bucket = int((two.time_ns[17_321] - overview.start_ns) // overview.bucket_ns_at(level))
        assert np.unravel_index(planes["dev_min"].argmin(), planes["dev_min"].shape) == (row, bucket)
        assert planes["spike"][row, bucket] > 600
        assert int(planes["count"].sum()) == 24 * 30_000


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cuts=st.sets(st.integers(1, 29), max_size=6), group=st.integers(1, 3))
def test_the_planes_are_the_same_bits_however_time_was_split(defect, cuts, group):
    """In parts of any length, of several levels, by a reader that has decoded nothing before."""
    project, reader, _ = defect
    bucket_ns, step = 64 * 10**10, LEVEL_STEP ** (group - 1)
    whole = reduce_part(reader, Part("R02", 0, 30 * step, reader.facts.start_ns, bucket_ns, group))
    edges = [0, *sorted(cuts), 30]
    with project.window(windows.ID) as other:
        parts = [
            reduce_part(other, Part("R02", first * step, last * step, reader.facts.start_ns, bucket_ns, group))
            for first, last in pairwise(edges)
        ]
    for level in range(group):
        for name, plane in whole[level].items():
            assert np.array_equal(np.concatenate([part[level][name] for part in parts], axis=1), plane), (level, name)


def test_it_is_reopened_only_for_the_very_same_window(defect):
    project, reader, _ = defect
    build_overview(project, reader, Progress())
    assert Overview.open(project, reader) is not None
    reader.root = "0" * 64
    assert Overview.open(project, reader) is None


def test_without_a_file_or_with_a_broken_one_there_is_none(defect):
    project, reader, _ = defect
    assert Overview.open(project, reader) is None
    overview_path(project, windows.ID).write_bytes(b"half")
    assert Overview.open(project, reader) is None


@pytest.mark.parametrize(
    ("at_once", "read_ahead", "first", "last"), [(10**9, 10**9, 0, 0), (0, 10**9, -1, 0), (0, 0, -1, -1), (0, "most", -1, 1)]
)
def test_coarse_levels_are_at_hand_at_once_and_finer_ones_as_far_as_memory_is_meant_for_them(
    defect, monkeypatch, at_once, read_ahead, first, last
):
    project, reader, _ = defect
    levels = len(build_overview(project, reader, Progress()).levels)
    begun = []
    monkeypatch.setattr(overviews.threading, "Thread", lambda **asked: begun.append(asked) or SimpleNamespace(start=lambda: None))
    if read_ahead == "most":
        made = Overview.open(project, reader)
        read_ahead = sum(plane.nbytes for planes in made.grouped.values() for level in planes[1:] for plane in level.values())
    monkeypatch.setattr(overviews, "AT_ONCE", at_once)
    monkeypatch.setattr(overviews, "READ_AHEAD", read_ahead)
    found = Overview.open(project, reader)
    assert found.finest_at_hand == first % levels
    for asked in begun:
        asked["target"](*asked["args"])
    assert found.finest_at_hand == last % levels


def test_what_cannot_be_read_is_not_at_hand(defect):
    project, reader, _ = defect
    build_overview(project, reader, Progress())
    found = Overview.open(project, reader)
    found.finest_at_hand = 2
    found._fetch(project.path / "gone", 0)
    assert found.finest_at_hand == 2


def test_of_an_older_project_that_may_only_be_read_the_overview_is_still_shown(defect, monkeypatch):
    project, reader, _ = defect
    monkeypatch.setattr(overviews, "METHOD", overviews.OLDER)
    build_overview(project, reader, Progress())
    monkeypatch.undo()
    assert Overview.open(project, reader) is None  # it is made again
    monkeypatch.setattr(project, "read_only", True)
    assert Overview.open(project, reader) is not None
