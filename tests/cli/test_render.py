"""workbench render."""


def test_a_picture_and_its_digest(run, project, tmp_path):
    answer = run("render", project, "traces", "--rack", "R01", "--cells", "5,6", "--out", tmp_path / "a.pdf", "--json")
    assert answer.code == 0
    assert len(answer.json["picture_sha256"]) == 64
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


def test_a_place_that_cannot_be_written(run, project):
    answer = run("render", project, "heatmap", "--out", "/proc/none/a.pdf")
    assert answer.code == 3
    assert answer.err.count("\n") == 1


def test_coverage_as_pixels(run, project, tmp_path):
    assert run("render", project, "coverage", "--out", tmp_path / "c.png").code == 0
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")


def test_the_curves_of_a_chosen_pass(run, project, tmp_path):
    words = ("render", project, "dqdv", "--rack", "R01", "--cells", "5", "--json", "--out", tmp_path / "a.pdf")
    fullest, second = (run(*words, *more).json["picture_sha256"] for more in ((), ("--pass", "2")))
    assert fullest != second
    assert run(*words, "--pass", "never").code == 2
