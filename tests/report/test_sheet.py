"""Everything drawn is either content with a tag or decoration."""

import io

import pytest

from workbench.report import tokens as t
from workbench.report.sheet import Sheet

RUNNING = {"left": "l", "right": "r", "foot": "f", "verify": "v", "code": "c", "pages": "1"}


@pytest.fixture
def sheet():
    t.register_fonts()
    made = Sheet(io.BytesIO(), t.A4, RUNNING)
    made.new_page("Test")
    return made


def test_tags_nest_once_and_leave_the_stack_balanced(sheet):
    with sheet.group("Table"), sheet.group("TR"), sheet.tag("TD") as cell:
        with sheet.tag("P") as inner:
            assert inner is None, "inside a leaf nothing is tagged again"
        sheet.text(10, 10, "x", t.BODY)
    assert cell.kids == [(sheet.page - 1, len(sheet.marks[sheet.page - 1]) - 1)]
    assert sheet.stack == [sheet.root]
    assert sheet.inside is False


def test_columns_stand_inside_the_content(sheet):
    assert sheet.x(0) == sheet.left
    assert sheet.x(11) + sheet.span(1) == pytest.approx(sheet.left + sheet.span(12))


def test_text_says_how_wide_it_is(sheet):
    assert sheet.text(10, 10, "mm", t.BODY) > sheet.text(10, 10, "m", t.BODY) > 0
