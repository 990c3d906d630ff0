"""The truth suite on the command line: one line per trial, a table of accuracy, a negative answer where something was missed."""


def test_it_says_what_was_found_and_how_exact_estimates_are(run):
    answer = run("truth", "weak-cell", "--days", "6", "--seeds", "2", "--json")
    assert [t["seed"] for t in answer.json["trials"]] == [1, 2]
    assert all(t["planted"][0]["named"] for t in answer.json["trials"])
    assert answer.json["right"] == all(t["right"] for t in answer.json["trials"])
    assert answer.code == (0 if answer.json["right"] else 1)
    assert answer.json["accuracy"][0]["unit"] == "Ah"


def test_people_get_a_line_per_trial(run):
    answer = run("truth", "healthy", "--days", "5", "--first-seed", "4")
    assert any(line.split()[:2] == ["healthy", "4"] for line in answer.out.splitlines())
    assert ("1 of 1 trials right" in answer.out) == (answer.code == 0)
    assert "rack capacity" in answer.out


def test_what_is_missed_is_a_negative_answer(run):
    assert run("truth", "hot-joint", "--days", "1").code == 1, "one day is too short"


def test_an_unknown_scenario_is_a_usage_error(run):
    answer = run("truth", "nonsense")
    assert answer.code == 2
    assert "weak-cell" in answer.err


def test_a_scenario_becomes_a_project_that_can_be_studied_and_shown(run, tmp_path):
    folder = str(tmp_path / "leak.bessreview")
    made = run("truth", "leak", "--first-seed", "3", "--project", folder, "--json")
    assert made.code == 0
    assert made.json["planted"][0]["what"] == "leaking cell"
    assert len(made.json["truth"]["R02"]["leak_a"]) == 24
    assert run("study", folder).code == 0
    shown = run("show", folder, "cells", "--json")
    assert shown.code == 0
    assert shown.json


def test_a_project_holds_one_scenario(run, tmp_path):
    assert run("truth", "--project", str(tmp_path / "p.bessreview")).code == 2
    assert run("truth", "nonsense", "--project", str(tmp_path / "p.bessreview")).code == 2
