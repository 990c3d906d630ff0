"""The handbook says what the program does."""

import re
from pathlib import Path

import pytest

from workbench import __version__
from workbench.asset.vocabulary import TERMS
from workbench.cli import exit_codes
from workbench.workflow.verbs import VERBS

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "handbook"


def page(name):
    return (FOLDER / name).read_text(encoding="utf-8")


def test_the_glossary_is_the_vocabulary():
    found = dict(re.findall(r"\*\*(.+?)\*\*: (.+)", page("glossary.md")))
    expected = {t.word: t.meaning + (f" Unit: {t.unit}." if t.unit not in ("", "1") else "") for t in TERMS.values()}
    assert found == expected


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_explained(verb):
    assert re.search(rf"^\| .*\b{verb}\b", page("command-line.md"), re.M)


def test_every_kernel_has_its_page():
    modules = {p.stem for p in (FOLDER.parents[1] / "workbench" / "analysis").glob("*.py")} - {"__init__", "results", "study"}
    assert {p.stem for p in (FOLDER / "methods").glob("*.md")} == modules


def test_the_index_leads_to_every_page():
    linked = set(re.findall(r"\]\(([^)]+\.md)\)", page("index.md")))
    assert linked | {"index.md"} == {p.relative_to(FOLDER).as_posix() for p in FOLDER.rglob("*.md")}


def test_the_newest_version_has_its_changes():
    assert f"## {__version__}\n" in page("changes.md")


def test_keys_are_those_of_the_window():
    source = (FOLDER.parents[1] / "workbench" / "ui" / "main_window.py").read_text(encoding="utf-8")
    keys = set(re.findall(r'"((?:Ctrl\+[^"{]+|F\d+))"', source))
    text = page("keys.md")
    assert {key for key in keys if key not in text} == set()


def test_every_exit_code_is_explained():
    codes = {value for name, value in vars(exit_codes).items() if name.isupper() and isinstance(value, int)}
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", page("command-line.md"), re.M)} == codes
