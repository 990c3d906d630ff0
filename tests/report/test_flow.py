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


def _kinds(element):
    yield element.kind, element.attributes.get("scope")
    for kid in element.kids:
        if not isinstance(kid, tuple):
            yield from _kinds(kid)


def test_a_table_without_heads_draws_none_and_its_first_column_names_the_rows():
    t.register_fonts()
    sheet = Sheet(io.BytesIO(), t.A4, RUNNING)
    flow = Flow(sheet, "1", "Test", "lead")
    flow.table((Col("", 60), Col("", 300)), [["Severity", "major"], ["Where", "R01"]], "facts")
    kinds = list(_kinds(sheet.root))
    assert kinds.count(("TH", "Row")) == 2
    assert ("TH", "Column") not in kinds
    assert kinds.count(("TD", None)) == 2


def test_a_heading_keeps_its_distance_from_what_stands_above_it(paper):
    def y_of(act):
        t.register_fonts()
        flow = Flow(Sheet(io.BytesIO(), t.A4, RUNNING), "1", "Test", "lead")
        act(flow)
        before = flow.y
        flow.heading("Head")
        return flow.y - before

    assert y_of(lambda flow: flow.para("words")) == pytest.approx(y_of(lambda flow: None) + t.LINE / 2)


def test_a_numbered_list_is_one_and_no_item_is_lost(paper):
    t.register_fonts()
    sheet = Sheet(io.BytesIO(), t.A4, RUNNING)
    Flow(sheet, "1", "Test", "lead").items([f"item{k} <b>" for k in range(90)])
    kinds = [kind for kind, _ in _kinds(sheet.root)]
    assert (kinds.count("L"), kinds.count("LI"), kinds.count("Lbl"), kinds.count("LBody")) == (1, 90, 90, 90)
    words = drawn(lambda flow: flow.items([f"item{k} <b>" for k in range(90)]), paper).text.split()
    assert [word for word in words if word.startswith("item")] == [f"item{k}" for k in range(90)]
    assert words.count("<b>") + words.count("b") == 90, "markup of people is printed"


def test_the_bounds_of_an_interval_are_not_parted():
    t.register_fonts()
    sheet = Sheet(io.BytesIO(), t.A4, RUNNING)
    together, _ = sheet.paragraph(esc("0.06 [0.04, 0.08] %"), t.TABLE, 62)
    lines = [" ".join(line[1]) for line in together.blPara.lines]
    assert lines == ["0.06", "[0.04,\u00a00.08]\u00a0%"]
