"""Figures show what the picture holds, down to one sample."""

import io
from dataclasses import replace

import numpy as np
import pypdfium2
import pytest

from workbench.report import figures
from workbench.report import tokens as t
from workbench.report.pdf import single
from workbench.report.sheet import Sheet
from workbench.viewmodels.heatmap import Extremes, heatmap_picture
from workbench.viewmodels.pictures import DivergencePicture, TracesPicture
from workbench.viewmodels.requests import HeatmapRequest

UNDER = (0x0B, 0x06, 0x14)


def heat(contents, low):
    window = contents.window
    rows = [(rack.id, cell.index) for rack in window.plant.racks for cell in rack.cells]
    given = Extremes(
        rows,
        low,
        np.full(low.shape, 1.0),
        np.zeros(low.shape),
        np.ones(low.shape, np.int64),
        np.linspace(window.start_ns, window.end_ns, low.shape[1] + 1).astype(np.int64),
        1.0,
        60.0,
        True,
    )
    return heatmap_picture(HeatmapRequest(window_id=window.id, start_ns=0, end_ns=1), window, "ab" * 32, given, {})


def dark_pixels(image):
    red, green, blue = UNDER
    return int((np.abs(image.astype(int) - [blue, green, red]).max(axis=-1) < 30).sum())


def test_one_sample_beyond_the_scale_survives_printing(contents, paper):
    low = np.full((48, 1200), -1.0)
    clean = dark_pixels(paper(single(heat(contents, low))).pixels())
    low[20, 600] = -500.0
    marked = dark_pixels(paper(single(heat(contents, low))).pixels())
    assert marked - clean >= 6


def test_counts_beyond_the_scale_are_printed(contents, paper):
    low = np.full((48, 300), -1.0)
    low[:, 5] = -500.0
    text = paper(single(heat(contents, low))).text
    assert "48" in text
    assert "R03" in text


@pytest.mark.parametrize("which", ["coverage", "divergence", "heatmap"])
def test_each_kind_of_figure_names_its_window_and_reduction(contents, paper, which):
    made = paper(single(getattr(contents, which)))
    assert "March" in made.text
    assert (made.pixels(scale=1.0) < 250).sum() > 500, "something is drawn"


def test_traces_name_their_cells(contents, paper):
    picture = next(p for pictures in contents.evidence.values() for p in pictures if isinstance(p, TracesPicture))
    assert "C005" in paper(single(picture)).text


def test_racks_stand_at_their_lines(contents, paper):
    assert isinstance(contents.divergence, DivergencePicture)
    assert "R01" in paper(single(contents.divergence)).text


def letters(pdf, page=0):
    """Every character of a page with its box: left, bottom, right, top."""
    text = pypdfium2.PdfDocument(pdf)[page].get_textpage()
    return [(text.get_text_range(k, 1), text.get_charbox(k)) for k in range(text.count_chars())]


def test_the_words_below_a_map_stay_inside_it(contents):
    picture = contents.heatmap
    wide = replace(picture, limit_low=-1090.0, limit_high=1090.0, under_count=123_456, over_count=123_456, missing_share=0.0004)
    sheet = Sheet(io.BytesIO(), t.A4, {"left": "", "right": "", "foot": "", "verify": "", "code": "", "pages": "1"})
    sheet.new_page()
    figures.heatmap(sheet, wide, 150, 100, 371, 250)
    sheet.canvas.showPage()
    sheet.canvas.save()
    made = [
        box
        for letter, box in letters(sheet.canvas._filename.getvalue())
        if letter.strip() and box[3] > 841.89 - 360 and box[1] < 841.89 - 330
    ]
    assert made
    assert max(box[2] for box in made) <= 150 + 371 + 0.5
    assert min(box[0] for box in made) >= 150 - 0.5


def test_the_name_of_a_cell_stands_where_its_line_ends(contents):
    picture = next(p for pictures in contents.evidence.values() for p in pictures if isinstance(p, TracesPicture))
    panel = picture.panels[0]
    line = panel.lines[0]

    def height(last):
        values = [np.r_[v[:-1], last] for v in (line.low, line.mid, line.high)]
        ended = replace(panel, lines=(replace(line, low=values[0], mid=values[1], high=values[2]), *panel.lines[1:]))
        made = letters(single(replace(picture, panels=(ended, *picture.panels[1:]))))
        name = line.name.split(" · ")[-1]
        words = "".join(letter for letter, _ in made)
        return made[words.rindex(name)][1][1]

    low, high = float(np.nanmin(panel.band.low)), float(np.nanmax(panel.band.high))
    assert height(high) - height(low) > 40
