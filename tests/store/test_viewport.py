"""Whatever is asked for, the extremes of what lies inside come back, within the pixels that were asked for."""

import numpy as np
import pytest
from builders import windows
from builders.plants import rack, series
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.asset.rack_median import deviation_half_mv, rack_median_half_mv
from workbench.jobs.progress import Progress
from workbench.store import viewport
from workbench.store.overviews import build_overview
from workbench.store.viewport import FIRST, Viewport, fetch, fetch_alike

SAMPLES = 20_000


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    from workbench.store.project import Project

    with Project.create(tmp_path_factory.mktemp("v") / "v.bessreview") as project:
        one = series(rack("R01"), samples=SAMPLES)
        rng = np.random.default_rng(3)
        for _ in range(30):  # one-sample defects all over
            one.cell_voltage_mv[rng.integers(12), rng.integers(SAMPLES)] -= 300
        windows.write(project, [one], block=9000)
        with project.window(windows.ID) as reader:
            made = build_overview(project, reader, Progress())
            reader.series("R01")  # starts the threads that decode
            yield reader, made, one


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    a=st.integers(0, SAMPLES - 1), b=st.integers(0, SAMPLES - 1), rows=st.integers(1, 20), columns=st.integers(1, 400), exact=st.booleans()
)
def test_extremes_survive_any_viewport(opened, a, b, rows, columns, exact):
    reader, overview, one = opened
    first, last = min(a, b), max(a, b) + 1
    view = Viewport(int(one.time_ns[first]), int(one.time_ns[last - 1]) + 1, (("R01", 1, 12),), rows, columns, "deviation")
    found = fetch(reader, overview, view, 10**9 if exact else 0)
    deviation = deviation_half_mv(one.cell_voltage_mv, rack_median_half_mv(one.cell_voltage_mv))[:, first:last] / 2
    assert found.low.shape[0] <= rows
    assert found.exact is exact
    if exact:
        assert found.low.shape[1] <= columns
        assert (np.nanmin(found.low), np.nanmax(found.high)) == (deviation.min(), deviation.max())
        assert found.count.sum() == deviation.size
    else:  # buckets at the edges may reach a little beyond the view, never less far
        assert found.low.shape[1] <= columns + 1
        assert np.nanmin(found.low) <= deviation.min()
        assert np.nanmax(found.high) >= deviation.max()
        assert found.edges_ns[0] <= view.start_ns
        assert found.edges_ns[-1] >= view.end_ns


def test_raw_voltage_in_volts(opened):
    reader, overview, one = opened
    view = Viewport(int(one.time_ns[0]), int(one.time_ns[-1]) + 1, (("R01", 3, 3),), 10, 100, "raw")
    found = fetch(reader, overview, view)
    assert np.nanmin(found.low) == one.cell_voltage_mv[2].min() / 1000
    assert found.rows == (("R01", 3),)


def test_where_nothing_was_received_nothing_is_invented(opened):
    reader, overview, one = opened
    view = Viewport(int(one.time_ns[0]) - 10**13, int(one.time_ns[0]), (("R01", 1, 12),), 10, 100, "deviation")
    found = fetch(reader, overview, view)
    assert np.isnan(found.low).all()
    assert found.count.sum() == 0


def test_a_first_picture_decodes_little_and_the_final_one_comes_from_the_samples(opened):
    reader, overview, one = opened
    view = Viewport(int(one.time_ns[0]), int(one.time_ns[-1]) + 1, (("R01", 1, 1),), 10, 100, "deviation")
    assert viewport.decoded_samples(reader, view) == 12 * 40 * 512  # whole chunks of the whole rack
    assert fetch(reader, overview, view).exact
    assert not fetch(reader, overview, view, 12 * 40 * 512 - 1).exact


