"""Ten thousand marks: the index answers what plain search answers, and at once."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.viewmodels.marks import Mark, MarkIndex, marks_of

span = st.tuples(st.integers(0, 1000), st.integers(1, 400))


@given(st.lists(span, max_size=300), span)
def test_the_index_finds_exactly_the_marks_that_touch_the_view(spans, view):
    marks = [Mark(str(i), "R01", 1, 1, start, start + length) for i, (start, length) in enumerate(spans)]
    start, end = view[0], view[0] + view[1]
    found = {m.key for m in MarkIndex(marks).between(start, end)}
    assert found == {m.key for m in marks if m.start_ns < end and m.end_ns > start}


def test_one_long_mark_is_found_far_from_its_start_and_few_are_looked_at():
    marks = [Mark("long", "R01", 1, 1, 0, 10**9), *(Mark(str(i), "R01", 1, 1, i * 100, i * 100 + 50) for i in range(10_000))]
    index = MarkIndex(marks)
    began = time.perf_counter()
    for _ in range(100):
        found = index.between(900_000, 900_200)
    assert time.perf_counter() - began < 0.5
    assert {m.key for m in found} == {"long", "9000", "9001"}


def test_findings_carry_their_number_candidates_do_not(session):
    study = session.study(session.window_id())
    index = marks_of(session.window_id(), (), study.candidates)
    assert [m.label for m in index.marks] == ["", ""]
    assert {m.rack for m in index.marks} == {"R01", "R02"}
    assert len(marks_of("another window", (), ())) == 0


@pytest.mark.parametrize("marks", [(), (Mark("a", "R01", 1, 1, 5, 6),)])
def test_small_indexes(marks):
    assert [m.key for m in MarkIndex(marks).between(0, 10)] == [m.key for m in marks]
