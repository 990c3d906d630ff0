"""Are the shipped fonts and icons whole, and do they hold every character we print?"""

import xml.etree.ElementTree as ET

import pytest
from architecture.rules import ROOT
from reportlab.pdfbase.ttfonts import TTFontFile

FONTS = ROOT / "resources/fonts"
SANS = ("Light", "Regular", "Italic", "Medium", "SemiBold")
MONO = ("Regular", "Medium")
DIGITS_AND_SIGNS = "0123456789.,:;+−–—±≤≥°µ%×·→²³ \u202f\u00a0"
GREEK_AND_UNITS = "ΔσΩμαβ"


def glyphs(file):
    return TTFontFile(FONTS / f"{file}.ttf").charToGlyph


@pytest.mark.parametrize("weight", SANS)
def test_sans_has_every_sign(weight):
    held = glyphs(f"IBMPlexSans-{weight}")
    assert [sign for sign in DIGITS_AND_SIGNS + GREEK_AND_UNITS if ord(sign) not in held] == []


@pytest.mark.parametrize("weight", MONO)
def test_mono_has_digits_and_signs(weight):
    held = glyphs(f"IBMPlexMono-{weight}")
    assert [sign for sign in DIGITS_AND_SIGNS if ord(sign) not in held] == []


def test_licences_travel_with_the_files():
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text().upper()
    assert "ISC" in (ROOT / "resources/icons/LICENSE").read_text()
    assert "Apache License" in (ROOT / "LICENSE").read_text()


def test_every_icon_is_a_drawing_that_can_be_recoloured():
    icons = sorted((ROOT / "resources/icons").glob("*.svg"))
    assert len(icons) > 40
    for icon in icons:
        assert ET.parse(icon).getroot().tag.endswith("svg"), icon.name
        assert "currentColor" in icon.read_text(), icon.name