@pytest.mark.parametrize(
    ("rows", "cells", "step"), [(12, (1, 12), 1), (4, (1, 12), 3), (3, (1, 12), 4), (2, (5, 12), 4), (3, (2, 12), 4), (1, (1, 12), 12)]
)
def test_groups_of_cells_tell_the_same_as_cells(opened, rows, cells, step):
    reader, overview, one = opened
    view = Viewport(int(one.time_ns[0]), int(one.time_ns[-1]) + 1, (("R01", *cells),), rows, 100, "raw")
    found = fetch(reader, overview, view, 0)
    assert found.cells_per_row == step
    for row, (_, first) in enumerate(found.rows):
        part = one.cell_voltage_mv[first - 1 : min(first - 1 + step, cells[1])]
        assert np.nanmin(found.low[row]) == part.min() / 1000
        assert np.nanmax(found.high[row]) == part.max() / 1000
        assert found.count[row].sum() == part.size


def test_what_is_dearer_per_sample_is_made_of_fewer_in_a_first_picture(opened, monkeypatch):
    reader, overview, one = opened
    monkeypatch.setattr(viewport, "FIRST", 12 * 512 * 3)
    for quantity, chunks, exact in (("deviation", 3, True), ("z", 3, False), ("z", 1, True)):
        view = Viewport(int(one.time_ns[0]), int(one.time_ns[chunks * 512 - 1]) + 1, (("R01", 1, 12),), 12, 2000, quantity)
        assert fetch(reader, overview, view, viewport.FIRST).exact is exact, quantity


