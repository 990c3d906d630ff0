"""workbench submit."""


def test_submit_signs_what_is_complete(run, recorded, credentials):
    words = ("--identity", credentials[0].identity, "--firm", credentials[0].firm)
    answer = run("submit", recorded, *words, "--json")
    assert answer.code == 0
    assert len(answer.json["report_sha256"]) == 64
    again = run("submit", recorded, *words)
    assert again.code == 1
    assert "submitted already" in again.err


def test_what_is_missing_is_said(run, project, credentials):
    answer = run("submit", project, "--identity", credentials[0].identity, "--firm", credentials[0].firm)
    assert answer.code == 1
    assert "verdict is missing" in answer.err


def test_a_wrong_passphrase(run, recorded, credentials, monkeypatch):
    monkeypatch.setenv("WORKBENCH_PASSPHRASE", "wrong")
    answer = run("submit", recorded, "--identity", credentials[0].identity, "--firm", credentials[0].firm)
    assert answer.code == 3
    assert "does not open reviewer.p12" in answer.err
