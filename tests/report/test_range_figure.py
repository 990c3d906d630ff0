"""Usable energy beside claim and rating."""

import io
import math
from dataclasses import replace

import pypdfium2
import pytest
from builders.claims import MAP, WATERFALL, card

from workbench.report import range_figure, tokens
from workbench.report.sheet import Sheet
from workbench.viewmodels.claim_pictures import ClaimsPicture

RUNNING = {"left": "", "right": "", "foot": "", "verify": "", "code": "", "pages": "1"}


def claims(*cards, waterfall=WATERFALL):
    return ClaimsPicture("", "bad", "", cards, waterfall, MAP)


def energy_card(**changed):
    return replace(card(2), claimed=5.0, unit="MWh", **changed)


def text_of(shown):
    tokens.register_fonts()
    buffer = io.BytesIO()
    sheet = Sheet(buffer, tokens.A4, RUNNING)
    sheet.new_page()
    with sheet.figure(range_figure.alt(shown), 60, 100, 490, 80):
        range_figure.draw(sheet, shown, 60, 100, 490)
    sheet.canvas.showPage()
    sheet.canvas.save()
    page = pypdfium2.PdfDocument(buffer.getvalue())[0].get_textpage()
    right = max(page.get_charbox(k)[2] for k in range(page.count_chars()))
    return " ".join(page.get_text_range().split()), right


def test_claim_evidence_and_rating_are_said_with_their_figures():
    shown = range_figure.energy_range(claims(energy_card()), ("C2",))
    words, right = text_of(shown)
    assert "claim above evidence by 0.33 [0.15, 0.51]" in words
    assert "4.67 [4.49, 4.85] MWh usable today" in words
    assert right <= 551, "nothing leaves the figure"
    assert shown.contradicted
    said = range_figure.alt(shown)
    assert "claimed 5.00" in said
    assert "rated 5.02" in said


def test_a_claim_in_kilowatt_hours_stands_on_the_same_scale():
    assert range_figure.energy_range(claims(replace(energy_card(), claimed=5000.0, unit="kWh")), ("C2",)).claimed == pytest.approx(5.0)


def test_a_claim_of_something_else_is_not_taken_for_energy():
    shown = range_figure.energy_range(claims(energy_card()), ("C9",))
    assert math.isnan(shown.claimed)
    assert "no claim of usable energy" in text_of(shown)[0]


def test_without_usable_energy_there_is_no_figure():
    refused = replace(WATERFALL, bars=(*WATERFALL.bars[:-1], replace(WATERFALL.bars[-1], kind="unknown")))
    assert range_figure.energy_range(claims(energy_card(), waterfall=refused), ("C2",)) is None
    assert range_figure.energy_range(None, ()) is None


def test_what_balancing_returns_is_hatched_where_it_reaches_beyond_the_interval():
    far = replace(WATERFALL.bars[2], top=4.78, bottom=4.40)
    bars = (*WATERFALL.bars[:2], far, *WATERFALL.bars[3:])
    shown = range_figure.energy_range(claims(energy_card(), waterfall=replace(WATERFALL, bars=bars)), ("C2",))
    assert shown.recoverable == pytest.approx(0.38)
    tokens.register_fonts()
    made = []
    for one in (shown, replace(shown, recoverable=0.0)):
        buffer = io.BytesIO()
        sheet = Sheet(buffer, tokens.A4, RUNNING)
        sheet.new_page()
        range_figure.draw(sheet, one, 60, 100, 490)
        made.append(len(sheet.canvas._code))
    assert made[0] > made[1] + 10, "a hatch is many lines"
