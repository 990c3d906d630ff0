"""A column that makes its texts when asked says what a list of them said, and its numbers are those of the texts, to the last bit."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.ingest import csv_source, sample_columns
from workbench.ingest.csv_source import Member, Rejected
from workbench.ingest.values import exact

FIELD = st.one_of(
    st.integers(-99_999, 99_999).map(lambda v: f"{v / 1000:.3f}"),
    st.integers(0, 9_999_999).map(str),
    st.sampled_from(["", "0", "-0.1", "1e3", "n/a", "3.30000000007", " 3.3", "007", "5.", ".5"]),
)


def number(text):
    value = exact(text.strip())
    return float(value) if value is not None else np.nan


def read(path, most):
    form = csv_source.layout(Member(path))
    blocks = list(csv_source.blocks(Member(path), form, Rejected(), sample_columns.wanted(form)))
    return blocks, sample_columns.columns(form, blocks, most)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(*[FIELD] * 6), min_size=2, max_size=40), most=st.integers(1, 50), quoted=st.booleans())
def test_texts_and_numbers_are_those_of_the_rows(tmp_path, rows, most, quoted):
    lines = [f"2026-03-02 08:00:{i:02d},{','.join(row)}" for i, row in enumerate([("3.300",) * 6, *rows])]
    (tmp_path / "a.csv").write_text("time,a,b,c,d,e,f\n" + "\n".join(lines) + ('\n"x",,,,,,\n' if quoted else "\n"))
    blocks, columns = read(tmp_path / "a.csv", most)
    for name in "abcdef":
        listed = [text for block in blocks for text in csv_source.texts(block[name])][:most]
        column = columns[name]
        assert (len(column), list(column), column[:3], column[-1:], column[0]) == (len(listed), listed, listed[:3], listed[-1:], listed[0])
        assert column[::-1] == listed[::-1]
        told = sample_columns.numbers(column, number, comma=False)
        assert np.array_equal(told, np.array([number(text) for text in listed]), equal_nan=True)
        assert np.array_equal(told, sample_columns.numbers(listed, number, comma=False), equal_nan=True)


def test_neighbours_written_alike_are_wanted_together(tmp_path):
    (tmp_path / "a.csv").write_text("t,v1,v2,v3,v4,temp,v5\n" + "2026-03-02 08:00:00,3.300,3.301,3.302,3.303,25.1,3.304\n" * 3)
    form = csv_source.layout(Member(tmp_path / "a.csv"))
    assert sorted(sample_columns.wanted(form).numeric) == [("t",), ("temp",), ("v1", "v2", "v3", "v4"), ("v5",)]
    assert sample_columns.wanted(replace(form, sample=())) is sample_columns.NOTHING_WANTED


def test_a_comma_asked_of_points_is_told_from_the_texts(tmp_path):
    (tmp_path / "a.csv").write_text("t,a\n" + "2026-03-02 08:00:00,1.234\n" * 3)
    _, columns = read(tmp_path / "a.csv", 10)

    def thousands(text):
        return float(exact(text, comma=True))

    assert sample_columns.numbers(columns["a"], thousands, comma=True).tolist() == [1234.0] * 3
    with pytest.raises(IndexError):
        columns["a"][3]
