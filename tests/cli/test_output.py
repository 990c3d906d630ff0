"""Tables and JSON on the terminal."""

import json

from workbench.cli.output import Output, author
from workbench.viewmodels.pictures import TableCell, TableColumn, TablePicture

TABLE = TablePicture(
    "t", (TableColumn("a", "Name"), TableColumn("b", "Size", "mV", "r")), ((TableCell("x" * 200, "bad"), TableCell("3")),), ("k",), "a note"
)


def test_a_table_for_people_cuts_long_texts_and_says_status(capsys):
    Output(as_json=False).table(TABLE)
    lines = capsys.readouterr().out.splitlines()
    assert "Size [mV]" in lines[0]
    assert lines[2].startswith("!! xxx")
    assert "…" in lines[2]
    assert lines[-1] == "a note"


def test_json_is_the_only_output_and_knows_no_nan(capsys):
    out = Output(as_json=True)
    out.say("hello")
    out.table(TABLE)
    out.result({"value": float("nan"), "list": [1.5, float("inf")]})
    assert json.loads(capsys.readouterr().out) == {"value": None, "list": [1.5, None]}


def test_nothing_is_drawn_where_nobody_looks(capsys):
    Output(as_json=False).progress().stage("reading")
    assert capsys.readouterr().err == ""


def test_the_author_is_stated_or_the_account(monkeypatch):
    monkeypatch.setenv("WORKBENCH_AUTHOR", "Rita")
    assert author() == "Rita"
    monkeypatch.delenv("WORKBENCH_AUTHOR")
    assert author()
