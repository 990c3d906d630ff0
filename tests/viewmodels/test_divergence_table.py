"""The twin of the rack plot says what the plot shows."""

import numpy as np

from workbench.viewmodels.divergence_table import divergence_table, reading_limit
from workbench.viewmodels.pictures import Caption, DivergencePicture, Line, RackRow

DAY_NS = 86_400 * 10**9


def row(rack, last, slope):
    return RackRow(rack, rack, (), last, last + 1, slope, slope - 0.5, slope + 0.5, None, "C003", 1.25, "in band", "good")


def picture():
    time_ns = np.arange(4, dtype=np.int64) * DAY_NS
    lines = tuple(Line(name, time_ns, v, v, v, "quiet") for name, v in (("R01", np.arange(4.0)), ("R02", np.arange(4.0) * 10)))
    caption = Caption("Spread", "spread", "mV", "one per period", "window", "root", "UTC")
    return DivergencePicture(caption, lines, None, None, "", (row("R01", 3.0, 1.0), row("R02", 30.0, np.nan)), 5.0, 0.0)


def test_each_rack_has_a_row_with_when_it_first_stood_above_the_limit():
    table = divergence_table(picture(), 15.0)
    texts = {key: [cell.text for cell in cells] for key, cells in zip(table.keys, table.rows, strict=True)}
    at = [column.key for column in table.columns].index("above")
    assert (texts["R01"][at], texts["R02"][at]) == ("never", "3 Jan 1970")
    assert table.columns[at].title.startswith("First above 15")
    slope = [column.key for column in table.columns].index("slope")
    assert (texts["R01"][slope], texts["R02"][slope]) == ("+1.0 [0.5, 1.5]", "not established")
    unlimited = divergence_table(picture(), None)
    assert [cells[at].text for cells in unlimited.rows] == ["no limit", "no limit"]


def test_the_proposed_limit_is_half_as_much_again_as_the_middle_rack_and_never_none():
    made = picture()
    assert reading_limit(made) == 45.0
    low = DivergencePicture(made.caption, made.lines, None, None, "", (row("R01", 0.5, 0.0),), 5.0, 0.0)
    assert reading_limit(low) == 5.0
