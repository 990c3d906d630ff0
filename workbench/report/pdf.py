"""Print a review: contents in, PDF bytes out. Same contents, same bytes."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from reportlab.pdfgen.canvas import Canvas

from workbench.jobs.progress import Progress
from workbench.report import answer, claim_pages, curve_figure, energy_pages, figures, finish, pages, posture_page, risk_page, stress_page
from workbench.report import tokens as t
from workbench.report.contents import EvidencePicture, ReportContents
from workbench.report.contents_list import fitting, rows_of
from workbench.report.flow import Flow, esc
from workbench.report.overlay import BARE, Overlay
from workbench.report.sheet import Section, Sheet
from workbench.viewmodels import numbers
from workbench.viewmodels.charge_curves import CurvesPicture
from workbench.viewmodels.pictures import CoveragePicture, DivergencePicture, HeatmapPicture, TracesPicture

Picture = EvidencePicture | CoveragePicture

HEAD_WIDTH, FOOT_WIDTH = 330.0, 180.0  # of the words at the left of the running head and foot [pt]
DRAFT = ("Draft", "not signed, not reviewed, do not rely on any number", t.WARNING_TEXT, t.WARNING_SOFT)


def render(contents: ReportContents, progress: Progress) -> bytes:
    """The report as PDF/A-3 with two empty signature fields on its last page. Drawn twice: the first pass counts the pages and finds the sections."""
    t.register_fonts()
    progress.stage("rendering the report")
    first = _drawn(contents, "0", (), progress)[1]
    data, sheet, boxes = _drawn(contents, str(first.page), first.sections, progress)
    title = f"{contents.number}: {contents.scope.asset or contents.window.plant.site}"
    tool = f"BESS review workbench {contents.workbench_version}"
    return finish.finished(
        data, sheet, title, contents.scope.firm or "Independent reviewers", tool, contents.prepared_ns, contents.attachments, boxes
    )


def _drawn(
    contents: ReportContents, count: str, sections: Sequence[Section], progress: Progress
) -> tuple[bytes, Sheet, tuple[finish.Box, finish.Box]]:
    buffer = io.BytesIO()
    running = {
        "left": fitting(f"Independent technical review · {contents.scope.asset or contents.window.plant.site}", t.TINY, HEAD_WIDTH),
        "right": f"{contents.number} · revision {contents.document.revision} · {numbers.date(contents.prepared_ns)}",
        "foot": fitting(f"Confidential to {contents.scope.client}" if contents.scope.client else "Confidential", t.TINY, FOOT_WIDTH),
        "verify": "Verification code",
        "code": "none before signature" if contents.draft else numbers.digest_groups(contents.window_root),
        "pages": count,
    }
    sheet = Sheet(buffer, t.A4, running, DRAFT if contents.draft else None)
    answer.answer_page(sheet, contents)
    pages.mandate(sheet, contents, rows_of(sections, len(contents.document.findings)))
    for section in (pages.telemetry, posture_page.posture, pages.population, claim_pages.claims, energy_pages.energy):
        progress.checkpoint()
        section(sheet, contents)
    for number, finding in enumerate(contents.document.findings, 1):
        progress.checkpoint()
        pages.finding_page(sheet, contents, finding, number)
        stress_page.stress_page(sheet, contents, finding, number)
    risk_page.risks(sheet, contents)
    pages.methods(sheet, contents)
    boxes = pages.sign_off(sheet, contents)
    sheet.canvas.showPage()
    sheet.canvas.save()
    return buffer.getvalue(), sheet, boxes


def stamp(name: str, role: str, time_text: str, width: float = 240, height: float = 51) -> bytes:
    """What stands in a signature field: three calm lines as a one-page PDF with its own embedded font."""
    t.register_fonts()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(width, height), invariant=1, initialFontName="Text")
    canvas.setFillColor(t.PAPER)
    canvas.rect(0, 0, width, height, fill=1, stroke=0)
    canvas.setFillColor(t.ACCENT)
    canvas.rect(0, 0, 2.2, height, fill=1, stroke=0)
    for y, text, style in (
        (34, name, t.Style("Semi", 10, 12)),
        (21, role, t.Style("Text", 7.6, 9.6, t.INK2)),
        (9, time_text, t.Style("Text", 7.6, 9.6, t.INK2)),
    ):
        canvas.setFillColor(style.colour)
        canvas.setFont(style.font, style.size)
        canvas.drawString(10, y, text)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def single(picture: Picture, overlay: Overlay = BARE) -> bytes:
    """One picture on one page, as the report draws it, with what lies over it there."""
    t.register_fonts()
    buffer = io.BytesIO()
    code = numbers.digest_groups(picture.caption.window_root)
    running = {
        "left": "",
        "right": "",
        "foot": f"Window {picture.caption.window_name}",
        "verify": "Evidence root",
        "code": code,
        "pages": "1",
    }
    sheet = Sheet(buffer, t.A4, running)
    flow = Flow(sheet, "", picture.caption.title, esc(picture.caption.reduction))
    draw, height = _drawing(sheet, picture, overlay)
    detail = f"{picture.caption.quantity}, {numbers.unit_sign(picture.caption.unit)}; {picture.caption.condition or 'no condition'}; {picture.caption.method or 'from the samples'}"
    flow.figure(height, picture.caption.title, draw, "Figure", picture.caption.title, detail, column=0)
    sheet.canvas.showPage()
    sheet.canvas.save()
    return buffer.getvalue()


def _drawing(sheet: Sheet, picture: Picture, overlay: Overlay) -> tuple[Callable[[float, float, float, float], None], float]:
    if isinstance(picture, HeatmapPicture):
        return (lambda x, y, w, h: figures.heatmap(sheet, picture, x, y, w, h, overlay)), 420
    if isinstance(picture, TracesPicture):
        return (lambda x, y, w, h: figures.traces(sheet, picture, x, y, w, h, overlay)), 320
    if isinstance(picture, DivergencePicture):
        return (lambda x, y, w, h: figures.divergence(sheet, picture, x, y, w, h, overlay)), 260
    if isinstance(picture, CurvesPicture):
        return (lambda x, y, w, h: curve_figure.curves(sheet, picture, x, y, w, h, overlay)), 420
    return (lambda x, y, w, h: figures.coverage(sheet, picture, x, y, w, h)), 16 + 13.0 * len(picture.signals)
