"""workbench request."""


def test_the_letter_is_written_and_told(run, project, tmp_path):
    answer = run("request", project, "--out", tmp_path / "letters", "--json")
    assert answer.code == 0
    assert not answer.json["complete"]
    assert any("energy meter" in p["found"] for p in answer.json["points"])
    assert all(set(e) == {"signal", "level", "sampling", "period", "form"} for e in answer.json["exports"])
    assert len(list((tmp_path / "letters").glob("*.pdf"))) == len(list((tmp_path / "letters").glob("*.txt"))) == 1
    assert "points to complete" in run("request", project, "--out", tmp_path / "letters").out


def test_a_place_that_cannot_be_written_is_one_sentence(run, project):
    answer = run("request", project, "--out", "/proc/none")
    assert answer.code == 4
    assert answer.err.count("\n") == 1
