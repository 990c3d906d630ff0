"""workbench check."""


def test_check_shows_the_posture(run, project):
    answer = run("check", project, "--json")
    assert answer.code == 0
    assert {"DQ01", "DQ06", "CX06"} <= {row["id"] for row in answer.json}
    assert "degraded" in run("check", project).out


def test_check_says_what_it_means_for_each_estimator(run, project):
    shown = run("check", project).out
    assert "rack capacity" in shown
    assert "no energy meter in the export" in shown
    rows = run("check", project, "--json").json
    assert {
        "estimator": "round-trip efficiency",
        "effect": "weakened",
        "why": "no energy meter in the export: at the rack terminals only",
    } in next(r for r in rows if r["id"] == "DQ20")["effects"]
