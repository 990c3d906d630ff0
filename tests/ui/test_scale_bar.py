"""The bar shows the classes of the picture it belongs to."""

import pytest
from PySide6.QtCore import Qt

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


def test_the_scale_is_moved_from_the_keyboard(picture, shown, qtbot, session):
    bar = ScaleBar()
    bar.show_picture(picture)
    shown(bar, bar.width(), 500)
    with qtbot.waitSignal(bar.limits_wanted) as wider:
        qtbot.keyClick(bar, Qt.Key.Key_Up)
    assert wider.args == [-32.5, 32.5]
    with qtbot.waitSignal(bar.limits_wanted) as narrower:
        qtbot.keyClick(bar, Qt.Key.Key_Down)
    assert narrower.args == [-27.5, 27.5]
    with qtbot.waitSignal(bar.reset_wanted):
        qtbot.keyClick(bar, Qt.Key.Key_Home)
    raw = session.heatmap(session.views.full_request(session.window_id(), quantity="raw", limits=(3.0, 3.6)), Progress())
    bar.show_picture(raw)
    with qtbot.waitSignal(bar.limits_wanted) as lower:
        qtbot.keyClick(bar, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert lower.args == pytest.approx([2.95, 3.6])


def test_words_have_no_ends_to_move(shown, qtbot, session):
    bar = ScaleBar()
    bar.show_picture(session.heatmap(session.views.full_request(session.window_id(), quantity="known:capacity"), Progress()))
    shown(bar, bar.width(), 300)
    moved = []
    bar.limits_wanted.connect(lambda *ends: moved.append(ends))
    qtbot.keyClick(bar, Qt.Key.Key_Up)
    assert moved == []
