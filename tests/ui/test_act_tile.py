"""Large buttons of the start page."""

import numpy as np

from workbench.ui.act_tile import TALL, ActTile


def test_a_tile_shows_both_lines_and_can_be_pressed(shown, qtbot):
    tile = ActTile("Open", "a folder", "folder-open")
    image = shown(tile, 320, TALL)
    assert (np.ptp(image[8:28, 54:160].astype(int), axis=(0, 1)) > 60).all(), "what it does"
    assert (np.ptp(image[30:50, 54:160].astype(int), axis=(0, 1)) > 40).all(), "what that means"
    assert (tile.accessibleName(), tile.accessibleDescription()) == ("Open", "a folder")
    with qtbot.waitSignal(tile.clicked):
        tile.click()


def test_the_chief_tile_differs(shown):
    plain, chief = (shown(ActTile("Open", "a folder", "plus", chief=chief), 320, TALL) for chief in (False, True))
    assert (plain[TALL // 2, 200] != chief[TALL // 2, 200]).any()


def test_the_key_follows_what_a_person_chose(shown):
    tile = ActTile("Open", "a folder", "plus")
    tile.show_key("Ctrl+O")
    with_key = shown(tile, 320, TALL)
    tile.show_key("")
    without = shown(tile, 320, TALL)
    assert (with_key[:, 270:] != without[:, 270:]).any()
    assert (with_key[:, :200] == without[:, :200]).all()
