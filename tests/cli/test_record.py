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
