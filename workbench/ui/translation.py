"""The words of the window in the person's language: a catalogue of exact English texts. What is not in it stays English; data are never translated."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

from workbench.ui.theme import RESOURCES

LANGUAGES = {"en": "English", "de": "Deutsch"}


class _Current:
    language = "en"
    words: Mapping[str, str] = {}
    phrases: Mapping[str, str] = {}


def use_language(language: str) -> None:
    """Make a language current; an unknown one is English."""
    path = RESOURCES / "translations" / f"{language}.toml"
    known = language in LANGUAGES and path.exists()
    _Current.language = language if known or language == "en" else "en"
    catalogue = tomllib.loads(path.read_text(encoding="utf-8")) if known else {}
    _Current.words, _Current.phrases = catalogue.get("words", {}), catalogue.get("phrases", {})


def language() -> str:
    """The language in use."""
    return _Current.language


def words() -> Mapping[str, str]:
    """Fixed texts: English to the language in use."""
    return _Current.words


def phrases() -> Mapping[str, str]:
    """Texts with places, such as ``{n} of {n2} cells``, to the language in use (see `phrases`)."""
    return _Current.phrases


def tr(text: str) -> str:
    """A text of the program in the language in use. The mark of a menu key (&) is kept by the catalogue."""
    return _Current.words.get(text, text)
