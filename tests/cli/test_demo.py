"""workbench demo."""

from builders.site import SPEC

from workbench.workflow import demo


def test_demo_prints_the_paths_and_what_it_found(run, tmp_path, monkeypatch):
    whole = demo.run
    monkeypatch.setattr(demo, "run", lambda folder, progress, say: whole(folder, progress, say, SPEC))
    answer = run("demo", tmp_path / "d")
    assert answer.code == 0, answer.out
    assert "planted weak-cell       R01 C005   found, F-01" in answer.out
    assert f"report           {tmp_path / 'd'}" in answer.out
    assert "verification     valid" in answer.out
    again = run("demo", tmp_path / "d")
    assert again.code == 4
    assert "not empty" in again.err
