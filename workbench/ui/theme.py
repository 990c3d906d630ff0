"""Colours by meaning, type and icons: tokens of resources/look/tokens.toml, light and dark. No widget holds a literal colour."""

from __future__ import annotations

import math
import tomllib
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontDatabase, QPainter, QPalette, QPen, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
TOKENS = tomllib.loads((RESOURCES / "look" / "tokens.toml").read_text(encoding="utf-8"))
FAMILY: str = TOKENS["type"]["family"]
SIZE: dict[str, int] = TOKENS["size"]
GAP, PAD = SIZE["gap"], SIZE["pad"]
LEFT_GUTTER, RIGHT_GUTTER = 72, 104  # one time axis down the whole window: heatmap, lanes and plots share them
STYLED = "fusion"  # property of an application that was started in this style
STATUS = {  # meaning -> icon, ink, ground; a status is always glyph and word
    "good": ("circle-check", "good", "good_soft"),
    "warning": ("triangle-alert", "warning", "warning_soft"),
    "bad": ("octagon-alert", "bad", "bad_soft"),
    "none": ("circle-dashed", "muted", "raised"),
    "accent": ("circle", "accent", "accent_soft"),
}
PALETTE = {
    QPalette.ColorRole.Window: "chrome", QPalette.ColorRole.WindowText: "text", QPalette.ColorRole.Base: "surface", QPalette.ColorRole.AlternateBase: "raised",
    QPalette.ColorRole.Text: "text", QPalette.ColorRole.Button: "raised", QPalette.ColorRole.ButtonText: "text", QPalette.ColorRole.Highlight: "accent_soft",
    QPalette.ColorRole.HighlightedText: "text", QPalette.ColorRole.PlaceholderText: "muted", QPalette.ColorRole.ToolTipBase: "raised", QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Mid: "line", QPalette.ColorRole.Dark: "border", QPalette.ColorRole.Link: "accent", QPalette.ColorRole.Accent: "accent",
}  # fmt: skip


class _Current:
    name = "light"


def theme_name() -> str:
    """light or dark."""
    return _Current.name


def is_night() -> bool:
    """Whether the dark theme is in use: data maps then take their night tables."""
    return _Current.name == "dark"


def register_fonts() -> None:
    """Make the shipped faces known to Qt: pixels are then the same on every system."""
    for file in sorted((RESOURCES / "fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


def use(app: QApplication, name: str) -> None:
    """Make a theme current for the whole program."""
    _Current.name = name
    if app.property(STYLED) is None:  # told at its start: the binding makes all that a style knows when it hands one back, 10 ms
        app.setStyle("Fusion")
    app.setFont(font())
    palette = QPalette()
    for role, token in PALETTE.items():
        palette.setColor(role, colour(token))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, colour("muted"))
    app.setPalette(palette)
    app.setStyleSheet(_sheet())


def _sheet() -> str:
    """Fields, lists and scroll bars in tokens; everything else is painted by the widgets themselves."""
    ink = TOKENS[_Current.name]
    return f"""
        QLineEdit, QPlainTextEdit, QComboBox {{ background: {ink["surface"]}; border: 1px solid {ink["border"]}; border-radius: 4px; padding: 3px 8px; color: {ink["text"]}; }}
        QPlainTextEdit {{ padding: 2px 4px; }}
        QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus {{ border: 2px solid {ink["accent"]}; padding: 2px 7px; }}
        QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QLineEdit:read-only, QPlainTextEdit:read-only {{ background: {ink["raised"]}; border-color: {ink["line"]}; }}
        QComboBox {{ min-height: 20px; }}
        QComboBox::drop-down {{ border: none; width: 20px; }}
        QComboBox::down-arrow {{ image: url({(RESOURCES / ("look/chevron-down-night.svg" if is_night() else "icons/chevron-down.svg")).as_posix()}); width: 12px; height: 12px; }}
        QComboBox QAbstractItemView {{ background: {ink["surface"]}; border: 1px solid {ink["border"]}; selection-background-color: {ink["accent_soft"]}; selection-color: {ink["text"]}; }}
        QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
        QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
        QScrollBar::handle {{ background: {ink["border"]}; border-radius: 3px; margin: 2px; }}
        QScrollBar::handle:vertical {{ min-height: 32px; }}
        QScrollBar::handle:horizontal {{ min-width: 32px; }}
        QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
        QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
        QSplitter::handle {{ background: {ink["line"]}; }}
        QSplitter::handle:vertical {{ height: 1px; }}
        QSplitter::handle:horizontal {{ width: 1px; }}
        QMenuBar {{ background: {ink["chrome"]}; }}
        QMenuBar::item {{ padding: 3px 9px; }}
        QMenuBar::item:selected, QMenu::item:selected {{ background: {ink["accent_soft"]}; color: {ink["text"]}; }}
        QMenu {{ background: {ink["surface"]}; border: 1px solid {ink["border"]}; }}
        QToolTip {{ background: {ink["raised"]}; color: {ink["text"]}; border: 1px solid {ink["border"]}; }}
        QTableView {{ background: {ink["surface"]}; }}
    """


def colour(token: str) -> QColor:
    """The colour of a token in the theme in use."""
    return QColor(TOKENS[_Current.name][token])


@lru_cache(maxsize=64)
def font(role: str = "body") -> QFont:
    """The font of a type role, in pixels without hinting."""
    pixels, weight = TOKENS["type"][role]
    made = QFont(FAMILY)
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight(weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def icon_pixmap(name: str, token: str = "text", size: int = 16) -> QPixmap:
    """An icon in a token's colour, drawn once."""
    app = QApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QApplication) else 1.0
    return _icon(name, colour(token).name(), size, max(2, math.ceil(ratio)))


@lru_cache(maxsize=512)
def _icon(name: str, ink: str, size: int, ratio: int) -> QPixmap:
    svg = (
        (RESOURCES / "icons" / f"{name}.svg")
        .read_text(encoding="utf-8")
        .replace("currentColor", ink)
        .replace('stroke-width="2"', 'stroke-width="1.75"')
    )
    pixmap = QPixmap(size * ratio, size * ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter)
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def hatch(cell: int = 6) -> QBrush:
    """The texture for 'no data': never a map colour."""
    pixmap = QPixmap(cell, cell)
    pixmap.fill(colour("missing"))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour("missing_ink"), 1))
    for shift in (-cell, 0, cell):
        painter.drawLine(QPointF(shift, cell), QPointF(shift + cell, 0))
    painter.end()
    return QBrush(pixmap)
