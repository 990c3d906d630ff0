"""What was altered in an overview is found before a picture that stays is made from it; cut off or foreign ones are made again."""

import os
import shutil

import h5py
import numpy as np
import pytest
from builders import windows
from builders.plants import rack, series

from workbench.jobs.progress import Progress
from workbench.store import overview_proof
from workbench.store.overviews import Overview, OverviewDamagedError, build_overview, overview_path
from workbench.store.project import Project
from workbench.store.viewport import Viewport, fetch
from workbench.viewmodels.requests import HeatmapRequest
from workbench.workflow import views as views_module
from workbench.workflow.views import Views

SAMPLES = 30_000


@pytest.fixture
def made(fresh):
    """A project with two racks and an overview, all files closed: its path and what is in it."""
    windows.write(fresh, [series(rack("R01"), samples=SAMPLES), series(rack("R02"), samples=SAMPLES, seed=2)], block=9000)
    with fresh.window(windows.ID) as reader:
        build_overview(fresh, reader, Progress())
    return fresh, overview_path(fresh, windows.ID)


def everything(reader, quantity="deviation"):
    facts = reader.facts
    return Viewport(facts.start_ns, facts.end_ns, tuple((r.id, 1, len(r.cells)) for r in facts.plant.racks), 50, 500, quantity)


def flip(path, name, row):
    """One extreme of one cell, 200 mV away."""
    with h5py.File(path, "r+") as file:
        file[name][row, 3] += 400


def test_untouched_it_proves_itself(made):
    project, _ = made
    with project.window(windows.ID) as reader:
        overview = Overview.open(project, reader)
        for group, levels in overview.grouped.items():
            for level in range(len(levels)):
                overview.prove(level, group, ["R01", "R02"])
        fetch(reader, overview, everything(reader), 0)


@pytest.mark.parametrize("name", ["dev_max", "spike", "count"])
def test_an_altered_plane_makes_no_picture_that_stays(made, name):
    project, path = made
    flip(path, f"level0/group1/{name}", 14)  # of R02
    with project.window(windows.ID) as reader:
        overview = Overview.open(project, reader)
        overview.prove(0, 1, ["R01"])
        for _ in range(2):  # it stays found
            with pytest.raises(OverviewDamagedError, match="R02"):
                overview.prove(0, 1, ["R02"])
        with pytest.raises(OverviewDamagedError):
            fetch(reader, overview, everything(reader), 0)
        with pytest.raises(OverviewDamagedError):  # and once it is known, a first picture is not made of it either
            fetch(reader, overview, everything(reader), 0, prove=False)


def test_a_first_picture_says_that_it_was_not_proven_until_it_was(made):
    project, _ = made
    with project.window(windows.ID) as reader:
        overview = Overview.open(project, reader)
        assert [fetch(reader, overview, everything(reader), 0, prove=prove).proven for prove in (False, True, False)] == [False, True, True]
        assert fetch(reader, overview, everything(reader), 10**9, prove=False).proven  # the samples prove themselves


@pytest.mark.parametrize("quantity", ["deviation", "raw", "z", "balancing"])
def test_a_first_picture_of_an_altered_overview_is_followed_by_the_truth(made, monkeypatch, quantity):
    project, path = made
    monkeypatch.setattr(views_module, "EXACT", 0)
    monkeypatch.setattr(views_module, "FIRST", 0)  # what cannot be had from the samples

    def shown(first):
        views = Views(project)
        try:
            facts = views.facts(windows.ID)
            request = HeatmapRequest(window_id=windows.ID, start_ns=facts.start_ns, end_ns=facts.end_ns, quantity=quantity, max_columns=50)
            one = views.heatmap(request, {}, Progress(), first=first)
            assert one.coarse is first  # the window then asks for what stays
            if not first:
                return one, one
            return one, views.heatmap(request, {}, Progress())
        finally:
            views.close()

    true, _ = shown(first=False)
    for level in range(3):
        flip(path, f"level{level}/group1/{'raw' if quantity in ('raw', 'balancing') else 'dev'}_max", 14)
    first, then = shown(first=True)
    assert first.caption.reduction.endswith(", not yet proven") or quantity == "balancing"
    if quantity != "balancing":
        assert not np.array_equal(first.high_value, true.high_value, equal_nan=True)
    assert np.array_equal(then.high_value, true.high_value, equal_nan=True)
    assert then.caption.reduction == true.caption.reduction


