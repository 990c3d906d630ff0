"""Design tokens of the report: page grid, type scale, colours. Nothing else in this folder names a size or a colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from workbench.report.resources import font_file

MM = 72 / 25.4

# ---------------------------------------------------------------- page grid
A4 = (210 * MM, 297 * MM)
LETTER = (215.9 * MM, 279.4 * MM)
COLUMNS = 12
GUTTER = 4 * MM
COLUMN = 11 * MM
CONTENT = COLUMNS * COLUMN + (COLUMNS - 1) * GUTTER  # 176 mm on A4 and on Letter
TOP = 24 * MM  # first baseline zone under the running head
BOTTOM = 19 * MM  # last content line above the running foot
NOTE_COLUMNS = 3  # left: section number, claim boundary, margin notes
LINE = 12.6  # body leading; spacing steps are LINE, LINE/2, LINE/4

# ---------------------------------------------------------------- colours
# Names and hues of the window's tokens; values set for paper: darker accent and bad, so that large areas stay calm and grey print keeps its steps.
INK = HexColor("#15191E")
INK2 = HexColor("#4C545D")  # secondary text, 7.6:1 on white
INK3 = HexColor("#6C757E")  # axis text, 4.7:1 on white
LINE_STRONG = HexColor("#15191E")
HAIR = HexColor("#B9C0C7")
HAIR_SOFT = HexColor("#DFE3E7")
PANEL = HexColor("#F4F5F3")
PAPER = HexColor("#FFFFFF")
ACCENT = HexColor("#2B3B8F")  # what the evidence says: estimated, measured
ACCENT_MID = HexColor("#8D98CC")
ACCENT_SOFT = HexColor("#DDE1F2")
GOOD = HexColor("#15694C")
GOOD_SOFT = HexColor("#DFF1E9")
WARNING = HexColor("#DE9C26")
WARNING_TEXT = HexColor("#7F5200")
WARNING_SOFT = HexColor("#FBEFD3")
BAD = HexColor("#A02017")
BAD_SOFT = HexColor("#F8E3DF")
MISSING = HexColor("#8D959D")

# ---------------------------------------------------------------- type
FONT_FILES = {
    "Light": "IBMPlexSans-Light",
    "Text": "IBMPlexSans-Regular",
    "Italic": "IBMPlexSans-Italic",
    "Medium": "IBMPlexSans-Medium",
    "Semi": "IBMPlexSans-SemiBold",
    "Mono": "IBMPlexMono-Regular",
    "MonoMed": "IBMPlexMono-Medium",
}


def register_fonts() -> None:
    """Make the shipped faces known to reportlab; registering twice is harmless."""
    for name, file in FONT_FILES.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(font_file(file))))
    pdfmetrics.registerFontFamily("Text", normal="Text", bold="Semi", italic="Italic", boldItalic="Semi")
    pdfmetrics.registerFontFamily("Mono", normal="Mono", bold="MonoMed", italic="Mono", boldItalic="MonoMed")


@dataclass(frozen=True)
class Style:
    """One role of type: face, size and leading [pt], colour."""

    font: str
    size: float
    leading: float
    colour: Any = INK


ANSWER = Style("Semi", 30, 34)
TITLE = Style("Semi", 18, 22)
LEAD = Style("Text", 11, 15.4)
HEAD = Style("Semi", 9.4, LINE)
BODY = Style("Text", 9, LINE)
BODY2 = Style("Text", 9, LINE, INK2)
TABLE = Style("Text", 7.9, 10.4)
TABLE2 = Style("Text", 7.9, 10.4, INK2)
TABLE_HEAD = Style("Semi", 7, 9, INK2)
NOTE = Style("Text", 7.4, 10.2, INK2)
LABEL = Style("Semi", 7, 9.4, INK2)
AXIS = Style("Text", 6.8, 8.6, INK3)
TINY = Style("Text", 6.6, 8.8, INK2)
CODE = Style("Mono", 7, 10)
