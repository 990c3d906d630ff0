"""workbench import."""

from builders.exports import Table


def test_import_lists_every_repair(run, project, tmp_path):
    path = Table().write(tmp_path / "april.csv", sign=-1)
    answer = run("import", project, path, "--window", "April", "--zone", "UTC", "--json")
    assert answer.code == 0
    assert (answer.json["name"], answer.json["cells"]) == ("April", 6)
    assert [r["rule"] for r in answer.json["repairs"]] == ["sign"]
    assert "April" in run("show", project, "windows").out


def test_a_broken_file_changes_nothing(run, project, tmp_path):
    (tmp_path / "a.csv").write_text("hello\nworld\n")
    before = run("show", project, "windows", "--json").json
    assert run("import", project, tmp_path / "a.csv").code == 3
    assert run("show", project, "windows", "--json").json == before


def test_a_project_in_use_is_said(run, project, tmp_path):
    from workbench.workflow.session import Session

    path = Table().write(tmp_path / "a.csv")
    with Session.open(project, author="Rob"):
        answer = run("import", project, path)
    assert answer.code == 4
    assert "open in another program" in answer.err


def test_counters_are_kept_beside_the_windows(run, project, tmp_path):
    (tmp_path / "c.csv").write_text("Mfg Data (ASCII): P-1,,\n<A>,,\n,< 0,>= 0,,TOTAL\n ,1,2,,3\n<B>,,\n,< 0,>= 0,,TOTAL\n ,1,2,,3\n")
    answer = run("import", project, tmp_path / "c.csv")
    assert answer.code == 0
    assert "kept beside the windows" in answer.out
    assert any(row["value"] == "P-1" for row in run("show", project, "counters", "--json").json)
