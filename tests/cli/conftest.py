"""Run a command as a person would: words in, exit code, output and errors out."""

import json
from dataclasses import dataclass

import pytest
from builders.site import SECRET

from workbench.cli.main import main


@dataclass
class Answer:
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setenv("WORKBENCH_AUTHOR", "Rita Example")
    monkeypatch.setenv("WORKBENCH_PASSPHRASE", SECRET)
    monkeypatch.setenv("WORKBENCH_FIRM_PASSPHRASE", SECRET)

    def act(*words):
        capsys.readouterr()
        code = main([str(word) for word in words])
        caught = capsys.readouterr()
        return Answer(code, caught.out, caught.err)

    return act


@pytest.fixture
def recorded(run, project, tmp_path):
    """The small project, ready to be submitted."""
    (tmp_path / "v.toml").write_text('answer = "no"\nreason = "One cell limits R01."\nrecommendation = "tighten covenants"\n')
    assert run("record", project, "--all-candidates", "--confidence", "high", "--verdict", tmp_path / "v.toml", "--lock").code == 0
    return project
