"""Tables on screen."""

import pytest
from PySide6.QtCore import Qt

from workbench.ui.table import PictureTable, shared_widths
from workbench.viewmodels.pictures import TableCell, TableColumn, TablePicture

COLUMNS = (TableColumn("name", "Name"), TableColumn("size", "Size", "degC", "r"), TableColumn("spark", "Course"))
TABLE = TablePicture(
    "t", COLUMNS, tuple((TableCell(f"cell {i}", "bad"), TableCell(str(i)), TableCell("")) for i in range(5)), tuple("abcde")
)


@pytest.fixture
def table(shown):
    made = PictureTable("Cells")
    made.show_table(TABLE, {"spark": tuple((1.0, 2.0, float(i)) for i in range(5))})
    shown(made, 500, 200)
    return made


def test_heads_carry_units_and_cells_their_texts(table):
    model = table.model()
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Size, °C"
    assert model.data(model.index(2, 0)) == "cell 2"
    assert (model.rowCount(), model.columnCount()) == (5, 3)


def test_the_chosen_row_is_told_by_key_and_survives_new_contents(table, qtbot):
    with qtbot.waitSignal(table.chosen) as caught:
        table.choose("c")
    assert caught.args == ["c"]
    table.show_table(TABLE)
    assert table.current_key() == "c"
    table.show_table(TablePicture("t", COLUMNS, TABLE.rows[:1], ("z",)))
    assert table.current_key() in ("", "z")


def test_enter_opens(table, qtbot):
    table.choose("b")
    with qtbot.waitSignal(table.opened) as caught:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert caught.args == ["b"]


def test_wrapped_rows_are_as_tall_as_their_words(shown):
    made = PictureTable("Checks", wrap=True)
    long = TablePicture("t", COLUMNS[:1], ((TableCell("word " * 80),), (TableCell("short"),)), ("a", "b"))
    made.show_table(long)
    shown(made, 300, 200)
    assert made.rowHeight(0) > 2 * made.rowHeight(1)


def test_an_unknown_key_changes_nothing(table):
    table.choose("d")
    table.choose("zz")
    assert table.current_key() == "d"


def wide_table():
    heads = tuple(TableColumn(str(i), f"Column {i}") for i in range(6))
    return TablePicture("t", heads, (tuple(TableCell("not established (gain undeclared)") for _ in heads),), ("a",))


def test_no_column_is_squeezed_to_nothing_the_table_scrolls_instead(shown):
    from workbench.ui.table import PictureTable

    table = PictureTable("t")
    table.show_table(wide_table())
    shown(table, 500, 120)
    assert min(table.columnWidth(i) for i in range(6)) > 150
    assert table.horizontalScrollBar().maximum() > 0


def test_wrapped_columns_share_the_room(shown):
    from workbench.ui.table import PictureTable

    table = PictureTable("t", wrap=True)
    table.show_table(wide_table())
    shown(table, 500, 200)
    assert sum(table.columnWidth(i) for i in range(6)) <= 500
    assert table.rowHeight(0) > 40


def test_the_table_is_copied_with_its_head(shown):
    from workbench.ui.table import PictureTable

    table = PictureTable("t")
    table.show_table(wide_table())
    head, line = table.copied().splitlines()
    assert head.split("\t")[1] == "Column 1"
    assert line.count("\t") == 5


def test_figures_take_the_same_air_and_sentences_take_all_of_it(shown):
    def widths(text):
        view = PictureTable("x")
        shown(view, 900, 200)
        heads = (TableColumn("a", "A"), TableColumn("b", "B"), TableColumn("c", "C"))
        view.show_table(TablePicture("x", heads, (tuple(TableCell(t) for t in ("12.5", text, "7")),), ("k",)))
        return [view.columnWidth(i) for i in range(3)]

    figures, words = widths("100.84"), widths("a sentence that goes on and on until it is longer than any figure would be")
    assert max(figures[:-1]) < 200, "no gap opens in the middle"
    assert sum(words) >= 890
    assert words[1] > 600


def test_columns_that_were_cut_share_what_is_left(shown):
    view, long = PictureTable("x"), "a sentence that goes on and on " * 6
    shown(view, 1300, 200)
    heads = (TableColumn("a", "A"), TableColumn("b", "B"))
    view.show_table(TablePicture("x", heads, ((TableCell(long), TableCell(long)),), ("k",)))
    assert 1200 <= view.columnWidth(0) + view.columnWidth(1) <= 1300


def test_lines_drawn_in_rows_go_with_their_rows(table):
    table.sort_by(1)
    table.sort_by(1)
    assert table.table.keys == tuple("edcba")
    assert [line[-1] for line in table.model().sparks["spark"]] == [4.0, 3.0, 2.0, 1.0, 0.0]
    table.sort_by(1)
    assert table.table.keys == tuple("abcde")
    assert [line[-1] for line in table.model().sparks["spark"]] == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_the_row_under_the_pointer_is_told_and_a_lit_row_is_seen(table, shown, qtbot):
    plain = shown(table, 500, 200)
    table.light("d")
    lit = shown(table, 500, 200)
    changed = (plain != lit).any(axis=(1, 2)).nonzero()[0]
    top = table.horizontalHeader().height() + table.rowViewportPosition(3)
    assert top - 2 <= changed.min() <= changed.max() <= top + table.rowHeight(3) + 2
    table.light("")
    assert (shown(table, 500, 200) == plain).all()
    told = []
    table.pointed.connect(told.append)
    table.entered.emit(table.model().index(2, 0))
    assert told == ["c"]


@pytest.mark.parametrize("room", [300, 501, 777])
def test_columns_of_wrapped_text_end_where_the_table_ends(room):
    """Each width was cut to whole pixels: the head ended up to a pixel per column before the rows did."""
    assert sum(shared_widths([40.7, 80.9, 33.6, 120.4, 61.2], room)) == room
    assert shared_widths([], room) == []
