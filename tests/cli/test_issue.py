"""workbench issue."""


def test_nothing_unapproved_is_issued(run, recorded):
    answer = run("issue", recorded)
    assert answer.code == 1
    assert "Only an approved review" in answer.err
