"""German words: complete for the frame, never for data."""

import tomllib

import pytest
from PySide6.QtGui import QFontMetricsF

from workbench.ui import theme
from workbench.ui.actions import Actions
from workbench.ui.main_window import MainWindow
from workbench.ui.rail import STAGES
from workbench.ui.translation import LANGUAGES, language, tr, use_language


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
