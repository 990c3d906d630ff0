"""Type and grid of the page."""

from reportlab.pdfbase import pdfmetrics

from workbench.report import tokens as t


def test_every_face_is_shipped_and_registered_once_or_twice():
    t.register_fonts()
    t.register_fonts()
    assert set(t.FONT_FILES) <= set(pdfmetrics.getRegisteredFontNames())


def test_the_grid_fits_the_page():
    assert 12 * t.COLUMN + 11 * t.GUTTER <= t.CONTENT + 0.01
    assert t.CONTENT < t.A4[0]
