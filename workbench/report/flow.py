"""How does text and a table of any length run over pages? Continuation pages repeat number and title; a row is never cut."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfmetrics import stringWidth

from workbench.report import tokens as t
from workbench.report.sheet import Sheet
from workbench.viewmodels import numbers

_COUNTED = re.compile(r"(?<=\b\d) (?=[a-z])|(?<=\b\d\d) (?=[a-z])")  # a small number and what it counts stay on one line
UNKNOWN = "\ufffd"  # stands where the face has no glyph; Plex has it
STATUS_COLOUR = {"good": t.GOOD, "warning": t.WARNING_TEXT, "bad": t.BAD, "none": t.INK2}


def esc(text: str) -> str:
    """Text from people and telemetry made safe for reportlab's markup; what the face cannot show becomes a visible sign, never nothing."""
    known = pdfmetrics.getFont("Text").face.charToGlyph
    together = numbers.unbroken(text)
    shown = "".join(c if ord(c) in known else " " if c in "\t\r\n" else (UNKNOWN if ord(UNKNOWN) in known else "?") for c in together)
    return escape(shown)


@dataclass(frozen=True, slots=True)
class Col:
    """A column: head, width [pt], alignment left or right, face. Where no column has a head, none is drawn and the first one names the rows."""

    title: str
    width: float
    align: str = "left"
    font: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """A sign and its word: four shapes, readable without colour."""

    text: str
    status: str


Cell = str | Status


