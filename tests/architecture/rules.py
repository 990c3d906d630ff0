"""The rules of the code map, as questions to a source tree: each returns the violations it finds, one sentence each.

They take the root of a tree, so that `test_rules_bite` can ask them about a copy into which a violation has been injected.
"""

from __future__ import annotations

import ast
import keyword
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

HOMES = {  # library -> the only layers that may name it
    "h5py": {"store", "ingest"},  # ingest: owners hand over HDF5 and MATLAB files; read only behind ingest/hdf5_gate.py
    "sqlite3": {"store", "ingest"},  # ingest: owners hand over databases; opened immutable, plain tables only
    "scipy": {"ingest"},
    "psutil": {"jobs"},
    "asammdf": {"ingest"},
    "python_calamine": {"ingest"},
    "pyarrow": {"ingest"},
    "reportlab": {"report"},
    "pikepdf": {"report", "signing"},
    "pyhanko": {"signing"},
    "pyhanko_certvalidator": {"signing"},
    "cryptography": {"signing"},
    "asn1crypto": {"signing"},
    "PySide6": {"ui"},
    "shiboken6": {"ui"},
    "pyqtgraph": {"ui"},
    "pypdfium2": {"ui", "report"},
    "pypdfium2_raw": {"ui"},
}
VAGUE = {"utils", "helpers", "common", "misc", "base", "core", "manager", "tools"}
BORDERS = {"workbench/ui/error_dialog.py", "workbench/cli/main.py"}  # where anything may arrive and is turned into one sentence
VERB_LOADER = "workbench/cli/main.py"  # imports the chosen verb by name, so that the others cost nothing
MODULE_LINES = 420  # ceilings against accidents; the aim is far below
FUNCTION_LINES = 70
BROAD = {"Exception", "BaseException"}
READS_OWN_FILES = {"importlib.resources", "importlib.metadata"}

Rule = Callable[[Path], list[str]]


def modules(root: Path) -> Iterator[tuple[str, ast.Module]]:
    """Every module of the package with its path from the root (with slashes) and its syntax tree."""
    for path in sorted((root / "workbench").rglob("*.py")):
        yield path.relative_to(root).as_posix(), _parse(path.read_text(encoding="utf-8"))


@cache
def _parse(source: str) -> ast.Module:
    return ast.parse(source)


def layer_of(name: str) -> str:
    """The layer a module belongs to: the folder under the package, or the module itself."""
    return name.split("/")[1].removesuffix(".py")


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything a module imports: at the top, in a function, or for the type checker only."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module or ''}.{alias.name}".strip(".")) for alias in node.names)


def layers(root: Path) -> list[str]:
    """Which imports go up, sideways or round? import-linter answers, with the contracts of pyproject.toml."""
    program = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command; lint_imports_command()"
    clean = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200", "PYTHONSAFEPATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"], cwd=root, env=clean, capture_output=True, text=True, timeout=60, check=False
    )
    if done.returncode == 0 and "0 broken" in done.stdout:
        return []
    report = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
    broken = report.partition("Broken contracts")[2] or report
    return [line.strip() for line in broken.splitlines() if re.search(r"[a-z]", line)] or [done.stderr[-2000:]]


def library_homes(root: Path) -> list[str]:
    """Which third-party library is named outside its home?"""
    return [
        f"{name}:{line} names {dotted.split('.')[0]}, whose home is {' and '.join(sorted(homes))}"
        for name, tree in modules(root)
        for line, dotted in _imports(tree)
        if (homes := HOMES.get(dotted.split(".")[0])) and layer_of(name) not in homes
    ]


def static_imports(root: Path) -> list[str]:
    """Which imports hide from the other rules? Relative ones, dynamic ones and code made of strings."""
    found = []
    for name, tree in modules(root):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.level:
                found.append(f"{name}:{node.lineno} imports relatively")
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("__import__", "exec", "eval"):
                found.append(f"{name}:{node.lineno} calls {node.func.id}")
        found += [
            f"{name}:{line} imports by name ({dotted})"
            for line, dotted in _imports(tree)
            if dotted.split(".")[0] in ("importlib", "runpy", "pkgutil")
            and not any(f"{dotted}.".startswith(f"{allowed}.") for allowed in READS_OWN_FILES)
            and name != VERB_LOADER
        ]
    return found


