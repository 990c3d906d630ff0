"""Traces in figures."""

import numpy as np

from workbench.viewmodels.pictures import Caption, Line, TracePanel, TracesPicture
from workbench.viewmodels.traces_table import MOST_ROWS, traces_table

CAPTION = Caption("t", "voltage", "V", "", "w", "root", "UTC")


def picture(n):
    t = np.arange(n, dtype=np.int64) * 10**9
    v = np.linspace(3, 4, n)
    slow = Line("current", t[::10] + 5, *(3 * (np.arange(len(t[::10]), dtype=float),)))
    return TracesPicture(
        CAPTION, (TracePanel("Cell voltage", "V", (Line("C001", t, v - 0.1, v, v + 0.1),)), TracePanel("Current", "A", (slow,))), 0, n
    )


def test_extremes_stand_beside_each_other_and_slow_signals_are_held():
    made = traces_table(picture(30))
    assert [c.text for c in made.rows[0]][1:] == ["2.900", "3.100", "–", "–"]
    assert [c.text for c in made.rows[15]][3:] == ["1.0", "1.0"]


def test_long_traces_are_thinned_and_say_so():
    made = traces_table(picture(10_000))
    assert len(made.rows) <= MOST_ROWS
    assert "every 5th" in made.note


def test_nothing_drawn_is_an_empty_table():
    assert traces_table(TracesPicture(CAPTION, (), 0, 1)).rows == ()
