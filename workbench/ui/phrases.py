"""Texts that hold figures, in the person's language: a phrase of the catalogue with its places filled, figures with the mark of that language.

Pictures, tables and stored words stay as they are, because evidence is known by their digest; only what is painted is spoken here, and what is copied
stays as stored. A text that is neither a phrase, nor made of phrases, nor figures alone is left exactly as it is: no sentence is half translated.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QWidget

from workbench.ui import translation
from workbench.ui.translation import tr

KEPT = 20_000  # answers remembered
PARTS = (" · ", "; ", " … ", " – ", "\n", ": ", ", ")  # where texts are put together, the loosest first
PLACE = re.compile(r"\{(\w+)\}")
GAP = "\u202f\u00a0"
UNIT = r"mV/d|mV·d|mV/Ah|Ah/V|Ah/d|mΩ|kΩ|Ω|mV|V|mA|A|Ah|MWh|kWh|Wh|MW|kW|W|K|°C|Hz|ms|s|min|h|d|MB|kB|GB|C|z|SoC|SoH|DC|AC|UTC"
NUMBER = rf"[+\-−±×≥≤<>~]?\d+(?:[{GAP}]\d{{3}})*+(?:\.\d+)?"
NAME = r"[A-Z]{1,4}\d+(?:\.\d+)?|[A-Z]{1,2}-\d+|[0-9A-F]{4}(?!\.\d)|SHA-256|LFP|NMC|OCV|BMS|CSV|PDF"
DAYS, MONTHS = "Mon|Tue|Wed|Thu|Fri|Sat|Sun", "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
DATE = rf"(?:(?:{DAYS}) )?\d{{1,2}} (?:{MONTHS})(?: \d{{4}})?|(?:{DAYS}) \d{{1,2}}"
CLOCK = r"\d{4}-\d{2}-\d{2}|[+−]?\d{2}:\d{2}(?::\d{2})?"
FIGURES = re.compile(
    rf"(?:(?:{CLOCK}|{DATE}|{NAME}|{UNIT})(?!\w)|{NUMBER}|[\s{GAP}\[\](),;:…–·/×^²√Δ°%±+−-])++"
)  # possessive: never tried twice
DECIMAL = re.compile(rf"(?<![\w.])([+\-−±]?\d+(?:[{GAP}]\d{{3}})*)\.(\d+)(?![\w]*\.\d)")
INTERVAL = re.compile(r"\[[^\[\]]*\d[^\[\]]*\]")
DAY = re.compile(rf"\b({DAYS})(?= \d)")
MONTH = re.compile(rf"(?<=\d\. )({MONTHS})\b")
CALENDAR = re.compile(rf"\b(\d{{1,2}})(?= (?:{MONTHS})\b)")


class Phrase(NamedTuple):
    """One phrase of the catalogue: how a text is known by it, a piece that every such text holds, and its words in the language."""

    match: re.Pattern[str]
    piece: str
    words: str


class _Known:
    language = "en"
    phrases: tuple[Phrase, ...] = ()
    answers: dict[str, str] = {}
    made: set[str] = set()  # what was said once is not said again
    parts: dict[str, str | None] = {}  # of what was asked last: every part is looked up once


def spoken(text: str) -> str:
    """A text as the window shows it in the language in use."""
    language = translation.language()
    if language == "en" or not text:
        return text
    if language != _Known.language:
        _Known.language, _Known.answers, _Known.made = language, {}, set()
        fullest = sorted(translation.phrases().items(), key=lambda pair: -len(PLACE.sub("", pair[0])))  # the most particular first
        _Known.phrases = tuple(_phrase(*pair) for pair in fullest)
    kept = text if text in _Known.made else _Known.answers.get(text)
    if kept is None:
        _Known.parts = {}
        kept = _said(text)
        if kept is None and PARTS[0] in text:  # names of data stand among words here
            kept = PARTS[0].join(said if (said := _said(part)) is not None else unknown(part) for part in text.split(PARTS[0]))
        elif kept is None:
            kept = unknown(text)
        if len(_Known.answers) > KEPT:
            _Known.answers.clear()
            _Known.made.clear()
        _Known.answers[text] = kept
        if kept != text:
            _Known.made.add(kept)
    return kept


def said_before() -> frozenset[str]:
    """What was said in this language so far."""
    return frozenset(_Known.made)


def unknown(text: str) -> str:
    """A text without words in this language stays as it is."""
    return text


def translate_tree(root: QWidget) -> None:
    """What no painting reaches: names for screen readers, tooltips, hints in fields. Once, after a view was made."""
    if translation.language() == "en":
        return
    for widget in (root, *root.findChildren(QWidget)):
        for read, write in _fixed(widget):
            text = read()
            if text and (said := spoken(text)) != text:
                write(said)


def _fixed(widget: QWidget) -> list[tuple[Callable[[], str], Callable[[str], None]]]:
    found = [
        (widget.accessibleName, widget.setAccessibleName),
        (widget.accessibleDescription, widget.setAccessibleDescription),
        (widget.toolTip, widget.setToolTip),
    ]
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        found.append((widget.placeholderText, widget.setPlaceholderText))
    if isinstance(widget, QAbstractButton):
        found.append((widget.text, widget.setText))
    return found


def figures(text: str) -> str:
    """Figures, days and months as the language writes them; ISO times, names and versions stay."""
    text = INTERVAL.sub(lambda found: found[0].replace(", ", "; "), text)
    text = DECIMAL.sub(r"\1,\2", text)
    text = CALENDAR.sub(r"\1.", text)
    text = MONTH.sub(lambda found: tr(found[0]), text)
    return DAY.sub(lambda found: tr(found[0]), text)


def _phrase(english: str, words: str) -> Phrase:
    pieces = PLACE.split(english)
    pattern = "".join(
        f"(?P<{part}>{'.+' if part[0] == 'w' or part.endswith('long') else '.+?'})" if k % 2 else re.escape(part)
        for k, part in enumerate(pieces)
    )
    return Phrase(re.compile(pattern, re.DOTALL), max(pieces[::2], key=len), words)


def _said(text: str) -> str | None:
    """The text in the language, or None where some of it is unknown."""
    if text not in _Known.parts:
        _Known.parts[text] = None  # a part that leads back to itself says nothing
        _Known.parts[text] = _looked_up(text)
    return _Known.parts[text]


def _looked_up(text: str) -> str | None:
    if text in translation.words():
        return tr(text)
    core = text.strip()
    if core != text or not core:
        inner = _said(core) if core else ""
        return None if inner is None else text.replace(core, inner, 1)
    if FIGURES.fullmatch(text):
        return figures(text)
    for phrase in _Known.phrases:
        found = phrase.match.fullmatch(text) if phrase.piece in text else None
        if found is not None:
            places = {name: _place(name, value) for name, value in found.groupdict().items()}
            if None not in places.values():
                return phrase.words.format(**places)
    for mark in PARTS:
        if mark in text:
            whole = text.split(mark)
            parts = [_said(part) for part in whole]
            if None not in parts:
                return mark.join(part for part in parts if part is not None)
    return None


def _place(name: str, value: str) -> str | None:
    """What stands in a place of a phrase: n… holds figures only, t… a fixed text, w… what is a phrase itself, anything else a name that is kept.

    A place reaches as far as it must, one of words or that ends in ``long`` as far as it can.
    """
    if name.startswith("n"):
        return figures(value) if FIGURES.fullmatch(value) else None
    if name.startswith("t"):
        return translation.words().get(value)
    return _said(value) if name.startswith("w") else value
