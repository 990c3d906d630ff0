"""German words: complete for the frame, never for data."""

import ast
import tomllib
from pathlib import Path

import pytest
from PySide6.QtGui import QFontMetricsF

from workbench.ui import stage_views, theme
from workbench.ui.actions import Actions
from workbench.ui.main_window import MainWindow
from workbench.ui.rail import STAGES
from workbench.ui.translation import LANGUAGES, language, tr, use_language
from workbench.viewmodels.colours import STATE_WORDS
from workbench.viewmodels.heatmap_quantities import RESULTS


@pytest.fixture
def german():
    use_language("de")
    yield
    use_language("en")


def test_menus_rail_and_buttons_are_german(german, qtbot):
    window = MainWindow()
    qtbot.addWidget(window)
    assert [a.text() for a in window.menuBar().actions()] == ["&Projekt", "&Bearbeiten", "&Schritt", "P&rüfung", "&Ansicht", "&Hilfe"]
    assert window.start.new.text() == "Neue Prüfung …"
    assert tr("Findings") == "Befunde"
    missing = [a.text for a in window.actions_.acts.values() if a.text not in german_words().values()]
    assert missing == [], "every act has German words"
    window.close()


def german_words():
    return tomllib.loads((theme.RESOURCES / "translations" / "de.toml").read_text(encoding="utf-8"))["words"]


SPOKEN = {"Label": (0,), "Button": (0,), "EmptyState": (0, 1, 2), "tr": (0,), "Segments": (0, 1), "Choice": (1,)}  # which words these show


def constants(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.List | ast.Tuple):
        for part in node.elts:
            yield from constants(part)
    elif isinstance(node, ast.IfExp):
        yield from (*constants(node.body), *constants(node.orelse))


def spoken_texts():
    """Every fixed text that a widget of the window shows."""
    for path in sorted(Path(stage_views.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SPOKEN:
                for place in SPOKEN[node.func.id]:
                    if place < len(node.args):
                        yield from constants(node.args[place])


def test_every_fixed_text_of_a_widget_has_german_words():
    found = {text for text in spoken_texts() if any(c.isalpha() for c in text)}
    assert len(found) > 130
    assert found - german_words().keys() == set()
    assert {q.title for q in RESULTS.values()} | set(STATE_WORDS) <= german_words().keys()


def test_stages_fit_into_the_rail(german, qapp):
    for stage, _ in STAGES:
        assert QFontMetricsF(theme.font("strong")).horizontalAdvance(tr(stage)) < theme.SIZE["rail"] - 90


def test_an_unknown_text_and_an_unknown_language_stay_english(german):
    assert tr("R07 · C041 stands low") == "R07 · C041 stands low"
    use_language("xx")
    assert (language(), tr("Findings")) == ("en", "Findings")


def test_every_language_has_its_catalogue():
    assert all(code == "en" or (theme.RESOURCES / "translations" / f"{code}.toml").exists() for code in LANGUAGES)
    assert Actions.__doc__
