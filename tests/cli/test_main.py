"""The border: every failure is one sentence and an exit code."""

import pytest

from workbench import __version__
from workbench.cli import create
from workbench.workflow.verbs import VERBS


def test_overview_names_every_verb(run):
    answer = run("--help")
    assert answer.code == 0
    assert all(f"\n  {name}" in answer.out for name in VERBS)
    assert run("--version").out.strip() == f"workbench {__version__}"


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_explains_itself_with_an_example(run, verb):
    answer = run(verb, "--help")
    assert answer.code == 0
    assert VERBS[verb].summary in " ".join(answer.out.split())
    assert f"workbench {verb}" in answer.out
    assert "example" in answer.out


def test_an_unknown_option_is_a_usage_error(run):
    assert run("show", "--colour").code == 2
    assert run("--colour").code == 2


def test_a_failure_is_one_sentence_and_json_when_asked(run, tmp_path):
    answer = run("show", tmp_path / "none.bessreview", "cells")
    assert answer.code == 4
    assert answer.err.count("\n") == 1
    assert "Traceback" not in answer.err
    answer = run("show", tmp_path / "none.bessreview", "cells", "--json")
    assert answer.json["error"] == "not-a-project"


def test_stopping_is_no_failure(run, monkeypatch, tmp_path):
    def stopped(given, out):
        raise KeyboardInterrupt

    monkeypatch.setattr(create, "run", stopped)
    answer = run("create", tmp_path / "a", "--scope", "x")
    assert (answer.code, answer.err) == (130, "Stopped; nothing half done was kept.\n")


def test_a_fault_of_the_program_says_so(run, monkeypatch, tmp_path):
    monkeypatch.setattr(create, "run", lambda given, out: 1 / 0)
    answer = run("create", tmp_path / "a", "--scope", "x")
    assert answer.code == 70
    assert "fault of the workbench" in answer.err


def test_a_word_that_is_neither_command_nor_project_opens_nothing(run, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    answer = run("shw")
    assert answer.code == 2
    assert answer.err == "There is no command 'shw'. See `workbench --help`.\n"
