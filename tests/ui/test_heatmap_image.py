"""One value per device pixel; a single bad sample is always seen."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.jobs.progress import Progress
from workbench.ui import heatmap_image
from workbench.ui.heatmap_image import rendered, sheet_of
from workbench.ui.theme import colour


@pytest.fixture
def picture(session):
    """48 rows over 200 buckets, all neutral."""
    made = session.heatmap(session.views.full_request(session.window_id(), limit=60.0, max_columns=200), Progress())
    calm = np.zeros((48, 200))
    edges = np.linspace(0, 200_000, 201).astype(np.int64)
    return replace(
        made,
        value=calm,
        low_value=calm,
        high_value=calm,
        count=np.ones((48, 200), np.int64),
        state=np.ones((48, 200), np.uint8),
        spike=np.zeros((48, 200), np.uint8),
        edges_ns=edges,
    )


def inks(image):
    raw = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width())
    return raw & 0xFFFFFF


def ink(token):
    return colour(token).rgb() & 0xFFFFFF


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(row=st.integers(0, 47), bucket=st.integers(0, 199), rows=st.integers(48, 700), columns=st.integers(200, 1500))
def test_one_sample_beyond_the_scale_is_seen_on_any_canvas(picture, row, bucket, rows, columns):
    value = picture.value.copy()
    value[row, bucket] = -500.0
    one = replace(picture, value=value)
    shown = inks(rendered(sheet_of(one), 0, 200_000, rows, columns)) == ink("under")
    assert shown.sum() >= 4
    ys, xs = np.nonzero(shown)
    assert row / 48 * rows - 3 <= ys.mean() <= (row + 1) / 48 * rows + 3
    assert bucket / 200 * columns - 3 <= xs.mean() <= (bucket + 1) / 200 * columns + 3


def test_an_excursion_has_a_ring_and_keeps_its_own_colour(picture):
    picture.spike[20, 100] = 1
    seen = inks(rendered(sheet_of(picture), 0, 200_000, 48, 200))
    ring = seen[19:22, 99:102] == ink("text")
    assert ring.sum() == 8
    assert not ring[1, 1]
    assert (seen == ink("text")).sum() == 8


def test_outside_the_data_is_hatched(picture):
    shown = inks(rendered(sheet_of(picture), -100_000, 300_000, 100, 400))
    assert set(np.unique(shown[:, :99])) == {ink("missing"), ink("missing_ink")}
    assert ink("missing") not in np.unique(shown[:, 101:299])


@pytest.mark.parametrize(("rows", "columns"), [(48, 200), (70, 333), (480, 1500), (30, 90)])
def test_few_and_many_marks_are_drawn_alike(picture, monkeypatch, rows, columns):
    """Each alone, or the whole plane grown: the same pixels, on canvases that magnify, that do not, and on which buckets share pixels."""
    chance = np.random.default_rng(11)
    value, spike = picture.value.copy(), picture.spike.copy()
    value[chance.integers(0, 48, 30), chance.integers(0, 200, 30)] = -500.0
    value[chance.integers(0, 48, 30), chance.integers(0, 200, 30)] = 500.0
    spike[chance.integers(0, 48, 20), chance.integers(0, 200, 20)] = 1
    made = sheet_of(replace(picture, value=value, spike=spike))
    alone = inks(rendered(made, 15_000, 190_000, rows, columns))
    monkeypatch.setattr(heatmap_image, "MANY", 0)
    assert np.array_equal(inks(rendered(made, 15_000, 190_000, rows, columns)), alone)
    assert {ink("under"), ink("over"), ink("text")} <= set(np.unique(alone).tolist())


def test_a_mark_takes_its_neighbours_and_leaves_the_rest(picture):
    value, state = picture.value.copy(), picture.state.copy()
    value[2, 2], state[0, 0] = -500.0, 0
    shown = inks(rendered(sheet_of(replace(picture, value=value, state=state)), 0, 200_000, 48, 200))
    assert (shown == ink("under")).sum() == 9
    assert (shown[1:4, 1:4] == ink("under")).all()
    assert shown[0, 0] in (ink("missing"), ink("missing_ink"))


@pytest.mark.parametrize("many", [0, 200_000])
def test_on_a_fine_screen_a_mark_is_as_large_as_on_a_coarse_one(picture, many, monkeypatch):
    """Three device pixels at 300 % were one pixel of what a person sees."""
    monkeypatch.setattr(heatmap_image, "MANY", many)
    value = picture.value.copy()
    value[20, 100] = -500.0
    shown = inks(rendered(sheet_of(replace(picture, value=value)), 0, 200_000, 3 * 48, 3 * 200, 3.0))
    tall, wide = (np.flatnonzero((shown == ink("under")).any(axis=axis)) for axis in (1, 0))
    assert (len(tall), len(wide)) == (9, 9)


@pytest.mark.parametrize(("rows", "columns"), [(20, 60), (7, 11), (1, 1)])
def test_no_mark_is_lost_where_buckets_share_pixels(picture, rows, columns):
    """An older picture stands in a wider view until the new one comes: most of its buckets then have no pixel of their own."""
    for row, bucket in ((0, 0), (13, 101), (47, 199)):
        value = picture.value.copy()
        value[row, bucket] = 500.0
        assert (inks(rendered(sheet_of(replace(picture, value=value)), 0, 200_000, rows, columns)) == ink("over")).any()


def test_a_mark_outside_the_view_is_not_drawn(picture):
    value = picture.value.copy()
    value[5, 150] = 500.0
    shown = inks(rendered(sheet_of(replace(picture, value=value)), 0, 100_000, 48, 200))
    assert (shown == ink("over")).sum() == 0


def test_an_empty_picture_is_one_pixel(picture):
    empty = replace(picture, value=np.empty((0, 0)))
    assert rendered(sheet_of(empty), 0, 1, 10, 10).width() == 1