def headless(root: Path) -> list[str]:
    """Which modules below the window cannot be imported on a machine without Qt?"""
    names = [
        name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for name, _ in modules(root)
        if layer_of(name) != "ui" and name != "workbench/__main__.py"
    ]
    program = f"""
import importlib, sys, traceback
sys.path.insert(0, ".")
for blocked in ("PySide6", "shiboken6", "pyqtgraph"):
    sys.modules[blocked] = None
for name in {names!r}:
    try:
        importlib.import_module(name)
    except BaseException as error:
        print(name, "cannot be imported without Qt:", repr(error))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=120, check=False)
    return done.stdout.splitlines() + ([done.stderr[-2000:]] if done.returncode else [])


def clear_names(root: Path) -> list[str]:
    """Which module or package has a name that says nothing?"""
    return [
        f"{path.relative_to(root).as_posix()} says nothing by its name"
        for path in sorted((root / "workbench").rglob("*"))
        if path.stem in VAGUE and (path.suffix == ".py" or any(path.glob("*.py")))
    ]


def same_named_tests(root: Path) -> list[str]:
    """Which module has no test of its own name? Replace the first word by tests, prefix the file with test_."""
    return [
        f"{name} has no {test}"
        for name, _ in modules(root)
        if not name.endswith(("/__init__.py", "/__main__.py"))
        and not (root / (test := re.sub(r"^workbench/(.*?)([^/]+\.py)$", r"tests/\1test_\2", name))).exists()
    ]


def budgets(root: Path) -> list[str]:
    """Which module or function has outgrown what a reader can hold?"""
    found = []
    for name, tree in modules(root):
        lines = len((root / name).read_text(encoding="utf-8").splitlines())
        if lines > MODULE_LINES:
            found.append(f"{name} has {lines} lines; the ceiling is {MODULE_LINES}")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    found.append(f"{name}:{node.lineno} {node.name} has {length} lines; the ceiling is {FUNCTION_LINES}")
    return found


def no_assert(root: Path) -> list[str]:
    """Where does the library lean on assert, which disappears under python -O?"""
    return [f"{name}:{node.lineno} asserts" for name, tree in modules(root) for node in ast.walk(tree) if isinstance(node, ast.Assert)]


def narrow_excepts(root: Path) -> list[str]:
    """Where, outside the two borders, would a programming error be swallowed?"""
    found = []
    for name, tree in modules(root):
        if name in BORDERS:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler) and (node.type is None or BROAD & _named(node.type)) and not _passes_on(node):
                found.append(f"{name}:{node.lineno} catches everything")
            elif isinstance(node, ast.Call) and "suppress" in _named(node.func) and any(BROAD & _named(word) for word in node.args):
                found.append(f"{name}:{node.lineno} suppresses everything")
    return found


def _passes_on(handler: ast.ExceptHandler) -> bool:
    """Whether a handler only tidies up and lets the exception go on: it ends with a bare raise and returns nowhere before."""
    last = handler.body[-1]
    leaves = any(isinstance(node, ast.Return | ast.Continue | ast.Break) for node in ast.walk(handler))
    return isinstance(last, ast.Raise) and last.exc is None and not leaves


def _named(expression: ast.expr) -> set[str]:
    """The names an expression mentions, without the modules before them."""
    return {
        node.id if isinstance(node, ast.Name) else node.attr for node in ast.walk(expression) if isinstance(node, ast.Name | ast.Attribute)
    }


def verbs(root: Path) -> list[str]:
    """Which verb of the table has no command of its own name, and which command is no verb?"""
    table, commands = root / "workbench/workflow/verbs.py", root / "workbench/cli"
    if not table.exists() or not (root / VERB_LOADER).exists():
        return []  # nothing to compare yet
    names = {
        node.args[0].value
        for node in ast.walk(_parse(table.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Verb"
        and isinstance(node.args[0], ast.Constant)
    }
    files = {name: f"{name}_.py" if keyword.iskeyword(name) else f"{name}.py" for name in names}
    return [f"the verb {name} has no workbench/cli/{file}" for name, file in sorted(files.items()) if not (commands / file).exists()]


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        layers,
        library_homes,
        static_imports,
        headless,
        clear_names,
        same_named_tests,
        budgets,
        no_assert,
        narrow_excepts,
        verbs,
    )
}
