"""Page 1: the question, the answer, why, what to do. A recipient who reads nothing else has the opinion."""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Sequence

from reportlab.pdfbase.pdfmetrics import stringWidth

from workbench.report import loss_table, range_figure
from workbench.report import tokens as t
from workbench.report.contents import ReportContents
from workbench.report.flow import esc, status_sign
from workbench.report.revisions import replaces
from workbench.report.risk_page import open_tests
from workbench.report.sheet import Sheet
from workbench.review.finding import Severity
from workbench.review.verdict import AnswerWord, Recommendation, Verdict
from workbench.viewmodels import numbers
from workbench.viewmodels.claim_pictures import ClaimsPicture
from workbench.viewmodels.tables import SEVERITY_STATUS

LOOKS = {
    AnswerWord.YES: ("good", t.GOOD, t.GOOD_SOFT, "The BMS-reported condition is sufficient for this decision."),
    AnswerWord.CONDITIONS: (
        "warning",
        t.WARNING_TEXT,
        t.WARNING_SOFT,
        "The BMS-reported condition is sufficient under the conditions below.",
    ),
    AnswerWord.NO: ("bad", t.BAD, t.BAD_SOFT, "The BMS-reported condition is not sufficient for this decision."),
    AnswerWord.NOT_ESTABLISHED: ("none", t.INK2, t.PANEL, "These data cannot carry an answer; the tests below would."),
}
SHORT = {AnswerWord.YES: "Yes", AnswerWord.CONDITIONS: "Yes, if", AnswerWord.NO: "No", AnswerWord.NOT_ESTABLISHED: "Open"}
SIGNED = 52.0  # height of the names and the words about signatures at the foot of page 1
MOST_OF_ITEM = 120  # characters of one condition, test or exclusion
MOST_TESTS = 3  # of section 8 on page 1
ITEM = t.Style("Text", 8, 10.6)
SECOND = 62.0  # height kept for next tests and what was not examined, below the conditions
MOST_UNEXAMINED = 260  # characters
MAX_ITEMS = 5  # of conditions on page 1; the rest stands on the next pages


def answer_page(sheet: Sheet, contents: ReportContents) -> None:
    """Compose page 1. Texts that are too long lose their last sentences here and stand in full on page 2; type is never shrunk."""
    scope, verdict = contents.scope, contents.document.verdict
    sheet.new_page("Answer")
    left, right, main, width = sheet.x(0), sheet.left + t.CONTENT, sheet.x(3), sheet.span(9)
    y = _masthead(sheet, contents, left, right)
    top = y + 15
    y_meta = _mandate(sheet, contents, left, top)
    with sheet.tag("P"):
        sheet.text(main, top + 6, "Question of the mandate", t.LABEL)
    y = sheet.para(main, top + 10, width, esc(clipped(scope.question, 260)), t.Style("Text", 10.6, 14.4)) + 14
    y = _answer(sheet, main, y, width, verdict)
    reason = verdict.reason if verdict else "The reviewer has not given an answer yet."
    y = sheet.para(main, y + 9, width, esc(clipped(reason, 620)), t.Style("Text", 9.6, 13.6)) + 12
    y = _recommendation(sheet, main, y, width, verdict)
    y = max(y, y_meta) + 16
    y = _figures(sheet, contents, left, y) + 12
    y = _range(sheet, contents, left, y)
    y = _lists(sheet, contents, left, y, right) + 8
    _signatures(sheet, contents, left)


def clipped(text: str, most: int) -> str:
    """The text, or its first sentences with a pointer to the rest."""
    if len(text) <= most:
        return text
    cut = text[:most].rsplit(". ", 1)[0] if ". " in text[:most] else text[: most - 1].rsplit(" ", 1)[0]
    return f"{cut.rstrip('.')} … (in full on page 2)"


def _masthead(sheet: Sheet, contents: ReportContents, left: float, right: float) -> float:
    scope = contents.scope
    y = 13 * t.MM
    with sheet.tag("P"):
        for k, h in enumerate((4.4, 8.2, 6.2)):
            sheet.rect(left + 3.1 * k, y + 1 - h, 2.1, h, fill=t.ACCENT)
        sheet.text(left + 13, y, scope.firm or "Independent reviewers", t.Style("Semi", 8.6, 11))
        sheet.text(
            right,
            y,
            f"Independent technical review for {'an' if scope.mandate.value[0] in 'aeio' else 'a'} {scope.mandate.value} decision",
            t.Style("Text", 8.6, 11, t.INK2),
            align="right",
        )
    with sheet.tag("H1"):
        flow, height = sheet.paragraph(esc(clipped(scope.asset or contents.window.plant.site, 80)), t.Style("Light", 23, 27), t.CONTENT)
        flow.drawOn(sheet.canvas, left, sheet.height - y - 22 - height)
    y += 28 + height
    with sheet.artifact():
        sheet.line(left, y, right, y, 1.6, t.INK)
    return y


