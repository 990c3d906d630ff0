"""workbench study."""


def test_study_says_what_stands_out(run, project):
    answer = run("study", project)
    assert answer.code == 0
    for head in ("POSTURE", "RACKS", "BANKS", "CANDIDATES"):
        assert head in answer.out
    assert "limits its rack when discharging" in answer.out
    shown = run("study", project, "--json").json
    assert {c["rack"] for c in shown["candidates"]} == {"R01", "R02"}


def test_without_a_window(run, tmp_path):
    (tmp_path / "s.toml").write_text('client = "A"\nmandate = "valuation"\nquestion = "?"\n')
    run("create", tmp_path / "p", "--scope", tmp_path / "s.toml")
    answer = run("study", tmp_path / "p.bessreview")
    assert answer.code == 4
    assert "workbench import" in answer.err
