"""What the reviewer marked, and where one sample strays, reaches the recipient of the PDF."""

import numpy as np
import pytest
from report.test_figures import heat

from workbench.report.overlay import Frame, Overlay, _flag, _rows_of, arrow_head, place_of
from workbench.report.pdf import single
from workbench.review.finding import Pointer
from workbench.viewmodels.marks import Mark
from workbench.viewmodels.pictures import RackRows, TracesPicture

ACCENT, BAD, WARNING, INK = (0x2B, 0x3B, 0x8F), (0xA0, 0x20, 0x17), (0x7F, 0x52, 0x00), (0x15, 0x19, 0x1E)


def pixels_of(image, colour, near=24):
    return int((np.abs(image.astype(int) - list(reversed(colour))).max(axis=-1) < near).sum())


def quiet(contents, spike=None):
    made = heat(contents, np.full((48, 400), -1.0))
    if spike is not None:
        made.spike[spike] = 1
    return made


def pointer(contents, kind, first, last, low, high, text=""):
    start, end = contents.window.start_ns, contents.window.end_ns
    return Pointer(kind, int(start + first * (end - start)), int(start + last * (end - start)), low, high, text)


@pytest.mark.parametrize("kind", ["box", "arrow"])
def test_a_box_or_an_arrow_is_drawn_where_the_reviewer_drew_it(contents, paper, kind):
    bare = paper(single(quiet(contents))).pixels()
    one = pointer(contents, kind, 0.25, 0.5, 4.0, 9.0, "falls behind")
    made = paper(single(quiet(contents), Overlay(pointers=(one,))))
    assert pixels_of(made.pixels(), ACCENT) - pixels_of(bare, ACCENT) > 40
    assert "falls behind" in made.text
    changed = np.argwhere((made.pixels().astype(int) != bare.astype(int)).any(axis=-1))
    width = bare.shape[1]
    assert changed[:, 1].min() > 0.2 * width, "nothing left of where it was drawn"
    assert changed[:, 1].max() < 0.62 * width, "nothing right of it"


def test_pointers_of_traces_stand_in_the_first_panel(contents, paper):
    picture = next(p for pictures in contents.evidence.values() for p in pictures if isinstance(p, TracesPicture))
    line = picture.panels[0].lines[0]
    low, high = float(np.nanmin(line.low)), float(np.nanmax(line.high))
    marked = Pointer("box", picture.start_ns, picture.end_ns, low, high, "all of it")
    made = paper(single(picture, Overlay(pointers=(marked,))))
    assert "all of it" in made.text
    assert pixels_of(made.pixels(), ACCENT) > pixels_of(paper(single(picture)).pixels(), ACCENT)


def test_findings_stand_in_the_map_with_number_and_colour_of_their_severity(contents, paper):
    start, end = contents.window.start_ns, contents.window.end_ns
    racks = [r.id for r in contents.window.plant.racks]
    marks = (
        Mark("F-01", racks[0], 5, 5, start, end, "F-01", "bad"),
        Mark("F-02", racks[0], 5, 6, start, end, "F-02", "warning"),
        Mark("F-03", "elsewhere", 5, 6, start, end, "F-03", "bad"),
    )
    bare, made = paper(single(quiet(contents))).pixels(), paper(single(quiet(contents), Overlay(marks=marks)))
    for colour in (BAD, WARNING):
        assert pixels_of(made.pixels(), colour) > pixels_of(bare, colour) + 40
    assert made.text.index("F-01") < made.text.index("F-02")
    assert "F-03" not in made.text


def test_a_one_sample_excursion_has_a_ring_on_paper_and_is_counted(contents, paper):
    """One cell, one sample, within the scale: without its ring it would be one pale pixel of the neutral class."""
    bare = paper(single(quiet(contents)))
    made = paper(single(quiet(contents, (20, 200))))
    ringed = np.argwhere((made.pixels().astype(int) != bare.pixels().astype(int)).any(axis=-1))
    scale = made.pixels().shape[1] / 595.0
    middle = ringed[(np.abs(ringed[:, 1] / scale - ringed[:, 1].mean() / scale) < 400)]
    assert len(middle) > 8
    assert pixels_of(made.pixels(), INK, 90) > pixels_of(bare.pixels(), INK, 90)
    assert "one-sample excursions: 1" in made.text
    assert "one-sample excursions: 0" in bare.text


def test_rows_of_a_finding_where_several_cells_share_a_row():
    rack = RackRows("R01", "R01", 10, 4, (1, 4, 7, 10))
    assert _rows_of(rack, Mark("x", "R01", 5, 8, 0, 1)) == (11, 13)
    assert _rows_of(rack, Mark("x", "R01", 1, 1000, 0, 1)) == (10, 14)


def test_a_cell_has_the_same_place_as_in_the_window(contents):
    picture = quiet(contents)
    x, y = place_of(picture, Frame(100.0, 50.0, 200.0, 480.0), int(picture.edges_ns[0]), 1)
    assert (x, y) == (100.0, 55.0)  # the middle of the first of 48 rows


def test_the_head_of_an_arrow_ends_at_its_tip():
    tip, *sides = arrow_head((0.0, 0.0), (10.0, 0.0))
    assert tip == (10.0, 0.0)
    assert all(x < 10.0 for x, _ in sides)


def test_words_of_marks_move_apart_and_stay_inside():
    class Paper:
        boxes = []

        def rect(self, x, y, w, h, **_):
            self.boxes.append((x, y, w, h))

        def text(self, *_, **__):
            pass

    from workbench.report import tokens

    tokens.register_fonts()
    taken = []
    for _ in range(2):
        _flag(Paper(), "F-01", 20.0, 40.0, tokens.INK, Frame(0.0, 0.0, 100.0, 100.0), taken)
    (one, *_), (two, *_) = taken
    assert two > one
    assert all(0 <= x and x + w <= 100 for x, _, w, _ in Paper.boxes)