def _mandate(sheet: Sheet, contents: ReportContents, x: float, y: float) -> float:
    scope, window = contents.scope, contents.window
    rows = (
        ("Client", scope.client or "not stated"),
        ("Decision", scope.mandate.value.capitalize()),
        ("Boundary", scope.boundary or "not stated"),
        (
            "Telemetry",
            f"{numbers.span(window.start_ns, window.end_ns, window.time_zone)}, {numbers.duration((window.end_ns - window.start_ns) / 1e9)}",
        ),
        ("Cells", f"{numbers.count(len(window.plant.racks), 'rack')}, {numbers.count(window.plant.n_cells, 'cell')}"),
        ("Materiality", scope.materiality or "not stated"),
        ("Report", f"{contents.number}, revision {contents.document.revision}"),
        ("Prepared", numbers.date(contents.prepared_ns)),
        *((("Replaces", replaces(contents)),) if contents.document.replaced else ()),
    )
    for label, value in rows:
        with sheet.tag("P"):
            sheet.text(x, y + 6, label, t.Style("Text", 6.8, 9, t.INK3))
        y = sheet.para(x, y + 8, sheet.span(3) - 6, esc(clipped(value, 110)), t.Style("Text", 7.6, 9.6)) + 5
    return y


def _answer(sheet: Sheet, x: float, y: float, width: float, verdict: Verdict | None) -> float:
    word = verdict.answer if verdict else AnswerWord.NOT_ESTABLISHED
    status, ink, soft, sentence = LOOKS[word]
    if verdict is None:  # what the data can carry is for the reviewer to say
        sentence = "No answer has been given yet."
    with sheet.tag("P"):
        sheet.text(x, y + 6, "Answer", t.LABEL)
        sheet.text(
            x + width,
            y + 6,
            "one of:  " + "  ·  ".join(a.value.capitalize() for a in AnswerWord),
            t.Style("Text", 7, 9, t.INK3),
            align="right",
        )
    y += 11
    with sheet.tag("P"):
        sheet.rect(x, y, width, 42, fill=soft)
        sheet.rect(x, y, 3, 42, fill=ink)
        status_sign(sheet, x + 22, y + 21, status, 7.6)
        cx = x + 39 + sheet.text(x + 39, y + 31.4, SHORT[word], t.ANSWER, colour=ink) + 20
        flow, h = sheet.paragraph(esc(sentence), t.Style("Semi", 10, 13.4), x + width - cx - 14)
        flow.drawOn(sheet.canvas, cx, sheet.height - y - 21 - h / 2)
    return y + 42


def _recommendation(sheet: Sheet, x: float, y: float, width: float, verdict: Verdict | None) -> float:
    many = len(verdict.conditions) if verdict else 0
    label = "Recommendation" + (f", with {many} condition{'s' if many > 1 else ''}" if many else "")
    with sheet.tag("P"):
        sheet.text(x, y + 6, label, t.LABEL)
        cx = x
        for one in Recommendation:
            word = one.value.capitalize()
            chosen = verdict is not None and verdict.recommendation is one
            wide = stringWidth(word, "Semi" if chosen else "Text", 9.6 if chosen else 8.6) + (14 if chosen else 0)
            if chosen:
                sheet.rect(cx, y + 11, wide, 17, fill=t.INK)
                sheet.text(cx + 7, y + 23, word, t.Style("Semi", 9.6, 12, t.PAPER))
            else:
                sheet.text(cx, y + 22.8, word, t.Style("Text", 8.6, 12, t.INK3))
            cx += wide + 22
    return y + 29


