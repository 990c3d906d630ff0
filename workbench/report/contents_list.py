"""In this report: every section with its result in a line and its page. Leads read in a row are the summary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import unescape

from reportlab.pdfbase.pdfmetrics import stringWidth

from workbench.report import tokens as t
from workbench.report.flow import Flow
from workbench.report.sheet import Section

ROW = 12.0
MOST_FINDINGS = 8  # one row each; more of them share one
SECTIONS = 9  # with numbers of their own, findings apart
NUMBER, TITLE, PAGE = 26.0, 126.0, 22.0


def rows_of(sections: Sequence[Section], findings: int) -> list[Section]:
    """The rows of the list. Before anything was drawn they are as many and empty, so that both passes fill the same pages."""
    wanted = SECTIONS + (findings if findings <= MOST_FINDINGS else 1)
    if not sections:
        return [Section("", "", "", 0)] * wanted
    first: dict[str, Section] = {}
    for section in sections:
        first.setdefault(section.number, section)
    if findings > MOST_FINDINGS:
        pages = [s for number, s in first.items() if number.startswith("7.")]
        for section in pages[1:]:
            del first[section.number]
        one = pages[0]
        first[one.number] = Section("7", f"{findings} findings", f"{one.title.removeprefix('Finding ')} and those that follow", one.page)
    return list(first.values())


def contents_list(flow: Flow, rows: Sequence[Section]) -> None:
    """One line per section: number, title, as much of the lead as fits, page."""
    flow.below_notes()
    flow.room(2 * t.LINE + ROW * len(rows))
    flow.heading("In this report", 0)
    sheet = flow.sheet
    left, right = sheet.x(0), sheet.left + t.CONTENT
    with sheet.group("TOC"):
        for row in rows:
            flow.room(ROW)
            base = flow.y + 9
            if row.page:
                with sheet.group("TOCI"), sheet.tag("P"):
                    sheet.text(left, base, row.number, t.Style("Text", 7.9, 10.4, t.ACCENT))
                    title = fitting(row.title, t.Style("Semi", 7.9, 10.4), TITLE - 8)
                    sheet.text(left + NUMBER, base, title, t.Style("Semi", 7.9, 10.4))
                    lead = fitting(_plain(row.lead), t.TABLE2, right - left - NUMBER - TITLE - PAGE)
                    sheet.text(left + NUMBER + TITLE, base, lead, t.TABLE2)
                    sheet.text(right, base, str(row.page), t.TABLE, align="right")
            flow.y += ROW
            with sheet.artifact():
                sheet.line(left, flow.y, right, flow.y, 0.3, t.HAIR_SOFT)
    flow.y += t.LINE / 2


def _plain(markup: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", markup))


def fitting(text: str, style: t.Style, width: float) -> str:
    """The text, or as many whole words of it as fit (of a single long word, as many characters), with an ellipsis."""
    if stringWidth(text, style.font, style.size) <= width:
        return text
    while text and stringWidth(text + " …", style.font, style.size) > width:
        text = text.rsplit(" ", 1)[0] if " " in text else text[:-1]
    return text.rstrip(" ,;:·") + " …"
