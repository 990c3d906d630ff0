"""Filter and order of tables."""

import pytest

from workbench.viewmodels.pictures import TableCell, TableColumn, TablePicture
from workbench.viewmodels.table_order import matching, ordered

TABLE = TablePicture(
    "t",
    (TableColumn("name", "Name"), TableColumn("value", "Value")),
    tuple((TableCell(n, s), TableCell(v)) for n, s, v in (("R02 weak", "bad", "1\u202f204"), ("R01 fine", "good", "−3.5"), ("R10 odd", "warning", "–"), ("R03 weak", "bad", "12.0"))),
    ("a", "b", "c", "d"),
)  # fmt: skip


def test_every_word_must_be_somewhere():
    assert matching(TABLE, "weak r03").keys == ("d",)
    assert matching(TABLE, "").keys == TABLE.keys
    assert matching(TABLE, "absent").rows == ()


@pytest.mark.parametrize(("descending", "keys"), [(False, ("b", "d", "a", "c")), (True, ("a", "d", "b", "c"))])
def test_figures_by_size_with_minus_and_thousands_and_nothing_last(descending, keys):
    assert ordered(TABLE, 1, descending=descending).keys == keys


def test_statuses_by_weight_then_words():
    assert ordered(TABLE, 0, descending=False).keys == ("a", "d", "c", "b")
