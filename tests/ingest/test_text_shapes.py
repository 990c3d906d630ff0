"""One door for all shapes of text: which reader a file gets, and that a continuation finds its header."""

import pytest

from workbench.errors import IngestError
from workbench.ingest import text_shapes
from workbench.ingest.csv_source import Member, Rejected

ROWS = "".join(f"2026-03-16 08:00:{i:02d},{3300 + i},{3301 + i}\n" for i in range(9))


def member(tmp_path, text, name="a.csv"):
    (tmp_path / name).write_text(text)
    return Member(tmp_path / name)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("Time,V1,V2\n" + ROWS, "plain"), ("Time,V1,V2\n" + ROWS + "Time,V1,V2,V3\n2026-03-16 09:00:00,1,2,3\n", "changing"),
        ('Time,V\n2026-03-16 08:00:00,"1;2;3"\n2026-03-16 08:00:10,"1;2;3"\n', "listed"),
        ("2026-03-16 08:00:00\nx>bat 1\nBattery  Volt\n0  3300\n1  3301\n\n", "console"),
    ],
)  # fmt: skip
def test_the_shape_is_told_from_the_text(tmp_path, text, shape):
    form = text_shapes.layout(member(tmp_path, text))
    assert form.shape == shape
    (first, *_) = text_shapes.blocks(member(tmp_path, text), form, Rejected())
    assert tuple(first) == form.header


def test_a_continuation_takes_the_header_of_the_nearest_neighbour_of_its_width(tmp_path):
    forms = [text_shapes.layout(member(tmp_path, f"Time,{names}\n" + ROWS, f"{names[0]}.csv")) for names in ("A1,A2", "B1,B2")]
    narrow = text_shapes.layout(member(tmp_path, "Time,V1\n2026-03-16 08:00:00,1\n2026-03-16 08:00:10,2\n", "n.csv"))
    assert text_shapes.layout(member(tmp_path, ROWS, "c.csv"), [*forms, narrow]).header == ("Time", "B1", "B2")
    with pytest.raises(IngestError, match="header is expected"):
        text_shapes.layout(member(tmp_path, ROWS, "c.csv"), [narrow])
