"""workbench check."""


def test_check_shows_the_posture(run, project):
    answer = run("check", project, "--json")
    assert answer.code == 0
    assert {"DQ01", "DQ06", "CX06"} <= {row["id"] for row in answer.json}
    assert "degraded" in run("check", project).out
