"""Tags in a cycle, runs of times and texts of numbers are what a look at every text would say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ingest import clock, even_long
from workbench.ingest.digit_fields import cut
from workbench.ingest.even_long import Cycle, NumberTexts

FORMAT = "%Y-%m-%d %H:%M:%S"


def block(rows):
    """A block of a long table."""
    found = cut("".join(f"{time},{tag},{value}\n" for time, tag, value in rows).encode(), ",", ("time", "tag", "value"))
    assert found.even is not None
    return found


def instants(tags, count, first=0):
    return [(f"2026-03-01 00:00:{first + i:02d}", tag, f"3.2{k:02d}") for i in range(count) for k, tag in enumerate(tags)]


@given(st.integers(1, 20), st.integers(1, 19), st.integers(0, 30), st.integers(1, 40))
def test_rows_that_go_on_as_the_cycle_does_have_its_numbers(width, size, begin, rows):
    tags = [f"{i:0{width}d}"[-width:] for i in range(min(size, 10**width))]
    numbers = np.arange(len(tags), dtype=np.int32)[::-1] + 5
    texts = [""] * 5 + tags[::-1]
    cycle = Cycle.of(texts, np.r_[numbers, numbers])
    assert cycle.tags == tuple(tags)
    told = [tags[(begin + i) % len(tags)] for i in range(rows)]
    found = cycle.followed(block([("2026-03-01 00:00:00", tag, "3.201") for tag in told]), "tag")
    assert [texts[number] for number in found.tolist()] == told


@pytest.mark.parametrize(
    "change", [lambda t: t[:3] + t[4:], lambda t: [*t[:3], t[3], *t[3:]], lambda t: [*t[:5], "C99", *t[6:]], lambda t: t[::-1]]
)
def test_rows_in_any_other_order_are_left_to_their_texts(change):
    tags = ["C01", "C02", "C03", "C04"]
    cycle = Cycle.of(tags, np.array([0, 1, 2, 3, 0]))
    told = change([*tags, *tags])
    assert cycle.followed(block([("2026-03-01 00:00:00", tag, "3.201") for tag in tags + tags]), "tag") is not None
    assert cycle.followed(block([("2026-03-01 00:00:00", tag, "3.201") for tag in told]), "tag") is None


@pytest.mark.parametrize("numbers", [[0, 1, 2], [0, 1, 1, 0], [0, -1, 0], [-1, -1], []])
def test_what_is_no_cycle(numbers):
    assert Cycle.of(["a", "b", "c"], np.array(numbers, np.int32)) is None


def test_tags_of_another_width_do_not_follow():
    cycle = Cycle.of(["C1", "C2"], np.array([0, 1, 0]))
    assert cycle.followed(block([("2026-03-01 00:00:00", "C01", "3.201")]), "tag") is None


def test_times_in_runs_and_row_by_row_are_what_their_texts_state():
    for tags in (["C01", "C02", "C03", "C04", "C05", "C06"], ["C01"]):
        made = block(instants(tags, 30))
        expected = clock.parsed(made["time"].cast("string"), FORMAT)
        assert np.array_equal(even_long.times(made, "time", FORMAT), expected)
        assert len(set(expected.tolist())) == 30


def test_a_time_that_cannot_be_read_is_marked_in_its_run():
    rows = instants([f"C{i:02d}" for i in range(8)], 3)
    rows[8:16] = [("2026-03-01 00:00:xx", *row[1:]) for row in rows[8:16]]
    told = even_long.times(block(rows), "time", FORMAT)
    assert (told == clock.UNREADABLE).tolist() == [False] * 8 + [True] * 8 + [False] * 8


def test_texts_of_numbers_in_order_of_appearance():
    texts, number_of = ["3.300", "x"], {"3.300": 0, "x": 1}
    of = NumberTexts(texts, number_of, ".")
    values = ["3.201", "3.199", "3.300", "3.201", "0.007"]
    found = of.of(block([("2026-03-01 00:00:00", "C1", value) for value in values]), "value")
    assert [texts[number] for number in found.tolist()] == values
    assert texts == ["3.300", "x", "3.201", "3.199", "0.007"]
    again = of.of(block([("2026-03-01 00:00:00", "C1", value) for value in ("32.01", "03.30")]), "value")
    assert [texts[number] for number in again.tolist()] == ["32.01", "03.30"]


@pytest.mark.parametrize("value", ["-3.20", "3.2e1", "12345678", "3,201"])
def test_values_that_are_not_short_plain_digits_are_left_to_their_texts(value):
    made = cut(f"2026-03-01 00:00:00|C1|{value}\n".encode(), "|", ("time", "tag", "value"))
    assert NumberTexts([], {}, ".").of(made, "value") is None
