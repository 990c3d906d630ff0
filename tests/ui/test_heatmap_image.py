"""One value per device pixel; a single bad sample is always seen."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.jobs.progress import Progress
from workbench.ui.heatmap_image import grown, rendered
from workbench.ui.theme import colour
from workbench.viewmodels.colours import HATCH, UNDER, classify


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
    shown = inks(rendered(one, classify(one), 0, 200_000, rows, columns)) == ink("under")
    assert shown.sum() >= 4
    ys, xs = np.nonzero(shown)
    assert row / 48 * rows - 3 <= ys.mean() <= (row + 1) / 48 * rows + 3
    assert bucket / 200 * columns - 3 <= xs.mean() <= (bucket + 1) / 200 * columns + 3


def test_an_excursion_has_a_ring_and_keeps_its_own_colour(picture):
    picture.spike[20, 100] = 1
    seen = inks(rendered(picture, classify(picture), 0, 200_000, 48, 200))
    ring = seen[19:22, 99:102] == ink("text")
    assert ring.sum() == 8
    assert not ring[1, 1]
    assert (seen == ink("text")).sum() == 8


def test_outside_the_data_is_hatched(picture):
    shown = inks(rendered(picture, classify(picture), -100_000, 300_000, 100, 400))
    assert set(np.unique(shown[:, :99])) == {ink("missing"), ink("missing_ink")}
    assert ink("missing") not in np.unique(shown[:, 101:299])


def test_growing_keeps_other_marks_and_does_nothing_without_one():
    classes = np.full((5, 5), 12, np.uint8)
    assert grown(classes, UNDER) is classes
    classes[2, 2] = UNDER
    classes[0, 0] = HATCH
    big = grown(classes, UNDER)
    assert (big == UNDER).sum() == 9
    assert big[0, 0] == HATCH


def test_an_empty_picture_is_one_pixel(picture):
    empty = replace(picture, value=np.empty((0, 0)))
    assert rendered(empty, np.empty((0, 0), np.uint8), 0, 1, 10, 10).width() == 1
