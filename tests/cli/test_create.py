"""workbench create."""

from workbench.workflow.scope_file import EXAMPLE


def test_create_says_where_and_what_is_missing(run, tmp_path):
    (tmp_path / "s.toml").write_text('client = "A"\nmandate = "valuation"\nquestion = "?"\n')
    answer = run("create", tmp_path / "p", "--scope", tmp_path / "s.toml", "--json")
    assert answer.code == 0
    assert answer.json == {"project": str(tmp_path / "p.bessreview"), "missing": ["asset", "boundary", "materiality", "firm"]}


def test_never_over_something(run, tmp_path):
    (tmp_path / "s.toml").write_text(EXAMPLE)
    assert run("create", tmp_path / "p", "--scope", tmp_path / "s.toml").code == 0
    answer = run("create", tmp_path / "p", "--scope", tmp_path / "s.toml")
    assert answer.code == 4
    assert "exists already" in answer.err


def test_a_read_only_place_is_one_sentence(run, tmp_path):
    (tmp_path / "s.toml").write_text(EXAMPLE)
    answer = run("create", "/proc/p", "--scope", tmp_path / "s.toml")
    assert answer.code == 4
    assert answer.err.count("\n") == 1
