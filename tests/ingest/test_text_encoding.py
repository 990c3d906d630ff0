"""Bytes of any encoding become text; what is no text is named, replaced and counted."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ingest.text_encoding import FOREIGN, Misfit, Utf8, foreign, recognised

GERMAN, CHINESE = "Zeit;Größe;Übertemperatur °C\n", "时间,电压,备注\n2026-03-02,3300,正常运行\n"


@pytest.mark.parametrize(("mark", "what"), FOREIGN)
def test_other_files_are_named_by_their_first_bytes(mark, what):
    assert foreign(mark + b" and more of it\n" * 9) == what


@pytest.mark.parametrize("head", [b'{"a": 1}', b'[\n  {"a": 1}\n]'])
def test_json_however_it_is_laid_out(head):
    assert foreign(head) == "JSON"


def test_a_workbook_is_told_from_another_archive():
    assert "Excel" in foreign(b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml")


@pytest.mark.parametrize("head", [b"Time,V1\n", b"[Time],V1\n", b"PKW;V1\n", b"\xef\xbb\xbfTime,V1\n", "Time,V1\n".encode("utf-16"), b""])
def test_what_could_be_a_table_is_let_through(head):
    assert foreign(head) == ""


def test_bytes_of_nothing_known_are_binary():
    assert foreign(bytes(range(1, 255)) + bytes(9)) == "binary data"


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b"Time,V1\n", "utf-8"), (GERMAN.encode(), "utf-8"), (GERMAN.encode("utf-16"), "utf-16"), (b"\xfe\xff" + GERMAN.encode("utf-16-be"), "utf-16"),
        (GERMAN.encode("latin-1"), "latin-1"), (CHINESE.encode(), "utf-8"), (CHINESE.encode("gb18030"), "gb18030"), (b"", "utf-8"),
    ],
)  # fmt: skip
def test_encodings(head, encoding):
    assert recognised(head) == encoding


def test_a_header_in_one_encoding_above_rows_in_another_keeps_its_own():
    assert recognised(GERMAN.encode() + "süß\n".encode("latin-1")) == "utf-8"
    assert recognised("süß\n".encode("latin-1") * 3 + GERMAN.encode()) == "latin-1"


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffd"), max_size=200)


@given(TEXTS, st.sampled_from(["utf-8", "utf-16", "gb18030", "latin-1"]), st.integers(1, 40))
def test_text_is_the_same_in_whatever_pieces_it_is_read(text, encoding, size):
    text = text.encode(encoding, "ignore").decode(encoding)
    data, misfit, pieces = text.encode(encoding), Misfit(), []
    file = Utf8(io.BytesIO(data), encoding, misfit)
    while piece := file.read(size):
        assert len(piece) <= size
        pieces.append(piece)
    assert b"".join(pieces).decode() == text
    assert (misfit.bytes_read, misfit.count) == (len(data), 0)


@pytest.mark.parametrize(
    ("data", "encoding", "count", "first"),
    [
        (b"a,b\n\xff,2\n3,\xe9\n", "utf-8", 2, 4), ("süß,\ufffd".encode(), "utf-8", 0, 0), ("ab".encode("utf-16-le") + b"\0", "utf-16-le", 1, 4),
        ("电,".encode("gb18030") + b"\xff,1", "gb18030", 1, 3), (b"\xff\x81", "latin-1", 0, 0),
    ],
)  # fmt: skip
def test_bytes_that_are_no_text_are_replaced_and_counted(data, encoding, count, first):
    misfit = Misfit()
    text = Utf8(io.BytesIO(data), encoding, misfit).read().decode()
    assert (misfit.count, misfit.first) == (count, first)
    assert ("\ufffd" in text) == (count > 0 or "\ufffd".encode() in data)