@pytest.mark.parametrize(
    "act",
    [
        lambda file: file.attrs.modify("bucket_ns", 10**9), lambda file: file.attrs.modify("spike_noise_mv", 50.0),
        lambda file: file["first_row1"].attrs.modify("R02", 0), lambda file: file["digests/group1"].__setitem__(..., 0),
        lambda file: file.attrs.__delitem__("digest"), lambda file: file.__delitem__("level0/group4/count"),
    ],
)  # fmt: skip
def test_altered_facts_are_found_at_opening(made, act):
    project, path = made
    with h5py.File(path, "r+") as file:
        act(file)
    with project.window(windows.ID) as reader:
        assert Overview.open(project, reader) is None


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_truncated_file_is_none(made, share):
    project, path = made
    os.truncate(path, int(path.stat().st_size * share))
    with project.window(windows.ID) as reader:
        assert Overview.open(project, reader) is None


def test_that_of_another_window_is_none_even_under_its_name(made, tmp_path):
    _, path = made
    with Project.create(tmp_path / "other.bessreview") as other:
        windows.write(other, [series(rack("R01"), samples=SAMPLES, seed=9), series(rack("R02"), samples=SAMPLES, seed=2)], block=9000)
        shutil.copy(path, overview_path(other, windows.ID))
        with other.window(windows.ID) as reader:
            assert Overview.open(other, reader) is None


def test_one_that_does_not_fit_the_racks_is_none_though_its_digests_hold(made):
    project, path = made
    with h5py.File(path, "r+") as file:
        file["first_row1"].attrs.modify("R02", 6)
        file.attrs[overview_proof.DIGEST] = overview_proof.facts_digest(file, (1, 4, 20, 100))
    with project.window(windows.ID) as reader:
        assert Overview.open(project, reader) is None


def test_planes_kept_elsewhere_are_refused(made, tmp_path):
    project, path = made
    (tmp_path / "secret").write_bytes(bytes(10**6))
    with h5py.File(path, "r+") as file:
        shape = file["level0/group1/count"].shape
        del file["level0/group1/count"]
        file.create_dataset("level0/group1/count", shape, "<u4", external=[(str(tmp_path / "secret"), 0, 10**6)])
    with project.window(windows.ID) as reader:
        assert Overview.open(project, reader) is None


def test_the_window_makes_it_again_and_shows_the_truth(made):
    project, path = made
    views = Views(project)
    try:
        facts = views.facts(windows.ID)
        request = HeatmapRequest(window_id=windows.ID, start_ns=facts.start_ns, end_ns=facts.end_ns, quantity="baseline", max_columns=50)
        true = views.heatmap(request, {}, Progress())
    finally:
        views.close()
    flip(path, "level1/group1/dev_max", 14)
    flip(path, "level2/group1/dev_max", 14)
    before = path.read_bytes()
    again = Views(project)
    try:
        shown = again.heatmap(request, {}, Progress())
    finally:
        again.close()
    assert np.array_equal(shown.high_value, true.high_value)
    assert path.read_bytes() != before


def test_read_only_it_is_refused_in_one_sentence(made):
    project, path = made
    flip(path, "level1/group1/dev_max", 14)
    flip(path, "level2/group1/dev_max", 14)
    with Project.open(project.path, read_only=True) as other:
        views = Views(other)
        try:
            facts = views.facts(windows.ID)
            request = HeatmapRequest(window_id=windows.ID, start_ns=facts.start_ns, end_ns=facts.end_ns, quantity="baseline")
            with pytest.raises(OverviewDamagedError, match="is not what was made of the window, at R02"):
                views.heatmap(request, {}, Progress())
        finally:
            views.close()
