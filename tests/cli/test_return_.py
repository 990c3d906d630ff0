"""workbench return."""


def test_a_return_needs_a_comment_and_opens_the_review(run, recorded, credentials):
    assert run("return", recorded, "--comment", "x").code == 1, "nothing was submitted yet"
    run("submit", recorded, "--identity", credentials[0].identity, "--firm", credentials[0].firm)
    assert run("return", recorded).code == 2
    assert run("return", recorded, "--comment", " ").code == 1
    assert run("return", recorded, "--comment", "Say more.", "--json").json == {"stage": "draft"}
