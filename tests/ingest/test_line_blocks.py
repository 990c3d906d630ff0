"""Whatever the size of reads, every line comes once and in order; what cannot be told by line feeds is handed on whole."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ingest import line_blocks
from workbench.ingest.line_blocks import Lines, Rest, whole_lines

TEXT = st.text(alphabet='ab,"\r\n', max_size=60).map(str.encode)


def read(data, skip, block):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line_blocks, "BLOCK_BYTES", block)
        return list(whole_lines(io.BytesIO(data), skip))


@given(TEXT, st.integers(1, 70))
def test_nothing_is_lost_or_told_twice(data, block):
    pieces = read(data, 0, block)
    whole = b"".join(piece.data if isinstance(piece, Lines) else piece.stream.read() for piece in pieces)
    assert whole in (data, data + b"\n")
    lines = 0
    for piece in pieces:
        assert piece.before == lines
        if isinstance(piece, Lines):
            assert piece.data.endswith(b"\n")
            assert b'"' not in piece.data
            lines += piece.data.count(b"\n")
    assert all(isinstance(piece, Lines) for piece in pieces[:-1])


def test_skipped_lines_count_as_before():
    one, two = read(b'"name","x"\n1,2\n3,4', 1, 64)
    assert (one.data, one.before, two.data, two.before) == (b"1,2\n", 1, b"3,4\n", 2)


def test_a_header_whose_quote_goes_on_is_left_to_the_general_reader():
    (piece,) = read(b'"na\nme",x\n1,2\n', 1, 64)
    assert isinstance(piece, Rest)
    assert piece.stream.read() == b'"na\nme",x\n1,2\n'


def test_a_line_without_end_is_not_collected_for_ever(monkeypatch):
    monkeypatch.setattr(line_blocks, "MOST_BYTES", 100)
    first, rest = read(b"a,b\n" + b"x" * 1000, 0, 50)
    assert first.data == b"a,b\n"
    assert isinstance(rest, Rest)
    assert rest.stream.readable()
    assert rest.stream.read(10) + rest.stream.read() == b"x" * 1000
