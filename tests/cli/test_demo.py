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


def test_a_place_that_cannot_hold_a_folder_is_said_in_one_sentence(run, tmp_path):
    (tmp_path / "plain").write_text("a file")
    answer = run("demo", tmp_path / "plain")
    assert answer.code == 4
    assert answer.err.strip().endswith("plain cannot be made: Not a directory. Choose another place.")
