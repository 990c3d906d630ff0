"""workbench inspect."""

from builders.exports import Table


def test_inspect_writes_nothing_but_the_mapping_it_was_asked_for(run, tmp_path):
    path = Table().write(tmp_path / "a.csv")
    answer = run("inspect", path, "--save", tmp_path / "m.json")
    assert answer.code == 0
    assert "UTC (assumed, not in file)" in answer.out
    assert "CellV001_mV" in answer.out
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "m.json"]


def test_bad_input_is_code_three(run, tmp_path):
    (tmp_path / "a.csv").write_bytes(b"")
    answer = run("inspect", tmp_path / "a.csv")
    assert (answer.code, answer.err) == (3, "a.csv is empty. Ask for the file again.\n")


def test_a_zone_that_does_not_exist(run, tmp_path):
    answer = run("inspect", Table().write(tmp_path / "a.csv"), "--zone", "Mars/Base")
    assert answer.code == 3
    assert "no time zone Mars/Base" in answer.err


def test_rows_stand_twice_and_the_steps_behind_a_sign_are_told(run, tmp_path):
    answer = run("inspect", Table().write(tmp_path / "a.csv", sign=-1))
    lines = [line.split() for line in answer.out.splitlines()]
    assert sum(line[:1] == ["file"] for line in lines) == sum(line[:1] == ["read"] for line in lines) == 4
    assert "sign of Current_A: The cell voltage falls when this column rises" in answer.out
    shown = run("inspect", tmp_path / "a.csv", "--json").json
    assert shown["sign_proofs"][0]["source"] == "Current_A"
    assert shown["rows"][0][:2] == ["", "Time"]