class Flow:
    """A section being written: it knows where it is on the page and turns the page when something does not fit."""

    def __init__(self, sheet: Sheet, number: str, title: str, lead: str) -> None:
        self.sheet, self.number, self.title = sheet, number, title
        self.y = sheet.section(number, title, _COUNTED.sub("\u00a0", lead))
        self._note_y = self._top = self.y

    def room(self, height: float) -> None:
        """Turn the page unless this much fits."""
        if self.y + height > self.sheet.floor:
            self.turn()

    def turn(self) -> None:
        """A continuation page."""
        sheet = self.sheet
        sheet.new_page()
        with sheet.tag("P"):
            sheet.text(sheet.x(0), t.TOP + 8, self.number, t.Style("Light", 11, 14, t.ACCENT))
            sheet.text(sheet.x(0) + 18, t.TOP + 8, f"{self.title}, continued", t.NOTE)
        self.y = t.TOP + 20
        self._note_y = self._top = self.y

    def below_notes(self) -> None:
        """Go on below the note column, for what takes the whole width."""
        self.y = self._note_y = max(self._note_y, self.y)

    def boundary(self, shows: str, cannot: str, settles: str) -> None:
        """The claim boundary in the note column, from where the section is now."""
        self._note_y = self.sheet.boundary(self.y, shows, cannot, settles) + 8

    def note(self, label: str, body: str) -> None:
        """A note in the note column."""
        self._note_y = self.sheet.note(self._note_y, label, body)

    def _air(self, height: float) -> None:
        """Room for something that opens a thought: half a line of white before it unless it opens the page."""
        self.room(t.LINE / 2 + height)
        if self.y > self._top:
            self.y += t.LINE / 2

    def heading(self, text: str, column: int = 3) -> None:
        """A heading that keeps at least a few lines with it."""
        self._air(60)
        self.y = self.sheet.heading(self.sheet.x(column), self.y, text)

    def para(self, text: str, style: t.Style = t.BODY, column: int = 3, *, markup: bool = False, gap: float = 6) -> None:
        """A paragraph of plain text (or of our own markup), over as many pages as it needs."""
        width = self.sheet.span(12 - column)
        flow, height = self.sheet.paragraph(text if markup else esc(text), style, width)
        while self.y + height > self.sheet.floor:
            parts = flow.split(width, self.sheet.floor - self.y)
            if len(parts) > 1:
                _, used = parts[0].wrap(width, 10000)
                self._place(parts[0], column, used)
                flow = parts[1]
            self.turn()
            _, height = flow.wrap(width, 10000)
        self._place(flow, column, height)
        self.y += height + gap

    def items(self, items: Sequence[str], column: int = 3, *, markup: bool = False) -> None:
        """A numbered list with hanging numbers. An item is never cut, so it must be shorter than a page."""
        with self.sheet.group("L"):
            for number, item in enumerate(items, 1):
                flow, height = self.sheet.paragraph(item if markup else esc(item), t.BODY, self.sheet.span(12 - column) - 14)
                if self.y + height > self.sheet.floor and height < self.sheet.floor - t.TOP - 20:
                    self.turn()
                with self.sheet.group("LI"):
                    with self.sheet.tag("Lbl"):
                        self.sheet.text(self.sheet.x(column), self.y + 9.2, str(number), t.Style("Semi", 9, t.LINE, t.ACCENT))
                    with self.sheet.tag("LBody"):
                        flow.drawOn(self.sheet.canvas, self.sheet.x(column) + 14, self.sheet.height - self.y - height)
                self.y += height + 4

    def _place(self, flow: Any, column: int, height: float) -> None:
        with self.sheet.tag("P"):
            flow.drawOn(self.sheet.canvas, self.sheet.x(column), self.sheet.height - self.y - height)

    def figure(
        self,
        height: float,
        alt: str,
        draw: Callable[[float, float, float, float], None],
        number: str,
        message: str,
        detail: str,
        column: int = 3,
    ) -> None:
        """A captioned vector figure; draw(x, y, w, h) in page coordinates from the top."""
        sheet = self.sheet
        x, w = sheet.x(column), sheet.span(12 - column)
        _, cap = sheet.paragraph(esc(message), t.HEAD, w)
        _, det = sheet.paragraph(esc(detail), t.NOTE, w)
        self._air(cap + det + 14 + height)
        self.y = sheet.caption(x, self.y, w, number, esc(message), esc(detail))
        with sheet.figure(alt, x, self.y, w, height):
            draw(x, self.y, w, height)
        self.y += height + 12

    def table(
        self, columns: Sequence[Col], rows: Sequence[Sequence[Cell]], summary: str, column: int = 3, style: t.Style = t.TABLE
    ) -> None:
        """A table without vertical rules; its head repeats on every page and at least two rows stay together."""
        prepared = [self._prepare(columns, row, style) for row in rows]
        heights = [max([style.leading, *(h for _, h in cells)]) + 6 for cells in prepared]
        self.room(26 + sum(heights[:2]))
        group = self._begin(columns, summary, column)
        for index, (row, cells, height) in enumerate(zip(rows, prepared, heights, strict=True)):
            last_pair = index == len(rows) - 2
            if self.y + height + (heights[-1] if last_pair else 0) > self.sheet.floor and self.y > t.TOP + 60:
                self._end(group, columns, column)
                self.turn()
                group = self._begin(columns, summary, column)
            self._row(columns, row, cells, height, column, style)
            if index < len(rows) - 1:
                with self.sheet.artifact():
                    self.sheet.line(
                        self.sheet.x(column), self.y, self.sheet.x(column) + sum(c.width for c in columns), self.y, 0.3, t.HAIR_SOFT
                    )
        self._end(group, columns, column)
        self.y += 10

    def _prepare(self, columns: Sequence[Col], row: Sequence[Cell], style: t.Style) -> list[tuple[Any, float]]:
        made = []
        for col, cell in zip(columns, row, strict=True):
            text, indent = (cell.text, 13) if isinstance(cell, Status) else (cell, 0)
            used = t.Style(col.font, t.CODE.size, style.leading, style.colour) if col.font else style
            if isinstance(cell, Status):
                used = t.Style("Semi", style.size, style.leading, STATUS_COLOUR.get(cell.status, t.INK))
            made.append(self.sheet.paragraph(_breakable(esc(text), used, col.width - 6 - indent), used, col.width - 6 - indent))
        return made

    def _begin(self, columns: Sequence[Col], summary: str, column: int) -> Any:
        sheet = self.sheet
        group = sheet.group("Table", summary=summary)
        group.__enter__()
        x = sheet.x(column)
        if not any(c.title for c in columns):
            with sheet.artifact():
                sheet.line(x, self.y, x + sum(c.width for c in columns), self.y, 0.9, t.LINE_STRONG)
            return group
        heads = [sheet.paragraph(esc(c.title), t.TABLE_HEAD, c.width - 6) for c in columns]
        height = max(h for _, h in heads)
        with sheet.artifact():
            sheet.line(x, self.y, x + sum(c.width for c in columns), self.y, 0.9, t.LINE_STRONG)
        self.y += 4
        with sheet.group("TR"):
            for col, (flow, h) in zip(columns, heads, strict=True):
                with sheet.tag("TH", scope="Column"):
                    flow.style.alignment = 2 if col.align == "right" else 0
                    flow.drawOn(sheet.canvas, x, sheet.height - self.y - height)
                    del h
                x += col.width
        self.y += height + 3
        with sheet.artifact():
            sheet.line(sheet.x(column), self.y, x, self.y, 0.5, t.LINE_STRONG)
        return group

    def _end(self, group: Any, columns: Sequence[Col], column: int) -> None:
        with self.sheet.artifact():
            self.sheet.line(self.sheet.x(column), self.y, self.sheet.x(column) + sum(c.width for c in columns), self.y, 0.5, t.LINE_STRONG)
        with suppress(StopIteration):
            group.__exit__(None, None, None)

    def _row(
        self, columns: Sequence[Col], row: Sequence[Cell], cells: list[tuple[Any, float]], height: float, column: int, style: t.Style
    ) -> None:
        sheet = self.sheet
        x = sheet.x(column)
        headless = not any(c.title for c in columns)
        with sheet.group("TR"):
            for col, cell, (flow, h) in zip(columns, row, cells, strict=True):
                names = headless and col is columns[0]
                with sheet.tag("TH", scope="Row") if names else sheet.tag("TD"):
                    indent = 0
                    if isinstance(cell, Status):
                        status_sign(sheet, x + 4.4, self.y + 3 + style.leading * 0.48, cell.status)
                        indent = 13
                    flow.style.alignment = 2 if col.align == "right" else 0
                    flow.drawOn(sheet.canvas, x + indent, sheet.height - self.y - 3 - h)
                x += col.width
        self.y += height


