"""Would the rules notice? Each test injects one violation into a copy of the package and expects its rule to name it.

A rule that cannot fail guards nothing. The injected module is called `intruder`, so that a violation already present in the code
cannot be mistaken for the injected one.
"""

import shutil
from dataclasses import dataclass

import pytest
from architecture.rules import FUNCTION_LINES, MODULE_LINES, ROOT, RULES


@dataclass(frozen=True)
class Injection:
    """What is written where, and which rule must name it. A second file is for violations that take two."""

    name: str
    rule: str
    path: str
    text: str
    also: tuple[str, str] | None = None
    named: str = "intruder"


INJECTIONS = (
    Injection("lazy Qt import", "library_homes", "workbench/viewmodels/intruder.py", "def show():\n    from PySide6 import QtCore\n"),
    Injection("Qt at the top", "headless", "workbench/report/intruder.py", "import PySide6.QtCore\n"),
    Injection(
        "upward import for the type checker only",
        "layers",
        "workbench/asset/intruder.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from workbench.workflow import verbs\n",
    ),
    Injection("sibling import", "layers", "workbench/ingest/intruder.py", "from workbench.store import schema\n"),
    Injection(
        "analysis sees settings",
        "layers",
        "workbench/analysis/intruder.py",
        "import workbench.settings\n",
        ("workbench/settings/__init__.py", ""),
    ),
    Injection("lazy upward import", "layers", "workbench/review/intruder.py", "def do():\n    import workbench.workflow.verbs\n"),
    Injection("package outside the layers", "layers", "workbench/intruder/__init__.py", ""),
    Injection("new utils package", "clear_names", "workbench/utils/intruder.py", "", named="workbench/utils"),
    Injection("vague module", "clear_names", "workbench/store/helpers.py", "", named="workbench/store/helpers.py"),
    Injection(
        "lazy cycle",
        "layers",
        "workbench/store/intruder.py",
        "def one():\n    from workbench.store import accomplice\n",
        ("workbench/store/accomplice.py", "from workbench.store import intruder\n"),
    ),
    Injection("window skips to the store", "layers", "workbench/ui/intruder.py", "from workbench.store import schema\n"),
    Injection("command skips to signing", "layers", "workbench/cli/intruder.py", "import workbench.signing\n"),
    Injection(
        "import by name",
        "static_imports",
        "workbench/review/intruder.py",
        "import importlib\nui = importlib.import_module('workbench.' + 'ui')\n",
    ),
    Injection("import by builtin", "static_imports", "workbench/review/intruder.py", "ui = __import__('workbench.ui')\n"),
    Injection("relative import up", "static_imports", "workbench/asset/intruder.py", "from ..workflow import verbs\n"),
    Injection("h5py in the window", "library_homes", "workbench/ui/intruder.py", "import h5py\n"),
    Injection("pyqtgraph in a view model", "library_homes", "workbench/viewmodels/intruder.py", "import pyqtgraph as pg\n"),
    Injection("cryptography in the report", "library_homes", "workbench/report/intruder.py", "from cryptography import x509\n"),
    Injection("module without a test", "same_named_tests", "workbench/jobs/intruder.py", ""),
    Injection("long module", "budgets", "workbench/jobs/intruder.py", "\n" * (MODULE_LINES + 1)),
    Injection("long function", "budgets", "workbench/jobs/intruder.py", "def long():\n" + "    pass\n" * FUNCTION_LINES),
    Injection("assert in the library", "no_assert", "workbench/jobs/intruder.py", "assert True\n"),
    Injection(
        "broad except", "narrow_excepts", "workbench/store/intruder.py", "try:\n    pass\nexcept (ValueError, Exception):\n    pass\n"
    ),
    Injection("bare except", "narrow_excepts", "workbench/store/intruder.py", "try:\n    pass\nexcept:\n    pass\n"),
    Injection(
        "broad except that returns before it raises",
        "narrow_excepts",
        "workbench/store/intruder.py",
        "def f(x):\n    try:\n        return x()\n    except Exception:\n        if x:\n            return None\n        raise\n",
    ),
    Injection(
        "broad suppress",
        "narrow_excepts",
        "workbench/store/intruder.py",
        "import contextlib\nwith contextlib.suppress(Exception):\n    pass\n",
    ),
    Injection(
        "verb without a command",
        "verbs",
        "workbench/workflow/verbs.py",
        "VERBS = (Verb('intruder', 'Intrude', 'do what no command does'),)\n",
        ("workbench/cli/main.py", ""),
    ),
)


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """A copy of the package, the test tree's names and the contracts."""
    copy = tmp_path_factory.mktemp("copy")
    no_bytecode = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "workbench", copy / "workbench", ignore=no_bytecode)
    shutil.copytree(ROOT / "tests", copy / "tests", ignore=no_bytecode)
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


@pytest.fixture
def inject(package):
    """Writes an injection into the copy and takes it out again."""
    undo = []

    def write(path, text):
        target = package / path
        old = target.read_bytes() if target.exists() else None
        new_folder = next((folder for folder in reversed(target.parents) if not folder.exists()), None)
        undo.append((target, old, new_folder))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    yield write
    for target, old, new_folder in reversed(undo):
        if old is not None:
            target.write_bytes(old)
        elif new_folder:
            shutil.rmtree(new_folder)
        else:
            target.unlink()


@pytest.mark.parametrize("injection", INJECTIONS, ids=lambda injection: injection.name)
def test_rule_names_the_intruder(injection, package, inject):
    inject(injection.path, injection.text)
    if injection.also:
        inject(*injection.also)
    violations = RULES[injection.rule](package)
    assert any(injection.named in violation for violation in violations), violations


@pytest.mark.parametrize("name", RULES)
def test_no_rule_names_an_intruder_that_is_not_there(name, package):
    assert not any("intruder" in violation for violation in RULES[name](package))


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_been_seen_to_bite(rule):
    assert rule in {injection.rule for injection in INJECTIONS}
