"""Do the two commands a newcomer types still work, and can the same environment be made again?"""

import importlib.util
import re
import subprocess
import sys

import pytest
from architecture.rules import ROOT

REQUIREMENTS = ROOT / "packaging/requirements"
NORMAL = re.compile(r"[-_.]+")


@pytest.fixture
def bootstrap():
    """packaging/run.py as a module; the folder is no package, and must not hide the library of the same name."""
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "packaging/run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def said(*words):
    return subprocess.run([sys.executable, ROOT / "packaging/run.py", *words], capture_output=True, text=True, timeout=60, check=False)


def test_the_readme_opens_with_the_two_commands():
    commands = re.findall(r"^python3 packaging/run\.py (\w+)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert commands[:2] == ["demo", "test"]


def test_every_readme_command_is_a_verb_of_the_bootstrap():
    mentioned = set(re.findall(r"packaging/run\.py (\w+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    listed = set(re.findall(r"packaging/run\.py (\w+)", said().stdout))
    assert mentioned
    assert mentioned <= listed


def test_ci_types_what_the_readme_says():
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "set -euo pipefail" in script
    assert "README.md" in script


def test_an_unknown_verb_is_refused_in_one_sentence():
    answer = said("dance")
    assert answer.returncode == 1
    assert answer.stderr.strip() == "There is no 'dance' here; run this file without words for the list."


def test_trouble_is_told_without_addresses(bootstrap):
    program = "import sys; sys.exit('no route to https://someone:secret@example.org/simple/x and back')"
    assert bootstrap.quietly(sys.executable, "-c", program) == "no route to (address) and back"


def test_a_command_that_works_says_nothing(bootstrap):
    assert bootstrap.quietly(sys.executable, "-c", "print('words')") is None


def test_a_half_made_environment_has_no_stamp(bootstrap, tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    assert bootstrap.stamp() == ""
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/pyvenv.cfg").write_text("version = 3.13.0\n")
    assert bootstrap.stamp() == ""  # settings, but no interpreter


def test_the_stamp_follows_lock_and_python(bootstrap, tmp_path, monkeypatch):
    lock = tmp_path / "dev.txt"
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "LOCK", lock)
    python = bootstrap.installed("python")
    python.parent.mkdir()
    python.touch()
    stamps = set()
    for locked, version in (("numpy==1", "3.12.1"), ("numpy==2", "3.12.1"), ("numpy==2", "3.13.0")):
        lock.write_text(locked)
        (tmp_path / "pyvenv.cfg").write_text(f"home = somewhere\nversion = {version}\n")
        stamps.add(bootstrap.stamp())
    assert len(stamps) == 3


def test_newest_preferred_python_comes_first(bootstrap, tmp_path, monkeypatch):
    for name in ("3.13.2", "3.13.10", "3.12.9", "3.14.0"):
        (tmp_path / "versions" / name).mkdir(parents=True)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    folders = [match[1] for command in bootstrap.candidates() if (match := re.search(r"(3\.\d+\.\d+).bin", command[0]))]
    assert folders[:3] == ["3.13.10", "3.13.2", "3.12.9"]
    assert "3.14.0" not in folders


@pytest.mark.parametrize("name", ["runtime", "dev"])
def test_locks_name_no_address_and_pin_by_hash(name, bootstrap):
    text = (REQUIREMENTS / f"{name}.txt").read_text()
    assert [word for word in bootstrap.NEVER_IN_A_LOCK if word in text] == []
    pinned = re.findall(r"^[A-Za-z0-9][^ ]*==[^ ]+.*(?:\n    --hash=.*)+", text, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[A-Za-z0-9]", text, re.MULTILINE)) > 20


@pytest.mark.parametrize("name", ["runtime", "dev"])
def test_every_dependency_has_a_reason_and_is_locked(name):
    locked = {
        NORMAL.sub("-", found).lower() for found in re.findall(r"^([\w.-]+)==", (REQUIREMENTS / f"{name}.txt").read_text(), re.MULTILINE)
    }
    for line in (REQUIREMENTS / f"{name}.in").read_text().splitlines():
        if line.startswith("-r "):
            continue
        requirement, _, reason = line.partition("#")
        assert reason.strip(), f"{requirement} has no reason"
        assert NORMAL.sub("-", re.split(r"[=<>~;\[ ]", requirement)[0]).lower() in locked


def test_runtime_pins_are_the_ones_the_tests_ran_with():
    def pins(name):
        return set(re.findall(r"^([\w.-]+==[^ ]+)", (REQUIREMENTS / name).read_text(), re.MULTILINE))

    assert pins("runtime.txt") <= pins("dev.txt")
