"""The words of the window in the person's language: a catalogue of exact English texts. What is not in it stays English; data are never translated."""

from __future__ import annotations

import tomllib

from workbench.ui.theme import RESOURCES

LANGUAGES = {"en": "English", "de": "Deutsch"}


class _Current:
    language = "en"
    words: dict[str, str] = {}


def use_language(language: str) -> None:
    """Make a language current; an unknown one is English."""
    path = RESOURCES / "translations" / f"{language}.toml"
    known = language in LANGUAGES and path.exists()
    _Current.language = language if known or language == "en" else "en"
    _Current.words = tomllib.loads(path.read_text(encoding="utf-8"))["words"] if known else {}


def language() -> str:
    """The language in use."""
    return _Current.language


def tr(text: str) -> str:
    """A text of the program in the language in use. The mark of a menu key (&) is kept by the catalogue."""
    return _Current.words.get(text, text)
