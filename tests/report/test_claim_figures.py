"""Claims, waterfall and map on paper."""

import io
import re

import pikepdf
import pytest
from builders.claims import MAP, REFUSED, WATERFALL, card

from workbench.report import claim_figures, tokens
from workbench.report.sheet import Sheet

RUNNING = {"left": "", "right": "", "foot": "", "verify": "", "code": "", "pages": "1"}


@pytest.fixture
def drawn():
    def draw(what, *picture):
        tokens.register_fonts()
        buffer = io.BytesIO()
        sheet = Sheet(buffer, tokens.A4, RUNNING)
        sheet.new_page()
        with sheet.figure("x", 60, 100, 380, 200):
            what(sheet, *picture, 60, 100, 380, 200)
        sheet.canvas.showPage()
        sheet.canvas.save()
        with pikepdf.open(io.BytesIO(buffer.getvalue())) as pdf:
            return b"".join(
                pikepdf.Page(page).Contents.read_bytes()
                if not isinstance(page.Contents, pikepdf.Array)
                else b"".join(c.read_bytes() for c in page.Contents)
                for page in pdf.pages
            )

    return draw


def fills(content, colour):
    r, g, b = (round(v, 6) for v in (colour.red, colour.green, colour.blue))
    numbers = [tuple(float(v) for v in m) for m in re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) rg", content)]
    return sum(abs(a - r) + abs(c - g) + abs(d - b) < 1e-4 for a, c, d in numbers)


def test_evidence_is_drawn_against_the_claim_and_a_refusal_is_hatched(drawn):
    both = drawn(claim_figures.claims, (card(), REFUSED))
    alone = drawn(claim_figures.claims, (REFUSED,))
    assert fills(both, tokens.ACCENT) > fills(alone, tokens.ACCENT)


def test_the_waterfall_shows_every_bar(drawn):
    content = drawn(claim_figures.waterfall, WATERFALL)
    assert fills(content, tokens.ACCENT) >= 1
    assert claim_figures.waterfall_height(WATERFALL) == 24 * 5 + 16


def test_the_map_has_a_strip_per_rack(drawn):
    content = drawn(claim_figures.identifiability, MAP)
    assert fills(content, tokens.ACCENT) >= 2
    assert fills(content, tokens.ACCENT_SOFT) >= 2
