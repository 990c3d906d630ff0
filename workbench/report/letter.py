"""The day-one letter on paper: masthead, points, list of exports. The words are those of the letter, all of them."""

from __future__ import annotations

import io

from workbench.report import finish
from workbench.report import tokens as t
from workbench.report.contents import Attachment
from workbench.report.flow import Cell, Col, Flow, esc
from workbench.report.sheet import Sheet
from workbench.viewmodels import numbers
from workbench.viewmodels.owner_letter import OwnerLetter, plain_text

KIND = "Request for telemetry"
SMALL = t.Style("Text", 7.6, 9.6)


def letter_pdf(letter: OwnerLetter, prepared_ns: int, version: str) -> bytes:
    """The letter as PDF/A-3, its plain text attached. Same letter, same bytes; drawn twice: the first pass counts the pages."""
    t.register_fonts()
    count = _drawn(letter, "0")[1].page
    data, sheet = _drawn(letter, str(count))
    text = Attachment("letter.txt", plain_text(letter).encode("utf-8"), "text/plain", "The same letter as plain text", "Alternative")
    return finish.finished(data, sheet, letter.subject, letter.firm, f"BESS review workbench {version}", prepared_ns, (text,), ())


class _LetterFlow(Flow):
    """Runs over pages like a section, but begins below a masthead; continuation pages repeat the subject."""

    def __init__(self, sheet: Sheet, subject: str, y: float) -> None:
        self.sheet, self.number, self.title = sheet, "", subject
        self.y = self._note_y = self._top = y

    def turn(self) -> None:
        """A continuation page."""
        self.sheet.new_page()
        with self.sheet.tag("P"):
            self.sheet.text(self.sheet.x(0), t.TOP + 8, f"{self.title}, continued", t.NOTE)
        self.y = self._note_y = self._top = t.TOP + 20


def _drawn(letter: OwnerLetter, pages: str) -> tuple[bytes, Sheet]:
    buffer = io.BytesIO()
    running = {
        "left": f"{KIND} · {_cut(letter.asset, 60)}",
        "right": letter.date,
        "foot": f"To the owner of {_cut(letter.asset, 44)}",
        "verify": "Evidence root",
        "code": numbers.digest_groups(letter.window_root),
        "pages": pages,
    }
    sheet = Sheet(buffer, t.A4, running)
    sheet.new_page(KIND)
    flow = _LetterFlow(sheet, _cut(letter.subject, 80), _masthead(sheet, letter))
    flow.y += 15
    below = _facts(sheet, letter, flow.y)
    flow.para(letter.subject, t.Style("Semi", 11, 15.4), gap=8)
    for paragraph in letter.opening:
        flow.para(paragraph)
    flow.y = max(flow.y, below) + 8
    _points(flow, letter)
    _exports(flow, letter)
    for title, lines in (("Please add", letter.documents), ("Form of the files", letter.form)):
        if lines:
            flow.heading(title)
            for line in lines:
                flow.para(line, gap=4)
            flow.y += 4
    for paragraph in (*letter.grounds, *letter.closing):
        flow.para(paragraph, gap=7)
    _signed(flow, letter)
    sheet.canvas.showPage()
    sheet.canvas.save()
    return buffer.getvalue(), sheet


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _masthead(sheet: Sheet, letter: OwnerLetter) -> float:
    left, right, y = sheet.left, sheet.left + t.CONTENT, 13 * t.MM
    with sheet.tag("P"):
        for k, h in enumerate((4.4, 8.2, 6.2)):
            sheet.rect(left + 3.1 * k, y + 1 - h, 2.1, h, fill=t.ACCENT)
        sheet.text(left + 13, y, _cut(letter.firm, 70), t.Style("Semi", 8.6, 11))
        sheet.text(right, y, KIND, t.Style("Text", 8.6, 11, t.INK2), align="right")
    flow, height = sheet.paragraph(esc(letter.asset), t.Style("Light", 23, 27), t.CONTENT)
    with sheet.tag("H1"):
        flow.drawOn(sheet.canvas, left, sheet.height - y - 22 - height)
    y += 28 + height
    with sheet.artifact():
        sheet.line(left, y, right, y, 1.6, t.INK)
    return float(y)


def _facts(sheet: Sheet, letter: OwnerLetter, y: float) -> float:
    x, width = sheet.x(0), sheet.span(t.NOTE_COLUMNS) - 6
    for name, value in letter.facts:
        with sheet.tag("P"):
            sheet.text(x, y + 6, name, t.Style("Text", 6.8, 9, t.INK3))
        y = sheet.para(x, y + 8, width, esc(value), SMALL) + 5
    return y


def _points(flow: Flow, letter: OwnerLetter) -> None:
    if not letter.points:
        return
    flow.heading("What is missing or cannot be used", 0)
    rows: list[list[Cell]] = [[str(p.number), p.checks, p.found, p.touches, p.instead] for p in letter.points]
    columns = [Col("", 18), Col("Check", 44), Col("Found", 178), Col("What it touches", 117), Col("What would settle it", 142)]
    flow.table(columns, rows, "What is missing or cannot be used", column=0)
    flow.y += 4


def _exports(flow: Flow, letter: OwnerLetter) -> None:
    if not letter.exports:
        return
    flow.heading("Please export", 0)
    rows: list[list[Cell]] = [[e.signal, e.level, e.sampling, e.period, e.form] for e in letter.exports]
    columns = [Col("Signal", 100), Col("Level", 92), Col("Sampling", 92), Col("Period", 100), Col("Unit and form", 115)]
    flow.table(columns, rows, "Exports that would settle the points", column=0)
    flow.y += 4


def _signed(flow: Flow, letter: OwnerLetter) -> None:
    flow.room(48)
    flow.y += 16
    flow.para(letter.signed, t.HEAD, gap=0)
    flow.para(letter.firm, t.BODY2)
