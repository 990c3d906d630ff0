"""workbench record."""


def test_record_and_undo(run, recorded):
    assert [f["id"] for f in run("show", recorded, "findings", "--json").json] == ["F-01", "F-02"]
    assert run("record", recorded, "--undo").out == "taken back: lock scope\n"
    assert run("show", recorded, "journal", "--json").json[0]["act"] == "undo"


def test_nothing_to_record_is_said(run, project):
    assert run("record", project).code == 2


def test_an_unknown_candidate(run, project):
    answer = run("record", project, "--candidate", "x")
    assert answer.code == 1
    assert "no candidate x" in answer.err


def test_a_design_record_is_journalled_shown_and_taken_back(run, project, tmp_path):
    (tmp_path / "d.toml").write_text('n_series = 16\nsource = "drawing 7"\n')
    assert run("record", project, "design", tmp_path / "d.toml").out == "design record set\n"
    rows = {row["what"]: row for row in run("show", project, "design", "--json").json}
    assert (rows["Cells in series in a rack"]["value"], rows["Cells in series in a rack"]["source"]) == ("16", "drawing 7")
    assert run("show", project, "journal", "--json").json[0]["act"] == "set design record"
    assert run("record", project, "--undo").out == "taken back: set design record\n"


def test_a_design_record_that_is_none(run, project, tmp_path):
    (tmp_path / "d.toml").write_text("n_series = 0\n")
    answer = run("record", project, "design", tmp_path / "d.toml")
    assert "n_series" in answer.err
    assert answer.code != 0
    assert run("record", project, "design").code == 2
    assert run("record", project, "scope", "x").code == 2


def test_how_sure_somebody_is_from_the_command_line(run, recorded):
    assert run("record", recorded, "--finding", "F-02", "--confidence", "low").out == "F-02 severity " + (
        run("show", recorded, "findings", "--json").json[1]["severity"] + ", confidence low\n"
    )
    assert {f["id"]: f["confidence"] for f in run("show", recorded, "findings", "--json").json} == {"F-01": "high", "F-02": "low"}
    assert run("record", recorded, "--finding", "F-02").code == 2