def _breakable(markup: str, style: t.Style, width: float) -> str:
    """Words longer than the column get places to break: a digest or a file name must not run over its neighbour."""
    words = []
    for word in markup.split(" "):
        if stringWidth(word, style.font, style.size) <= width:
            words.append(word)
            continue
        part = ""
        for character in word:
            if stringWidth(part + character, style.font, style.size) > width and not part.rstrip().endswith("&") and "&" not in part[-6:]:
                words.append(part)
                part = ""
            part += character
        words.append(part)
    return " ".join(words)


def status_sign(sheet: Sheet, x: float, y: float, status: str, r: float = 3.8) -> None:
    """Disc with tick, half disc, square with cross, hatched square: (x, y) is the centre."""
    if status == "good":
        sheet.circle(x, y, r, fill=t.GOOD)
        sheet.polyline([(x - r * 0.48, y + r * 0.02), (x - r * 0.12, y + r * 0.4), (x + r * 0.5, y - r * 0.36)], t.PAPER, r * 0.27)
    elif status == "warning":
        canvas = sheet.canvas
        sheet.circle(x, y, r - 0.4, fill=t.PAPER, stroke=t.WARNING_TEXT, weight=0.8)
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(x - r, sheet.height - y - r, r, 2 * r)
        canvas.clipPath(path, stroke=0, fill=0)
        sheet.circle(x, y, r - 0.4, fill=t.WARNING)
        canvas.restoreState()
        sheet.circle(x, y, r - 0.4, stroke=t.WARNING_TEXT, weight=0.8)
    elif status == "bad":
        sheet.rect(x - r * 0.92, y - r * 0.92, r * 1.84, r * 1.84, fill=t.BAD)
        for side in (1, -1):
            sheet.line(x - r * 0.42, y - r * 0.42 * side, x + r * 0.42, y + r * 0.42 * side, r * 0.27, t.PAPER)
    elif status == "none":
        k = r * 0.92
        sheet.hatch(x - k, y - k, 2 * k, 2 * k, t.MISSING, 2.0, 0.55)
        sheet.rect(x - k, y - k, 2 * k, 2 * k, stroke=t.INK2, weight=0.6)