@pytest.mark.parametrize("quantity", ["raw", "deviation", "z", "baseline"])
@pytest.mark.parametrize(
    ("most_rows", "cells"), [(36, (12, 12, 12)), (8, (12, 12, 12)), (4, (12, 12, 12)), (5, (12, 12, 10)), (5, (10, 12, 12))]
)
def test_racks_reduced_together_tell_the_same_as_each_alone(fresh, quantity, most_rows, cells):
    racks = [rack(f"R{number}", cells=count) for number, count in enumerate(cells, start=1)]
    all_series = [series(one, samples=3000, seed=number) for number, one in enumerate(racks)]
    windows.write(fresh, all_series, block=3000)
    start, end = int(all_series[0].time_ns[0]), int(all_series[0].time_ns[-1]) + 1
    rows = tuple((one.id, 1, len(one.cells)) for one in racks)
    offsets = {one.id: np.arange(len(one.cells), dtype=np.int16) for one in racks}
    with fresh.window(windows.ID) as reader:
        overview = build_overview(fresh, reader, Progress())
        together = fetch(reader, overview, Viewport(start, end, rows, most_rows, 7, quantity, offsets), 0)
        for row in rows:
            alone = fetch(
                reader, overview, Viewport(start, end, (row,), -(-row[2] // int(together.cells_per_row)), 7, quantity, offsets), 0
            )
            mine = [number for number, (name, _) in enumerate(together.rows) if name == row[0]]
            for plane in ("low", "high", "spike", "count"):
                assert np.array_equal(getattr(together, plane)[mine], getattr(alone, plane), equal_nan=True), (row, plane)


@pytest.mark.parametrize("quantity", ["raw", "deviation", "z", "baseline"])
@pytest.mark.parametrize("exact", [True, False])
def test_parts_of_one_picture_stand_on_the_same_edges(fresh, quantity, exact, monkeypatch):
    """One rack cell by cell beside many cells in few rows: each by itself would be made of another level of the overview, or of the samples."""
    racks = [rack(f"R{number}", cells=count) for number, count in ((1, 4), (2, 40))]
    all_series = [series(one, samples=3000, seed=number) for number, one in enumerate(racks)]
    windows.write(fresh, all_series, block=3000)
    start, end = int(all_series[0].time_ns[0]), int(all_series[0].time_ns[-1]) + 1
    offsets = {one.id: np.arange(len(one.cells), dtype=np.int16) for one in racks}
    views = [Viewport(start, end, ((one.id, 1, len(one.cells)),), len(one.cells), 100, quantity, offsets) for one in racks]
    if not exact:
        monkeypatch.setattr(viewport, "EXACT", 4 * 3000 + 1)  # the small rack alone would be exact
        monkeypatch.setattr(viewport, "BUDGET", 800)
    with fresh.window(windows.ID) as reader:
        overview = build_overview(fresh, reader, Progress())
        together = list(fetch_alike(reader, overview, views))
        alone = [fetch(reader, overview, view, viewport.EXACT) for view in views]
    assert together[0].edges_ns.tolist() == together[1].edges_ns.tolist()
    assert [got.exact for got in together] == [exact, exact]
    assert (alone[0].edges_ns.tolist() == alone[1].edges_ns.tolist()) is exact, "else this shows nothing"
    for got, one in zip(together, all_series, strict=True):
        assert [cell for _, cell in got.rows] == list(range(1, len(one.rack.cells) + 1))
        assert (got.count.sum(axis=1) >= 0.99 * len(one.time_ns)).all()


def test_z_of_a_whole_site_merges_buckets_before_it_compares(opened, monkeypatch):
    """Where even the coarsest level is dearer than the budget, fewer buckets are compared; extremes of the pixel are those of its samples."""
    reader, overview, one = opened
    monkeypatch.setattr(viewport, "BUDGET", 12 * viewport.WEIGHT["z"] * 4)
    view = Viewport(int(one.time_ns[0]), int(one.time_ns[-1]) + 1, (("R01", 1, 12),), 12, 400, "z")
    found, stays = fetch(reader, overview, view, 0, prove=False), fetch(reader, overview, view, 0)
    assert 1 < found.low.shape[1] <= 5
    assert stays.low.shape[1] >= 4 * found.low.shape[1]  # it may take longer than a frame, and shows more of when
    assert (found.proven, stays.proven) == (False, True)
    assert found.count.sum() == one.cell_voltage_mv.size
    assert found.edges_ns[0] <= view.start_ns
    assert found.edges_ns[-1] >= view.end_ns


def test_on_a_regular_clock_no_pixel_of_an_exact_picture_is_empty(opened):
    reader, overview, one = opened
    for samples in (327, 328, 1999):
        for late_ns in (0, 1, 7_300_000_000):
            start = int(one.time_ns[100]) + late_ns
            view = Viewport(start, start + samples * 10**10 - late_ns // 2, (("R01", 1, 12),), 12, 2000, "raw")
            found = fetch(reader, overview, view)
            assert (found.count > 0).all(), (samples, late_ns)


def test_a_first_picture_is_made_of_what_is_at_hand_and_says_that_a_better_one_can_be_had(opened):
    reader, overview, one = opened
    view = Viewport(int(one.time_ns[0]), int(one.time_ns[-1]) + 1, (("R01", 1, 12),), 12, 2000, "raw")
    fine = fetch(reader, overview, view, 0)
    overview.finest_at_hand = 2
    hasty = fetch(reader, overview, view, 0, prove=False)
    again = fetch(reader, overview, view, 0)
    assert (fine.proven, hasty.proven, again.proven) == (True, False, True)
    assert hasty.low.shape[1] < fine.low.shape[1] == again.low.shape[1]
    assert (np.nanmin(hasty.low), np.nanmax(hasty.high)) == (np.nanmin(fine.low), np.nanmax(fine.high))  # coarser, but nothing is lost


def test_a_first_picture_does_not_wait_for_samples_on_the_disk(opened, monkeypatch):
    reader, overview, one = opened
    view = Viewport(int(one.time_ns[0]), int(one.time_ns[400]), (("R01", 1, 12),), 12, 2000, "raw")
    assert fetch(reader, overview, view).exact
    assert fetch(reader, overview, view, FIRST, prove=False).exact
    reader.forget()
    monkeypatch.setattr("workbench.store.chunks.OpenFile.at_hand", lambda *_: False)
    assert not fetch(reader, overview, view, FIRST, prove=False).exact
    assert fetch(reader, overview, view, FIRST).exact
