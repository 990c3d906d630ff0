"""workbench approve."""


def test_only_what_was_submitted_and_only_by_a_principal(run, recorded, credentials):
    reviewer, principal = (("--identity", c.identity, "--firm", c.firm) for c in credentials)
    assert run("approve", recorded, *principal).code == 1
    assert run("submit", recorded, *reviewer).code == 0
    wrong = run("approve", recorded, *reviewer)
    assert wrong.code == 1
    assert "needs a principal's" in wrong.err
    assert run("approve", recorded, *principal).code == 0
