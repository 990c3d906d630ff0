"""Colours by meaning, in both themes, readable."""

import pytest

from workbench.ui import theme


def luminance(colour):
    parts = [c / 255 for c in (colour.red(), colour.green(), colour.blue())]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, two):
    high, low = sorted((luminance(theme.colour(one)), luminance(theme.colour(two))), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(params=["light", "dark"])
def either(request, qapp):
    theme.use(qapp, request.param)
    yield request.param
    theme.use(qapp, "light")


def test_words_can_be_read_on_every_ground(either):
    assert theme.is_night() == (either == "dark")
    for ground in ("surface", "chrome", "raised"):
        assert contrast("text", ground) >= 7
        for ink in ("muted", "accent", "good", "warning", "bad"):
            assert contrast(ink, ground) >= 4.5, (ink, ground)
    for status in ("good", "warning", "bad", "accent"):
        assert contrast(status, f"{status}_soft") >= 4.5


def test_both_themes_know_the_same_tokens():
    assert set(theme.TOKENS["light"]) == set(theme.TOKENS["dark"])


def test_the_shipped_face_is_used(qapp):
    from PySide6.QtGui import QFontInfo

    assert QFontInfo(theme.font()).family() == theme.FAMILY
    assert theme.font("title").pixelSize() > theme.font("caption").pixelSize()


def test_icons_take_their_ink(qapp):
    image = theme.icon_pixmap("flag", "bad", 16).toImage()
    inks = {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y).alpha() == 255
    }
    assert theme.colour("bad").name() in inks


def test_the_hatch_is_no_map_colour():
    from workbench.viewmodels.colours import DIVERGING_NIGHT, DIVERGING_PAPER, SEQUENTIAL

    assert theme.colour("missing").name().upper() not in {*DIVERGING_PAPER, *DIVERGING_NIGHT, *SEQUENTIAL}
    assert theme.hatch().texture().width() == 6
