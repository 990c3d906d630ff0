"""Lists in one field: how they are cut, named, and what a list of another length means."""

import pytest

from workbench.ingest import csv_source, listed_cells, text_shapes
from workbench.ingest.csv_source import Member, Rejected


@pytest.mark.parametrize("text", ["[3.1, 3.2, 3.3]", "3.1;3.2;3.3", "(3.1 3.2 3.3)", "3.1|3.2|3.3", "['3.1','3.2','3.3']"])
def test_every_way_of_writing_a_list(text):
    assert listed_cells.cut(text) == ["3.1", "3.2", "3.3"]


def written(tmp_path, head, fields):
    path = tmp_path / "a.csv"
    path.write_text(head + "\n" + "\n".join(f"2026-03-16 08:00:{i:02d},{field}" for i, field in enumerate(fields)) + "\n")
    return Member(path)


def test_names_are_invented_by_what_the_list_holds(tmp_path):
    member = written(tmp_path, "Time,Cells,Temps", ['"[3300,3301,3302]","20;21;22"'] * 6)
    form = text_shapes.layout(member)
    assert form.header == ("Time", "C1", "C2", "C3", "T1", "T2", "T3")
    assert [rule for rule, _ in form.notes] == ["listed-cells", "listed-cells"]


def test_names_that_the_header_lists_are_kept(tmp_path):
    member = written(tmp_path, 'Time,"[V1,V2,V3]"', ['"[3300,3301,3302]"'] * 6)
    assert text_shapes.layout(member).header == ("Time", "V1", "V2", "V3")


def test_a_list_of_another_length_is_not_spread_over_the_cells(tmp_path):
    member = written(tmp_path, "Time,Cells", ['"[3300,3301,3302]"'] * 8 + ['"[3300,3302]"'])
    rejected = Rejected()
    (block,) = text_shapes.blocks(member, text_shapes.layout(member), rejected)
    assert block["C1"].to_pylist() == ["3300"] * 8 + [""]
    assert rejected.odd["list-length"] == 1


def test_times_and_plain_fields_are_no_lists(tmp_path):
    form = csv_source.layout(written(tmp_path, "Time,V1", ["3300"] * 6))
    assert listed_cells.spread(form) is None
