"""Rows of a log in any order give the intervals that happened, and what is odd is counted, never made up."""

import random

from hypothesis import given
from hypothesis import strategies as st

from workbench.ingest.event_log import CLEARED, NO_END, NO_START, RAISED, UNCLOSED, Row, paired

KEYS = st.tuples(st.sampled_from(["R01", "R02", "site"]), st.sampled_from(["F1", "F2", "F3"]))


@st.composite
def truths(draw):
    """Alarms as they happened: (start, end, element, code); those of one element and code follow each other, others overlap freely."""
    instants = iter(draw(st.lists(st.integers(0, 10_000), unique=True, min_size=2, max_size=60).map(sorted)))
    pairs = list(zip(instants, instants, strict=False))
    free: dict[tuple[str, str], int] = {}
    made = []
    for start, end in pairs:
        end += draw(st.integers(0, 2000))
        key = draw(KEYS)
        if free.get(key, -1) < start:
            free[key] = end
            made.append((start, end, *key))
    return made


def as_rows(truth):
    rows = []
    for start, end, element, code in truth:
        rows += [Row(start, element, code, state=RAISED), Row(end, element, code, state=CLEARED)]
    return sorted(rows, key=lambda r: r.time_ns)


def told(made):
    return sorted((s.start_ns, s.end_ns, *s.row.key) for s in made.spans)


@given(truths())
def test_raised_and_cleared_give_what_happened(truth):
    made = paired(as_rows(truth))
    assert told(made) == sorted(truth)
    assert made.counts == type(made.counts)()
    assert [s.start_ns for s in made.spans] == sorted(s.start_ns for s in made.spans)


@given(truths(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(truth, chance):
    rows = as_rows(truth)
    if len({r.time_ns for r in rows}) < len(rows):
        return  # two rows of one instant have no order but that of the file
    chance.shuffle(rows)
    assert told(paired(rows)) == sorted(truth)


@given(truths())
def test_newest_first_is_the_same_log(truth):
    made = paired(as_rows(truth)[::-1])
    assert told(made) == sorted(truth)
    assert made.counts.unsorted == 0


@given(truths(), st.data())
def test_a_raise_without_a_clear_lasts_until_the_log_ends_and_says_so(truth, data):
    rows = as_rows(truth)
    last = max((r.time_ns for r in rows), default=0)
    lost = data.draw(st.sampled_from([r for r in rows if r.state == CLEARED] or [None]))
    kept = [r for r in rows if r is not lost]
    made = paired(kept)
    if lost is not None and not any(r.key == lost.key and r.state == RAISED and r.time_ns >= lost.time_ns for r in rows):
        (open_one,) = [s for s in made.spans if s.note == UNCLOSED]
        assert open_one.end_ns == max(r.time_ns for r in kept) <= last
        assert made.counts.unclosed == 1
    assert len(made.spans) >= len(truth) - 1


@given(truths(), st.data())
def test_a_clear_without_a_raise_is_an_instant_and_says_so(truth, data):
    rows = as_rows(truth)
    firsts = {}
    for row in rows:
        firsts.setdefault(row.key, row)
    lost = data.draw(st.sampled_from(list(firsts.values()) or [None]))
    made = paired([r for r in rows if r is not lost])
    if lost is not None:
        assert made.counts.cleared_only == 1
        (instant,) = [s for s in made.spans if s.note == NO_START]
        assert instant.start_ns == instant.end_ns
    assert len(made.spans) == len(truth)


@given(truths(), st.data())
def test_a_second_raise_changes_nothing(truth, data):
    rows = as_rows(truth)
    if not rows:
        return
    start, end, element, code = data.draw(st.sampled_from([t for t in truth if t[1] > t[0] + 1] or [None])) or (0, 0, "", "")
    if end:
        rows.append(Row(start + 1, element, code, state=RAISED))
        rows.sort(key=lambda r: r.time_ns)
        made = paired(rows)
        assert told(made) == sorted(truth)
        assert made.counts.raised_twice == 1


@given(truths(), st.randoms(use_true_random=False))
def test_rows_with_start_and_end_are_kept_as_they_are(truth, chance):
    rows = [Row(start, element, code, end_ns=end) for start, end, element, code in truth]
    chance.shuffle(rows)
    assert told(paired(rows)) == sorted(truth)


def test_a_row_that_ends_before_it_starts_is_counted_and_an_empty_end_is_open():
    made = paired([Row(10, "R01", "a", end_ns=5), Row(20, "R01", "b", end_ns=None), Row(30, "R01", "c", end_ns=40)])
    assert told(made) == [(20, 40, "R01", "b"), (30, 40, "R01", "c")]
    assert (made.counts.backwards, made.counts.unclosed) == (1, 1)


@given(st.lists(st.tuples(st.integers(0, 500), st.sampled_from(["R01", "R02"]), st.sampled_from(["7", "8"])), max_size=30))
def test_times_and_codes_alone_are_instants(rows):
    made = paired([Row(*row) for row in rows])
    assert told(made) == sorted((t, t, e, c) for t, e, c in rows)
    assert {s.note for s in made.spans} <= {NO_END}


def test_codes_with_a_code_of_silence_hold_until_the_next():
    rows = [Row(0, "R01", "0"), Row(5, "R01", "7"), Row(6, "R01", "7"), Row(8, "R02", "9"), Row(9, "R01", "8"), Row(12, "R01", "0")]
    made = paired(rows)
    assert told(made) == [(5, 9, "R01", "7"), (8, 12, "R02", "9"), (9, 12, "R01", "8")]
    assert made.counts.unclosed == 1


def test_an_empty_log_has_no_events():
    assert paired([]).spans == []


def test_shuffles_are_counted():
    rows = as_rows([(i * 10, i * 10 + 5, "R01", "F1") for i in range(20)])
    random.Random(1).shuffle(rows)
    assert paired(rows).counts.unsorted > 0
