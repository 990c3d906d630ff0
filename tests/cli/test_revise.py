"""workbench revise."""

import shutil


def test_an_issued_review_is_opened_again_with_a_reason(run, issued_site, tmp_path):
    project = shutil.copytree(issued_site.project, tmp_path / "small.bessreview")
    assert run("revise", project).code == 2, "a reason is required"
    assert run("revise", project, "--reason", " ").code == 1
    answer = run("revise", project, "--reason", "The gain is known now.", "--json")
    assert answer.json == {"revision": 2, "stage": "draft"}
    assert run("revise", project, "--reason", "again").code == 1, "a draft is changed as it is"
    answer = run("verify", project / "issued" / "1" / "report.pdf", "--project", project)
    assert answer.code == 0
    assert "revision 1 is replaced by revision 2: The gain is known now." in answer.out
