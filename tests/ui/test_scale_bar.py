"""The bar shows the classes of the picture it belongs to."""

import pytest

from workbench.jobs.progress import Progress
from workbench.ui.scale_bar import BeyondLine, ScaleBar
from workbench.ui.theme import colour
from workbench.viewmodels.colours import DIVERGING_PAPER


@pytest.fixture
def picture(session):
    return session.heatmap(session.views.full_request(session.window_id(), limit=30.0), Progress())


def test_every_class_has_its_colour_on_the_bar(picture, shown):
    bar = ScaleBar()
    bar.show_picture(picture)
    pixels = shown(bar, bar.width(), 500)
    column = {tuple(int(v) for v in pixels[y, 24]) for y in range(500)}
    wanted = {tuple(int(text[i : i + 2], 16) for i in (1, 3, 5)) for text in DIVERGING_PAPER}
    assert wanted <= column
    assert bar.accessibleDescription() == "-30 to 30 mV"


def test_counts_beyond_the_scale_are_said_in_words(picture, shown):
    line = BeyondLine()
    line.show_picture(picture, "limits locked")
    assert f"below −30\u202fmV: {picture.under_count:,} pixel".replace(",", "\u202f") in line.accessibleName()
    under = colour("under")
    assert (shown(line, 900, 26) == [under.red(), under.green(), under.blue()]).all(axis=-1).any()
