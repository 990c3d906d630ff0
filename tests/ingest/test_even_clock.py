"""A plain clock told from its digits is the clock that its texts state, or none."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ingest import clock, even_clock
from workbench.ingest.digit_fields import cut

PLAIN = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%Y%m%d%H%M%S")


def block(texts):
    """One column of times beside one of numbers."""
    return cut("".join(f"{text},3.201\n" for text in texts).encode(), ",", ("t", "a"))


@given(st.lists(st.datetimes(), min_size=1, max_size=8), st.sampled_from(PLAIN))
def test_it_says_what_the_reader_of_texts_says_or_nothing(times, time_format):
    texts = [f"{t.year:04d}".join(t.strftime(time_format.replace("%Y", "\0")).split("\0")) for t in times]
    told = even_clock.parsed(block(texts), "t", time_format)
    slow = clock.parsed(pa.array(texts), time_format)
    assert (told is not None) == (slow != clock.UNREADABLE).all()
    if told is not None:
        assert np.array_equal(told, slow)


@pytest.mark.parametrize(
    "text",
    ["2026-02-29 08:00:00", "2026-04-31 08:00:00", "2026-03-01 24:00:00", "2026-03-01 08:60:00", "2026-03-01 08:00:60", "2026-13-01 08:00:00",
     "2026-00-01 08:00:00", "2026-03-00 08:00:00", "2026-03-01T08:00:00", "2026-03-01 8:00:00 ", "1970-01-01 00:00:00", "2026-03-0x 08:00:00"],
)  # fmt: skip
def test_a_row_that_is_no_plain_instant_leaves_the_block_to_the_texts(text):
    good = "2026-03-01 08:00:00"
    assert even_clock.parsed(block([good, good]), "t", PLAIN[0]) is not None
    assert even_clock.parsed(block([good, text]), "t", PLAIN[0]) is None


def test_the_last_day_of_february_in_a_leap_year():
    assert even_clock.parsed(block(["2028-02-29 23:59:59"]), "t", PLAIN[0]).tolist() == [1_835_481_599_000_000_000]


@pytest.mark.parametrize("time_format", ["%d.%m.%y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", clock.EPOCH_S, clock.ELAPSED])
def test_formats_that_need_their_texts(time_format):
    assert even_clock.parsed(block(["01.03.26 08:00:00"]), "t", time_format) is None


def test_a_block_of_another_reader():
    assert even_clock.parsed({"t": pa.array(["2026-03-01 08:00:00"]).dictionary_encode()}, "t", PLAIN[0]) is None
