"""A thin layer over the reportlab canvas: top-left coordinates, 12-column grid, tagged content, tables, running head and foot.

Every visible thing is either inside `tag(...)` (goes to the structure tree) or inside `artifact()` (decoration).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from workbench.report import tokens as t


@dataclass
class Element:
    """One node of the structure tree; kids are Elements or (page index, marked-content id)."""

    kind: str
    attributes: dict[str, Any] = field(default_factory=dict)
    kids: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    """A section that was begun: its lead is our own markup."""

    number: str
    title: str
    lead: str
    page: int


class Sheet:
    """One report being drawn."""

    def __init__(
        self,
        path: Any,
        size: tuple[float, float],
        running: dict[str, str],
        watermark: tuple[Any, ...] | None = None,
        language: str = "en-GB",
    ) -> None:
        self.size = size
        self.width, self.height = size
        self.left = (self.width - t.CONTENT) / 2
        self.canvas = Canvas(
            path if hasattr(path, "write") else str(path),
            pagesize=size,
            invariant=1,
            initialFontName="Text",
            pageCompression=1,
            lang=language,
        )
        self.running = running
        self.watermark = watermark
        self.root = Element("Document")
        self.stack = [self.root]
        self.marks: dict[int, list[Element]] = {}  # page index -> owners of its marked-content ids
        self.page = 0
        self.inside = False  # inside a leaf or an artifact
        self.sections: list[Section] = []

    # ------------------------------------------------------------ structure
    @contextmanager
    def group(self, kind: str, **attributes: Any) -> Iterator[Element]:
        element = Element(kind, attributes)
        self.stack[-1].kids.append(element)
        self.stack.append(element)
        yield element
        self.stack.pop()

    @contextmanager
    def tag(self, kind: str, **attributes: Any) -> Iterator[Element | None]:
        if self.inside:  # already part of a figure or a cell
            yield None
            return
        element = Element(kind, attributes)
        self.stack[-1].kids.append(element)
        with self.mark(element):
            yield element

    @contextmanager
    def mark(self, element: Element) -> Iterator[None]:
        owners = self.marks.setdefault(self.page - 1, [])
        element.kids.append((self.page - 1, len(owners)))
        self.canvas._code.append(f"/{element.kind} <</MCID {len(owners)}>> BDC")  # noqa: SLF001  reportlab offers no marked content of its own
        owners.append(element)
        self.inside = True
        yield
        self.inside = False
        self.canvas._code.append("EMC")  # noqa: SLF001  reportlab offers no marked content of its own

    @contextmanager
    def artifact(self) -> Iterator[None]:
        if self.inside:
            yield
            return
        self.canvas._code.append("/Artifact BMC")  # noqa: SLF001  reportlab offers no marked content of its own
        self.inside = True
        yield
        self.inside = False
        self.canvas._code.append("EMC")  # noqa: SLF001  reportlab offers no marked content of its own

    @contextmanager
    def figure(self, alt: str, x: float, y: float, w: float, h: float) -> Iterator[None]:
        """Vector figure with one alternative text; its inner text stays selectable."""
        with self.tag("Figure", alt=alt, box=[x, self.height - y - h, x + w, self.height - y]):
            self.canvas.saveState()
            yield
            self.canvas.restoreState()

    # ------------------------------------------------------------ grid
    def x(self, column: int) -> float:
        return self.left + column * (t.COLUMN + t.GUTTER)

    def span(self, columns: int) -> float:
        return columns * t.COLUMN + (columns - 1) * t.GUTTER

    @property
    def floor(self) -> float:
        return self.height - t.BOTTOM

    # ------------------------------------------------------------ pages
    def new_page(self, title: str | None = None) -> None:
        if self.page:
            self.canvas.showPage()
        self.page += 1
        if title:
            key = f"page{self.page}"
            self.canvas.bookmarkPage(key)
            self.canvas.addOutlineEntry(title, key, 0)
        self._running_head_and_foot()

    def _running_head_and_foot(self) -> None:
        r = self.running
        with self.artifact():
            y = 12.5 * t.MM
            if self.page > 1:
                self.text(self.left, y, r["left"], t.TINY)
                self.text(self.left + t.CONTENT, y, r["right"], t.TINY, align="right")
                self.line(self.left, y + 5, self.left + t.CONTENT, y + 5, 0.35, t.HAIR)
            y = self.height - 10.5 * t.MM
            self.line(self.left, y - 10, self.left + t.CONTENT, y - 10, 0.35, t.HAIR)
            self.text(self.left, y, r["foot"], t.TINY)
            self.text(self.left + t.CONTENT / 2 + 10, y, f"{r['verify']} ", t.TINY, align="right")
            self.text(self.left + t.CONTENT / 2 + 10, y, r["code"], t.Style("Mono", 6.6, 8, t.INK))
            self.text(self.left + t.CONTENT, y, f"{self.page} / {r['pages']}", t.Style("Semi", 6.8, 9, t.INK), align="right")
            if self.watermark:
                self._status_band(*self.watermark)

    def _status_band(self, word: str, sentence: str, colour: Any, soft: Any) -> None:
        """Draft, superseded, specimen: a band at the edge that no data can hide and no data is hidden by."""
        w = 7.2 * t.MM
        self.rect(self.width - w, 0, w, self.height, fill=soft)
        self.line(self.width - w, 0, self.width - w, self.height, 0.8, colour)
        c = self.canvas
        c.saveState()
        c.translate(self.width - w / 2 - 2.7, self.height / 2)
        c.rotate(-90)
        step = self.height / 3
        for k in (-1, 0, 1):
            full = stringWidth(word, "Semi", 8.5) + 6 + stringWidth(sentence, "Text", 7.2)
            c.setFillColor(colour)
            c.setFont("Semi", 8.5)
            c.drawString(k * step - full / 2, 0, word)
            c.setFont("Text", 7.2)
            c.setFillColor(t.INK)
            c.drawString(k * step - full / 2 + stringWidth(word, "Semi", 8.5) + 6, 0, sentence)
        c.restoreState()

    # ------------------------------------------------------------ marks on paper
    def text(self, x: float, y: float, string: str, style: t.Style, align: str = "left", colour: Any = None, tracking: float = 0) -> float:
        """One line; y is the baseline."""
        c = self.canvas
        c.setFillColor(colour or style.colour)
        width = stringWidth(string, style.font, style.size) + tracking * max(len(string) - 1, 0)
        x0 = {"left": x, "right": x - width, "centre": x - width / 2}[align]
        c.setFont(style.font, style.size)
        c.drawString(x0, self.height - y, string, charSpace=tracking)
        return float(width)

    def line(
        self, x1: float, y1: float, x2: float, y2: float, weight: float = 0.35, colour: Any = t.HAIR, dash: list[float] | None = None
    ) -> None:
        c = self.canvas
        c.setLineWidth(weight)
        c.setStrokeColor(colour)
        c.setDash(dash or [])
        c.line(x1, self.height - y1, x2, self.height - y2)
        c.setDash([])

    def rect(self, x: float, y: float, w: float, h: float, fill: Any = None, stroke: Any = None, weight: float = 0.5) -> None:
        c = self.canvas
        if fill is not None:
            c.setFillColor(fill)
        if stroke is not None:
            c.setStrokeColor(stroke)
            c.setLineWidth(weight)
        c.rect(x, self.height - y - h, w, h, fill=int(fill is not None), stroke=int(stroke is not None))

    def circle(self, x: float, y: float, r: float, fill: Any = None, stroke: Any = None, weight: float = 0.7) -> None:
        c = self.canvas
        if fill is not None:
            c.setFillColor(fill)
        if stroke is not None:
            c.setStrokeColor(stroke)
            c.setLineWidth(weight)
        c.circle(x, self.height - y, r, fill=int(fill is not None), stroke=int(stroke is not None))

    def polygon(
        self, points: list[tuple[float, float]], fill: Any = None, stroke: Any = None, weight: float = 0.7, close: bool = True
    ) -> None:
        c = self.canvas
        path = c.beginPath()
        path.moveTo(points[0][0], self.height - points[0][1])
        for px, py in points[1:]:
            path.lineTo(px, self.height - py)
        if close:
            path.close()
        if fill is not None:
            c.setFillColor(fill)
        if stroke is not None:
            c.setStrokeColor(stroke)
            c.setLineWidth(weight)
        c.drawPath(path, fill=int(fill is not None), stroke=int(stroke is not None))

    def polyline(self, points: Sequence[Sequence[float]], colour: Any, weight: float = 0.7, dash: list[float] | None = None) -> None:
        """An open line through (x, y) points. Lines of thousands of points are most of a report, so their operators are written at once."""
        c, top = self.canvas, self.height
        c.setDash(dash or [])
        c.setLineJoin(1)
        c.setLineWidth(weight)
        c.setStrokeColor(colour)
        path = " l\n".join(f"{x:.2f} {top - y:.2f}" for x, y in points)
        c._code.append(f"{path.replace(' l', ' m', 1)} l S" if len(points) > 1 else "n")  # noqa: SLF001  a path of reportlab's own takes five times as long
        c.setDash([])

    def hatch(
        self, x: float, y: float, w: float, h: float, colour: Any = t.MISSING, step: float = 2.6, weight: float = 0.45, back: Any = None
    ) -> None:
        """45-degree hatch clipped to a box: the sign for missing, or (in accent) for recoverable."""
        c = self.canvas
        c.saveState()
        if back is not None:
            self.rect(x, y, w, h, fill=back)
        path = c.beginPath()
        path.rect(x, self.height - y - h, w, h)
        c.clipPath(path, stroke=0, fill=0)
        c.setStrokeColor(colour)
        c.setLineWidth(weight)
        k = -h - ((x + y) % step)
        while k < w:
            c.line(x + k, self.height - y - h, x + k + h, self.height - y)
            k += step
        c.restoreState()

    # ------------------------------------------------------------ running text
    def paragraph(self, markup: str, style: t.Style, width: float) -> tuple[Any, float]:
        markup = re.sub(r"<sub>", f'<sub rise="{style.size * 0.18:.2f}" size="{style.size * 0.72:.2f}">', markup)
        markup = re.sub(r"<sup>", f'<super rise="{style.size * 0.34:.2f}" size="{style.size * 0.72:.2f}">', markup).replace(
            "</sup>", "</super>"
        )
        flow = Paragraph(
            markup,
            ParagraphStyle("s", fontName=style.font, fontSize=style.size, leading=style.leading, textColor=style.colour, splitLongWords=1),
        )
        _, height = flow.wrap(width, 10000)
        return flow, height

    def para(self, x: float, y: float, width: float, markup: str, style: t.Style = t.BODY, kind: str = "P") -> float:
        """Text block whose top edge is y; returns the y below it."""
        flow, height = self.paragraph(markup, style, width)
        with self.tag(kind):
            flow.drawOn(self.canvas, x, self.height - y - height)
        return y + height

    def section(self, number: str, title: str, lead: str) -> float:
        """Opening of a section page: number in the note column, message as lead. Returns y of the body."""
        self.new_page(f"{number}  {title}")
        self.sections.append(Section(number, title, lead, self.page))
        y = t.TOP
        with self.tag("H1"):
            self.text(self.x(0), y + 14, number, t.Style("Light", 18, 22, t.ACCENT))
            self.text(self.x(t.NOTE_COLUMNS), y + 14, title, t.TITLE)
        y = self.para(self.x(t.NOTE_COLUMNS), y + 24, self.span(9), lead, t.LEAD)
        return y + t.LINE

    def heading(self, x: float, y: float, string: str) -> float:
        with self.tag("H2"):
            self.text(x, y + 9, string, t.HEAD)
        return y + 16

    def boundary(self, y: float, shows: str, cannot: str, test: str) -> float:
        """Claim boundary in the note column, beside the evidence that it bounds."""
        x, w = self.x(0), self.span(t.NOTE_COLUMNS) - 2 * t.MM
        with self.group("Aside"):
            with self.artifact():
                self.line(x, y, x + w, y, 1.1, t.ACCENT)
            y += 5
            for label, body in zip(("What this shows", "What it cannot show", "What would settle it"), (shows, cannot, test), strict=True):
                with self.tag("P"):
                    self.text(x, y + 8, label, t.LABEL, colour=t.ACCENT)
                y = self.para(x, y + 11, w, body, t.NOTE) + 6
        return y

    def note(self, y: float, label: str, body: str) -> float:
        x, w = self.x(0), self.span(t.NOTE_COLUMNS) - 2 * t.MM
        with self.artifact():
            self.line(x, y, x + w, y, 0.35, t.HAIR)
        with self.tag("P"):
            self.text(x, y + 12, label, t.LABEL, colour=t.INK)
        return self.para(x, y + 15, w, body, t.NOTE) + 8

    def caption(self, x: float, y: float, width: float, number: str, message: str, detail: str) -> float:
        """Figure heading: number and message first, then what is plotted, unit, condition, reduction."""
        y = self.para(x, y, width, f'<font color="#{t.ACCENT.hexval()[2:]}">{number}</font>&nbsp;&nbsp;{message}', t.HEAD, "Caption")
        return self.para(x, y + 1, width, detail, t.NOTE) + 6
