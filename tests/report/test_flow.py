"""Nothing a person wrote is lost on the way to paper."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.report import tokens as t
from workbench.report.flow import Col, Flow, Status, esc
from workbench.report.sheet import Sheet

RUNNING = {"left": "l", "right": "r", "foot": "f", "verify": "v", "code": "c", "pages": "1"}


def drawn(act, paper):
    t.register_fonts()
    buffer = io.BytesIO()
    sheet = Sheet(buffer, t.A4, RUNNING)
    act(Flow(sheet, "1", "Test", "lead"))
    sheet.canvas.showPage()
    sheet.canvas.save()
    return paper(buffer.getvalue())


@pytest.mark.parametrize("text", ["rack <b>17</b> & <img src='/etc/passwd'/>", "a < b > c", "<rack17>", "&amp; &lt;", "100 % ½ Ω µ − “q”"])
def test_markup_of_people_is_printed_not_obeyed(paper, text):
    assert text in drawn(lambda flow: flow.para(text), paper).text


def test_what_the_face_cannot_show_leaves_a_sign():
    t.register_fonts()
    shown = esc("cell \u4e2d\u6587 low")
    assert shown.startswith("cell ")
    assert shown.endswith(" low")
    assert len(shown) == len("cell xx low")


@settings(max_examples=20)
@given(st.lists(st.integers(1, 300), min_size=1, max_size=80))
def test_every_row_of_a_long_table_is_printed_once(paper, lengths):
    rows = [[f"row{i:03d}", " ".join(["word"] * n)] for i, n in enumerate(lengths)]

    def act(flow):
        flow.table((Col("Key", 60), Col("Words", 300)), rows, "table")

    text = drawn(act, paper).text
    for i in range(len(lengths)):
        assert text.count(f"row{i:03d}") == 1
    assert text.count("word") == sum(lengths)


def test_a_paragraph_longer_than_a_page_runs_on(paper):
    words = [f"w{i:05d}" for i in range(3000)]
    made = drawn(lambda flow: flow.para(" ".join(words)), paper)
    assert len(made.pages) > 1
    assert all(word in made.text for word in (words[0], words[1500], words[-1]))


def test_a_status_prints_its_word(paper):
    made = drawn(lambda flow: flow.table((Col("a", 100), Col("b", 100)), [["x", Status("degraded", "warning")]], "s"), paper)
    assert "degraded" in made.text


def test_a_long_digest_is_broken_not_cut(paper):
    digest = "ab12" * 16
    made = drawn(lambda flow: flow.table((Col("a", 60), Col("b", 60)), [["x", digest]], "s"), paper)
    assert digest in made.text.replace(" ", "")