def _figures(sheet: Sheet, contents: ReportContents, left: float, y: float) -> float:
    """Four facts that were really established, with where they come from; no claim is rated here that no kernel tested."""
    checks = contents.study.checks
    counts = Counter(check.outcome.value for check in checks)
    flagged = sum(cell.status in ("bad", "warning") for cell in contents.study.cells)
    facts = (
        _usable(contents.claims),
        _judged(contents.claims),
        (
            str(flagged),
            f"of {numbers.count(len(contents.study.cells))} cells stand out",
            "cell against rack median, comparable moments only",
        ),
        (
            numbers.percent(_covered(contents), 1),
            "of cell samples received",
            f"gaps included; {counts['pass']} of {len(checks)} posture checks passed, {counts['fail']} failed, {counts['not established']} not established",
        ),
    )
    with sheet.artifact():
        sheet.line(left, y, left + t.CONTENT, y, 0.9, t.INK)
    for k, (figure, words, detail) in enumerate(facts):
        x = sheet.x(3 * k)
        with sheet.tag("P"):
            sheet.text(x, y + 26, figure, t.Style("Medium", 17, 20, t.ACCENT))
            sheet.text(x, y + 38, words, t.Style("Semi", 7.9, 10))
        sheet.para(x, y + 41, sheet.span(3) - 8, esc(detail), t.NOTE)
    return y + 66


def _range(sheet: Sheet, contents: ReportContents, left: float, y: float) -> float:
    """Usable energy beside the claim and the rating, where it is established."""
    about = tuple(claim.id for claim in contents.scope.claims if claim.quantity == "usable_energy")
    shown = range_figure.energy_range(contents.claims, about)
    if shown is None:
        return y
    with sheet.artifact():
        sheet.line(left, y, left + t.CONTENT, y, 0.9, t.INK)
    head = "Usable energy beside claim and rating" if math.isfinite(shown.claimed) else "Usable energy beside the rating"
    sheet.heading(left, y + 4, head)
    with sheet.figure(range_figure.alt(shown), left, y + 22, t.CONTENT, range_figure.HEIGHT - 22):
        range_figure.draw(sheet, shown, left, y + 22, t.CONTENT)
    return y + range_figure.HEIGHT + 16


def _usable(claims: ClaimsPicture | None) -> tuple[str, str, str]:
    """Usable energy with its interval, or that there is none."""
    last = claims.waterfall.bars[-1] if claims else None
    if claims is None or last is None or last.kind != "total":
        return "–", "usable energy not established", "the reasons and the cheapest test stand in section 6"
    unit = numbers.unit_sign(claims.waterfall.caption.unit)
    return (
        f"{last.text} {unit}",
        "usable today, DC at the racks",
        f"95 %: {claims.waterfall.headline}; rated {claims.waterfall.bars[0].text}; section 6",
    )


def _judged(claims: ClaimsPicture | None) -> tuple[str, str, str]:
    """How many claims may be used, and what became of the others."""
    cards = claims.cards if claims else ()
    if not cards:
        return "–", "no claim was tested", "the scope names none that these data could test"
    words = Counter(card.status for card in cards)
    detail = f"{words['bad']} contradicted, {words['warning']} undecided, {words['none']} not testable; section 5"
    return f"{words['good']} / {len(cards)}", "claims supported", detail


def _covered(contents: ReportContents) -> float:
    return next((check.figures["coverage_share"] for check in contents.study.checks if check.id == "DQ20"), float("nan"))


def _lists(sheet: Sheet, contents: ReportContents, left: float, y: float, right: float) -> float:
    """What is lost beside the conditions, then what to test and what nobody examined, then the tally of findings."""
    verdict = contents.document.verdict
    conditions = verdict.conditions if verdict else ()
    unexamined = (*(verdict.not_examined if verdict else ()), *contents.scope.excluded)
    floor = sheet.floor - SIGNED - 46  # the line of findings stands between
    three = ((0, "Conditions", conditions), (4, "Next tests", _next_tests(contents)), (8, "Not examined", unexamined))
    if contents.claims is None or not loss_table.established(contents.claims):
        y = loss_table.refusal(sheet, contents.claims, left, y, right - left) + 8
        y = max(_list(sheet, column, 4, y, title, items, floor) for column, title, items in three)
    elif y + loss_table.height(contents.claims.waterfall) + SECOND > floor:  # long words above took its room: section 6 holds every step
        y = max(_list(sheet, column, 4, y, title, items, floor) for column, title, items in three)
    else:
        lost = loss_table.draw(sheet, contents.claims.waterfall, left, y, sheet.span(7) - 4)
        y = max(lost, _list(sheet, 7, 5, y, "Conditions", conditions, floor - SECOND)) + 12
        low = _list(sheet, 0, 6, y, "Next tests", _next_tests(contents), floor)
        y = max(low, _sentence(sheet, 6, 6, y, "Not examined", "; ".join(unexamined), floor))
    return _tally(sheet, contents, left, y + 14, right)


