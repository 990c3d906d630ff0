"""workbench verify."""

import pytest


@pytest.fixture
def report(issued_site, tmp_path):
    (tmp_path / "report.pdf").write_bytes(issued_site.pdf)
    return tmp_path / "report.pdf"


def test_a_valid_report(run, report, issued_site):
    answer = run("verify", report, "--firm", issued_site.firm)
    assert answer.code == 0
    assert "reviewer   Rita Example" in answer.out
    assert answer.out.endswith("=> valid\n")
    shown = run("verify", report, "--project", issued_site.project, "--recompute", "--json").json
    assert (shown["outcome"], shown["differs"]) == ("valid", [])


def test_a_changed_byte_fails_with_the_rule_that_broke(run, report, issued_site):
    data = bytearray(report.read_bytes())
    data[4000] ^= 1
    report.write_bytes(bytes(data))
    answer = run("verify", report, "--firm", issued_site.firm, "--json")
    assert answer.code == 1
    assert answer.json["outcome"] == "invalid"
    assert any(not rule["passed"] for rule in answer.json["rules"])


def test_another_file(run, tmp_path):
    (tmp_path / "x.pdf").write_text("hello")
    assert run("verify", tmp_path / "x.pdf").code == 3
