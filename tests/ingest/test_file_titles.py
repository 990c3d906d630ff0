"""A column that says nothing is named after a file that says it; otherwise nothing is touched."""

from pathlib import Path

import pytest

from workbench.ingest import sources
from workbench.ingest.csv_source import Member
from workbench.ingest.file_titles import named

ROWS = "".join(f"2026-03-16 08:00:{i:02d},{3300 + i}\n" for i in range(20))


def header(path: Path, name: str, head: str):
    (path / name).write_text(f"{head}\n{ROWS}")
    return sources.layout(Member(path / name))


@pytest.mark.parametrize(
    ("name", "head", "becomes"),
    [
        ("V_017.csv", "time,value", "V_017"),
        ("Zelle 17.csv", "Zeit,Wert", "Zelle 17"),
        ("R03_CellV017_mV.csv", "time,value", "R03_CellV017_mV"),
        ("V_017_2026-03-16.csv", "time,value", "V_017"),
        ("V_017_20260316_part2.csv", "time,value", "V_017"),
        ("Current_A.csv", "time,value", "Current_A"),
        ("V_017.csv", "time,value [mV]", "V_017 [mV]"),
    ],
)
def test_the_file_names_its_series(tmp_path, name, head, becomes):
    form = header(tmp_path, name, head)
    assert form.header[1] == becomes
    assert any(rule == "column-named" and becomes in words for rule, words in form.notes)


@pytest.mark.parametrize(("name", "head"), [("V_017.csv", "time,V3"), ("export.csv", "time,value"), ("V_017.csv", "time,Current_A")])
def test_what_says_something_keeps_its_name(tmp_path, name, head):
    form = header(tmp_path, name, head)
    assert form.header == tuple(head.split(","))
    assert named(Member(tmp_path / name), form) is form