def _list(sheet: Sheet, column: int, span: int, y: float, title: str, items: Sequence[str], floor: float) -> float:
    """A numbered list under its heading; what has no room is counted and stands on page 2."""
    x, wide = sheet.x(column), sheet.span(span) - 4
    with sheet.artifact():
        sheet.line(x, y, x + sheet.span(span), y, 0.9, t.INK)
    place = sheet.heading(x, y + 4, title) + 1
    if not items:
        return sheet.para(x, place, wide, "none stated", t.Style("Italic", 8, 10.6, t.INK2))
    with sheet.group("L"):
        for number, item in enumerate(items[:MAX_ITEMS], 1):
            text = esc(clipped(item, MOST_OF_ITEM))
            if place + sheet.paragraph(text, ITEM, wide - 12)[1] > floor:
                place = sheet.para(x, place, wide, f"{len(items) - number + 1} more on page 2", t.NOTE)
                break
            with sheet.group("LI"):
                with sheet.tag("Lbl"):
                    sheet.text(x, place + 8, str(number), t.Style("Semi", 8, 10.6, t.ACCENT))
                place = sheet.para(x + 12, place, wide - 12, text, ITEM, "LBody") + 3.4
    return place


def _sentence(sheet: Sheet, column: int, span: int, y: float, title: str, text: str, floor: float) -> float:
    """A short text under its heading; where it has no room it stands on page 2."""
    x, wide = sheet.x(column), sheet.span(span) - 4
    with sheet.artifact():
        sheet.line(x, y, x + sheet.span(span), y, 0.9, t.INK)
    place = sheet.heading(x, y + 4, title) + 1
    shown = esc(clipped(text, MOST_UNEXAMINED)) or "<i>none stated</i>"
    fits = place + sheet.paragraph(shown, ITEM, wide)[1] <= floor
    return sheet.para(x, place, wide, shown if fits else "on page 2", ITEM)


def _tally(sheet: Sheet, contents: ReportContents, left: float, y: float, right: float) -> float:
    """How many findings there are, and how grave."""
    findings = contents.document.findings
    with sheet.artifact():
        sheet.line(left, y, right, y, 0.9, t.INK)
    words = numbers.count(len(findings), "finding")
    sheet.heading(left, y + 4, words)
    y += 5
    tally = Counter(f.severity for f in findings)
    x = max(sheet.x(3), left + stringWidth(words, t.HEAD.font, t.HEAD.size) + 16)
    with sheet.tag("P"):
        for severity in Severity:
            if tally[severity]:
                status_sign(sheet, x + 4.4, y + 4.6, SEVERITY_STATUS[severity], 4)
                x += 13 + sheet.text(x + 13, y + 7.4, f"{tally[severity]} {severity.value}", t.Style("Text", 8, 10.6)) + 16
        if not findings:
            sheet.text(x, y + 7.4, "No adverse finding was recorded.", t.Style("Text", 8, 10.6))
    return y + 12


def _next_tests(contents: ReportContents) -> tuple[str, ...]:
    """What the reviewer asks for; where nothing was said, the tests of section 8 that settle most."""
    said = contents.document.verdict.next_tests if contents.document.verdict else ()
    return said or tuple(
        f"{textwrap.shorten(test, 90, placeholder=' …')} (T{n}, section 8)"
        for n, (test, _) in enumerate(open_tests(contents)[:MOST_TESTS], 1)
    )


def _signatures(sheet: Sheet, contents: ReportContents, left: float) -> None:
    y = sheet.floor - SIGNED
    people = (
        ("Reviewed by", contents.reviewer_name or "not signed"),
        ("To be approved by", contents.principal_name or "the principal of the firm"),
    )
    for column, (role, name) in zip((0, 6), people, strict=True):
        x = sheet.x(column)
        with sheet.tag("P"):
            sheet.line(x, y, x + sheet.span(6), y, 0.9, t.INK)
            sheet.text(x, y + 12, role, t.LABEL)
            sheet.text(x, y + 25, name, t.HEAD)
    last = sheet.running["pages"]
    text = f"Two signatures stand on page {last}. They are valid only if your PDF reader or <i>workbench verify</i> says so; the picture of a signature proves nothing."
    sheet.para(left, y + 34, t.CONTENT, text, t.TINY)
