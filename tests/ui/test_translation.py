"""German words: complete for the frame, never for data."""

import ast
from pathlib import Path

import pytest
from PySide6.QtGui import QFontMetricsF

from workbench.analysis import causes, check_settles, effects, posture, results, signature
from workbench.analysis.verdicts import ClaimWord
from workbench.ingest import repairs
from workbench.ui import stage_views, theme
from workbench.ui.actions import Actions
from workbench.ui.main_window import MainWindow
from workbench.ui.phrases import PLACE
from workbench.ui.rail import STAGES
from workbench.ui.translation import LANGUAGES, catalogues, language, tr, use_language
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
    return {english: words for one in catalogues("de") for english, words in one["words"].items()}


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


def fixed_texts_of_the_study():
    """Titles, verdict words, causes, signs, settling tests, kinds of repair, what a check means for an estimator, what to ask for."""
    yield from (cause.name for cause in causes.CAUSES)
    yield from causes.SIGNS
    yield from causes.SIGNS.values()
    yield from (test.text for test in causes.TESTS)
    yield from (part for pair in causes.PAIRS for part in pair)
    yield from check_settles.SETTLES.values()
    yield from (why for rules in effects.RULES.values() for _, _, _, why in rules)
    yield from (*effects.Estimator, *results.Outcome, *signature.Outcome, *ClaimWord)
    yield from (*repairs.DONE, *repairs.DONE.values(), *repairs.DECIDED, *repairs.DECIDED.values())


def test_every_fixed_text_of_the_study_and_of_the_import_has_german_words():
    found = {str(text) for text in fixed_texts_of_the_study()}
    assert len(found) > 170
    assert found - german_words().keys() == set()


def arguments_of_checks(name):
    """What is written out as an argument of that name where a check is made, with `{}` for what is filled in."""
    for path in sorted(Path(posture.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == name:
                yield from constants(node.value)


@pytest.mark.parametrize(("argument", "least"), [("title", 15), ("consequence", 20), ("limit", 10)])
def test_titles_limits_and_consequences_of_checks_are_german(argument, least):
    found = {text for text in arguments_of_checks(argument) if any(c.isalpha() for c in text)}
    assert len(found) >= least
    assert {text for text in found if text not in german_words()} == set()


def test_every_reason_of_a_refusal_is_said_in_german():
    codes = {text for text in arguments_of_checks("reason") if "-" in text}
    assert len(codes) > 30
    assert {code.replace("-", " ") for code in codes} - german_words().keys() == set()


def test_no_german_sentence_is_longer_than_its_place():
    """German may be a third longer than English; a sentence half as long again was not worked on."""
    long = {
        english: words
        for one in catalogues("de")
        for part in ("words", "phrases")
        for english, words in one[part].items()
        if len(english) > 40 and len(words) > 1.5 * len(english)
    }
    assert long == {}


def test_a_phrase_and_its_german_hold_the_same_places():
    for one in catalogues("de"):
        for english, words in one["phrases"].items():
            assert set(PLACE.findall(english)) == set(PLACE.findall(words)), english


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
