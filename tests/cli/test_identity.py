"""workbench identity."""


def test_firm_create_show(run, tmp_path):
    firm = run("identity", "firm", tmp_path / "firm", "--name", "Engineers", "--json")
    assert len(firm.json["fingerprint"]) == 64
    made = run("identity", "create", tmp_path / "firm", "--name", "Ada", "--role", "principal", "--out", tmp_path / "a.p12")
    assert made.code == 0
    assert run("identity", "show", tmp_path / "a.p12", "--json").json["role"] == "principal"


def test_a_wrong_passphrase_is_one_sentence_without_it(run, tmp_path, monkeypatch):
    run("identity", "firm", tmp_path / "firm", "--name", "Engineers")
    monkeypatch.setenv("WORKBENCH_FIRM_PASSPHRASE", "hunter2hunter2")
    answer = run("identity", "create", tmp_path / "firm", "--name", "Ada", "--out", tmp_path / "a.p12")
    assert answer.code == 3
    assert "hunter2" not in answer.err
    assert not (tmp_path / "a.p12").exists()
