"""The words of the window in the person's language: a catalogue of exact English texts. What is not in it stays English; data are never translated."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

from workbench.ui.theme import RESOURCES

LANGUAGES = {"en": "English", "de": "Deutsch"}


class _Current:
    language = "en"
    words: dict[str, str] = {}
    phrases: dict[str, str] = {}


def use_language(language: str) -> None:
    """Make a language current; an unknown one is English."""
    found = catalogues(language) if language in LANGUAGES else ()
    _Current.language = language if found or language == "en" else "en"
    _Current.words, _Current.phrases = {}, {}
    for one in found:
        _Current.words |= one.get("words", {})
        _Current.phrases |= one.get("phrases", {})


def catalogues(language: str) -> tuple[dict[str, dict[str, str]], ...]:
    """The catalogues of a language: of the window itself, and one per field whose sentences it shows (`de-study.toml`)."""
    folder = RESOURCES / "translations"
    paths = (folder / f"{language}.toml", *sorted(folder.glob(f"{language}-*.toml")))
    return tuple(tomllib.loads(path.read_text(encoding="utf-8")) for path in paths if path.exists())


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
