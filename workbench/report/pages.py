"""The sections after the answer: mandate, telemetry, posture, population, findings, methods, sign-off. Only real results."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.asset.vocabulary import TERMS
from workbench.report import curve_figure, figures, letters
from workbench.report import tokens as t
from workbench.report.contents import EvidencePicture, ReportContents
from workbench.report.contents_list import contents_list
from workbench.report.design_page import design_record
from workbench.report.dismissed import dismissed
from workbench.report.flow import Cell, Col, Flow, Status, esc
from workbench.report.overlay import Overlay
from workbench.report.posture_page import coverage_alt
from workbench.report.recipe import recipe_words
from workbench.report.revisions import changed, revisions
from workbench.report.sheet import Section, Sheet
from workbench.review.finding import Finding
from workbench.viewmodels import numbers, tables
from workbench.viewmodels.charge_curves import CurvesPicture
from workbench.viewmodels.diagnosis_table import diagnosis_of, fit, standing
from workbench.viewmodels.marks import finding_marks
from workbench.viewmodels.parameters import parameters_table
from workbench.viewmodels.pictures import DivergencePicture, HeatmapPicture

LEAST_FIGURE, MOST_FIGURE, CAPTION = 118.0, 190.0, 52.0  # heights of the evidence on a page of a finding [pt]


def mandate(sheet: Sheet, contents: ReportContents, listed: Sequence[Section]) -> None:
    """1: what was asked and what the answer rests on, in full, and what stands where. listed: the rows of the list of contents."""
    scope, verdict = contents.scope, contents.document.verdict
    flow = Flow(sheet, "1", "Mandate and answer", esc(scope.question))
    flow.note(
        "How to read",
        "Figures carry a 95 % interval in square brackets. Where the data cannot carry a number, the hatched sign and a reason stand instead, with the cheapest test that would settle it.",
    )
    if verdict is not None:
        flow.heading(f"Answer: {verdict.answer.value}; recommendation: {verdict.recommendation.value}")
        flow.para(verdict.reason)
        for title, items in (
            ("Conditions", verdict.conditions),
            ("Next tests", verdict.next_tests),
            ("Not examined", (*verdict.not_examined, *scope.excluded)),
        ):
            if items:
                flow.heading(title)
                flow.items(items)
        if verdict.downside:
            flow.heading("Downside case")
            flow.para(verdict.downside)
    said = letters.sentence(letters.strange(contents.document, contents.window))
    if said:
        flow.heading("Letters that could not be printed")
        flow.para(said)
    changed(flow, contents)
    contents_list(flow, listed)
    design_record(flow, scope.design)


def telemetry(sheet: Sheet, contents: ReportContents) -> None:
    """2: what was received and what was done to it on the way in."""
    window = contents.window
    total = sum(r.count for r in window.repairs)
    lead = f"{numbers.count(window.samples, 'cell sample')} from {numbers.count(len(window.sources), 'file')}; {numbers.count(len(window.repairs), 'repair')} listed, {numbers.count(total, 'value')} touched, none silently."
    flow = Flow(sheet, "2", "Telemetry", lead)
    flow.boundary(
        "what the owner handed over and how it was read",
        "whether the logger recorded what the cells did",
        "a second export of one day from the BMS itself",
    )
    zone = window.time_zone if window.time_zone_known else f"{window.time_zone}, assumed: the files do not say"
    facts: list[list[Cell]] = [
        ["Window", numbers.span(window.start_ns, window.end_ns, window.time_zone)],
        ["From, to (UTC)", f"{numbers.timestamp(window.start_ns)} to {numbers.timestamp(window.end_ns)}"],
        ["Time zone", zone],
        ["Rows", numbers.every(window) + (f": {window.sampling_evidence}" if window.sampling != "periodic" else "")],
        ["Boundary", f"{numbers.count(len(window.plant.racks), 'rack')}, {numbers.count(window.plant.n_cells, 'cell')}"],
    ]
    flow.table([Col("Fact", 96), Col("Value", 275)], facts, "Facts of the window")
    cover = contents.coverage
    flow.figure(
        16 + 13.0 * len(cover.signals), coverage_alt(cover), lambda x, y, w, h: figures.coverage(sheet, cover, x, y, w, h), "Figure 1",
        "Coverage by signal and day", "Share of expected samples received by day at the site. Dark: complete; light: part missing, with its figure in percent; hatched: nothing received. Data: figure-1.csv.",
    )  # fmt: skip
    flow.heading("Source files, as handed over")
    flow.table(
        [Col("File", 120), Col("Size, B", 60, "right"), Col("SHA-256", 191, font="Mono")],
        [[s.name, numbers.count(s.size_bytes), s.sha256] for s in window.sources],
        "Source files with digests",
    )
    flow.heading("Repairs on import")
    if not window.repairs:
        flow.para("None were needed.")
        return
    rows = [
        [
            r.rule,
            r.place,
            numbers.count(r.count),
            r.detail + (f". {r.evidence}" if r.evidence else "") + (f" First: {r.first}." if r.first else ""),
        ]
        for r in window.repairs
    ]
    flow.table(
        [Col("Rule", 62), Col("Place", 112), Col("Count", 46, "right"), Col("What was done, and why", 151)],
        rows,
        "Repairs with count and place",
    )


def population(sheet: Sheet, contents: ReportContents) -> None:
    """4: every cell over the whole window."""
    picture = contents.heatmap
    marked = Overlay(marks=finding_marks(contents.window.id, contents.document.findings))
    flagged = [c for c in contents.study.cells if c.status != "good"]
    lead = f"{len(flagged)} of {numbers.count(len(contents.study.cells), 'cell')} stand out" + (
        f": {', '.join(c.name.replace(' · ', '·') for c in flagged[:6])}{' and others' if len(flagged) > 6 else ''}." if flagged else "."
    )
    flow = Flow(sheet, "4", "Population and divergence", esc(lead))
    flow.boundary(
        "which cells and racks stray from their own rack, and when",
        "why a cell strays; its capacity",
        "a full C/4 cycle of the racks named, cells every 10 s",
    )
    flow.note(
        "Reading the map",
        "Each pixel shows the value that strays furthest inside it: nothing is averaged away. The neutral class swallows noise and channel accuracy.",
    )
    flow.figure(
        250, heatmap_alt(picture), lambda x, y, w, h: figures.heatmap(sheet, picture, x, y, w, h, marked), "Figure 2", _heat_message(contents),
        f"{picture.caption.title}, {numbers.unit_sign(picture.caption.unit)}; {picture.caption.reduction}; window {picture.caption.window_name}, root {picture.caption.window_root[:16]}. Data: figure-2.csv.",
    )  # fmt: skip
    if contents.divergence is not None:
        shown = contents.divergence
        flow.figure(
            150, _divergence_alt(shown), lambda x, y, w, h: figures.divergence(sheet, shown, x, y, w, h), "Figure 3", _divergence_message(shown),
            f"Spread inside each rack, mV; compared at: {shown.caption.condition}; {shown.caption.reduction}. Data: figure-3.csv.",
        )  # fmt: skip
        rows: list[list[Cell]] = [
            [
                r.rack,
                numbers.number(r.last_mv),
                numbers.number(r.max_mv),
                _slope(r.slope_mv_per_day, r.slope_low, r.slope_high),
                numbers.number(r.z, 1),
                r.lowest_cell,
                Status(r.reading, r.reading_status),
            ]
            for r in shown.rows
        ]
        flow.table(
            [
                Col("Rack", 30),
                Col("Last, mV", 40, "right"),
                Col("Max, mV", 40, "right"),
                Col("Slope, mV/d", 80, "right"),
                Col("z", 26, "right"),
                Col("Lowest cell", 70),
                Col("Reading", 85),
            ],
            rows,
            "Racks by spread",
        )
    else:
        flow.para("Racks cannot be compared: no comparable moment was recorded. One full cycle with a current channel would settle it.")
    flow.note(
        "Multiplicity",
        f"At |z| ≥ {contents.study.parameters.flag_z:g}, {contents.study.false_flags_per_look:.2g} healthy cells are expected to be flagged per look; flags must also persist.",
    )


def _slope(value: float, low: float, high: float) -> str:
    return (
        f"{numbers.number(value, 1, sign=True)} [{numbers.number(low, 1)}, {numbers.number(high, 1)}]"
        if value == value
        else "not established"
    )


def _heat_message(contents: ReportContents) -> str:
    flagged = [r.rack for r in contents.study.racks if r.status != "good"]
    return (
        f"{', '.join(flagged)} hold{'s' if len(flagged) == 1 else ''} cells that stray from their rack"
        if flagged
        else "No rack holds a cell that strays persistently"
    )


def _divergence_message(picture: DivergencePicture) -> str:
    worst = picture.rows[0]
    return f"{worst.rack} has the widest spread, {numbers.number(worst.last_mv, 0, 'mV')} at last; reading: {worst.reading}"


def heatmap_alt(picture: HeatmapPicture) -> str:
    """What the heatmap says, for those who cannot see it."""
    return (
        f"Heatmap of {picture.caption.title.lower()} in {picture.caption.unit}, {len(picture.value)} rows of cells by {picture.value.shape[1]} time steps, {len(picture.racks)} racks. "
        f"Scale {picture.limit_low:g} to {picture.limit_high:g}. {picture.under_count} pixels below, {picture.over_count} above, {100 * picture.missing_share:.1f} percent without data, {int(picture.spike.sum())} ringed because one sample strays. {picture.caption.reduction}."
    )


def _divergence_alt(picture: DivergencePicture) -> str:
    return (
        "Lines of cell spread in mV per rack over time. "
        + "; ".join(f"{r.rack} last {r.last_mv:.0f} mV, {r.reading}" for r in picture.rows[:6])
        + "."
    )


def finding_page(sheet: Sheet, contents: ReportContents, finding: Finding, index: int) -> None:
    """7.n: one finding with its evidence."""
    flow = Flow(sheet, f"7.{index}", f"Finding {finding.id}", esc(finding.title))
    flow.boundary(
        "what was seen in this window at this place",
        "what is not in these data; see other explanations",
        esc(finding.settles or "not stated"),
    )
    place = tables.where(finding.selection, contents.window)
    zone = contents.window.time_zone
    rows: list[list[Cell]] = [
        ["Severity", Status(finding.severity.value, tables.SEVERITY_STATUS[finding.severity])],
        ["Confidence", tables.confidence(finding)],
        ["Bears on", tables.bearing(finding)],
        ["Where", place],
        ["When", f"{numbers.timestamp(finding.selection.start_ns, zone)} to {numbers.timestamp(finding.selection.end_ns, zone)}"],
        ["Recorded", f"{finding.author}, {numbers.timestamp(finding.created_ns)}"],
    ]
    flow.table([Col("", 76), Col("", 295)], rows, "Facts of the finding")
    for title, text in (
        ("Observation", finding.observation),
        ("Meaning", finding.meaning),
        ("Other explanations", finding.alternatives),
        ("What would settle it", finding.settles),
    ):
        if text.strip():
            flow.heading(title)
            flow.para(text)
    _causes(flow, contents, finding)
    pictures = contents.evidence.get(finding.id, ())
    share = (sheet.floor - flow.y) / max(len(pictures), 1) - CAPTION  # all figures on this page where they stay readable
    height = share if share >= LEAST_FIGURE else MOST_FIGURE
    place_ = finding_marks(contents.window.id, (finding,))
    for k, (picture, pinned) in enumerate(zip(pictures, finding.evidence, strict=False), 1):
        _evidence(sheet, flow, picture, f"Figure {finding.id}.{k}", Overlay(pinned.pointers, place_), min(height, MOST_FIGURE))
    for number, evidence in enumerate(finding.evidence, 1):
        flow.note(f"Recipe of figure {finding.id}.{number}", esc(recipe_words(evidence, f"{finding.id}-{number}.csv")))
        for pointer in (p for p in evidence.pointers if p.text):
            flow.para(f"Marked on {esc(evidence.title.lower())}: {esc(pointer.text)}", t.BODY2, gap=3)
    for comment in finding.comments:
        flow.para(f"{comment.author} ({comment.role}): {comment.text}", t.BODY2, gap=3)


def _causes(flow: Flow, contents: ReportContents, finding: Finding) -> None:
    """The causes of the finding's cell in the order of its signs, where the study of the same window has ranked them."""
    place = finding.selection
    one = diagnosis_of(contents.study, place.rack, place.cells[:1]) if place.window_id == contents.window.id else None
    if one is None:
        return
    flow.heading("Causes, ranked by the signs")
    flow.para(esc(one.sentence))
    rows: list[list[Cell]] = [[cause.cause, fit(cause, one), cause.speaks_for[0] if cause.speaks_for else "–"] for cause in standing(one)]
    if rows:
        flow.table(
            [Col("Cause not excluded", 120), Col("Fits", 70), Col("What speaks for it most", 181)], rows, "Causes that no sign excludes"
        )
        flow.para(esc(f"To tell the first two apart: {one.settles}"), t.BODY2, gap=3)
    if one.unseen:
        flow.para(esc(f"Not observed in this window: {', '.join(one.unseen)}."), t.BODY2, gap=3)


def _evidence(sheet: Sheet, flow: Flow, picture: EvidencePicture, number: str, overlay: Overlay, height: float) -> None:
    detail = f"{picture.caption.reduction}; {picture.caption.condition + '; ' if picture.caption.condition else ''}window {picture.caption.window_name}, root {picture.caption.window_root[:16]}."
    if isinstance(picture, HeatmapPicture):
        flow.figure(
            height,
            heatmap_alt(picture),
            lambda x, y, w, h: figures.heatmap(sheet, picture, x, y, w, h, overlay),
            number,
            picture.caption.title,
            detail,
        )
    elif isinstance(picture, DivergencePicture):
        flow.figure(
            height,
            _divergence_alt(picture),
            lambda x, y, w, h: figures.divergence(sheet, picture, x, y, w, h, overlay),
            number,
            picture.caption.title,
            detail,
        )
    elif isinstance(picture, CurvesPicture):
        flow.figure(
            height * (1.5 if len(picture.panels) > 1 else 1.0),
            f"{picture.caption.title}: "
            + "; ".join(f"{p.title} in {p.unit} over {p.x_title.lower()}, {len(p.curves)} curves" for p in picture.panels),
            lambda x, y, w, h: curve_figure.curves(sheet, picture, x, y, w, h, overlay),
            number,
            picture.caption.title,
            detail,
        )
    else:
        alt = f"{picture.caption.title}: " + "; ".join(f"{p.title} in {p.unit}, {len(p.lines)} lines" for p in picture.panels)
        flow.figure(
            height, alt, lambda x, y, w, h: figures.traces(sheet, picture, x, y, w, h, overlay), number, picture.caption.title, detail
        )


def methods(sheet: Sheet, contents: ReportContents) -> None:
    """9: methods, versions, limits, glossary."""
    study = contents.study
    flow = Flow(
        sheet,
        "9",
        "Methods, limits, words",
        f"All figures were made by {esc(study.method)} of the BESS review workbench {esc(contents.workbench_version)} from the window with the root on the last page.",
    )
    flow.heading("How cells and racks are compared")
    flow.para(
        "Charge and discharge passes are found from the current; a pass ends at its limit when the leading cell comes near the extreme of the window. Cells are compared with the median cell of their own rack "
        "in comparable moments only: end of charge, end of discharge, the middle of passes, settled rest. Each cycle is one look; the deviation of a cell is the median over looks, its robust z counts in median absolute deviations of the rack, never finer than the channel's quantum or 1 mV. "
        "A cell is flagged when it strays beyond the threshold and persists. Response to load is the difference of deviation between charge and discharge over the difference of current, at the temperatures met; it is not a data-sheet resistance."
        " Trends are least squares over looks with a 95 % t interval."
    )
    flow.heading("How charge is counted")
    flow.para(
        "Each sample of current holds until the next, never across a gap. Capacity is the mean of both directions between reached limits, so that a sensor offset cancels; a gain error does not, so its accuracy must be declared, or no capacity is stated."
    )
    flow.heading("How cells are measured")
    flow.para(
        "The capacity of a cell is what its string gave plus what the cell still had to go at both ends, read from the leading cell's own resistance-corrected curve, only where that curve is steep; elsewhere a cell has a lower bound or nothing. "
        "Relative charge is matched at the graphite step of mid charge with a free offset per channel; its trend is the leakage. Shares of the string hold whatever the gain of the current sensor; ampere-hours and energy carry it as declared, or assumed wide where nobody declared it."
    )
    flow.heading("How a claim is judged")
    flow.para(
        "Claim s, interval [L, U], materiality m: contradicted if s lies outside [L − m, U + m]; supported if the interval is within 2 m and its middle within m of s; otherwise not contradicted, but the evidence is too wide; not testable where the gate of the method was closed."
    )
    flow.heading("Parameters of the study")
    chosen = parameters_table(study.parameters)
    rows: list[list[Cell]] = [[cell.text for cell in row] for row in chosen.rows]
    flow.table([Col("Parameter", 206), Col("Value", 80, "right"), Col("Origin", 85)], rows, chosen.title)
    dismissed(flow, contents)
    flow.heading("Limits of this opinion")
    flow.para(
        "It rests on the telemetry named in section 2 and on nothing else; the asset was not visited. What lies outside the boundary or was not recorded is not covered. Events shorter than the sampling period cannot be seen. "
        "Power, lifetime and electrochemical condition are not part of this version and are not implied."
    )
    flow.heading("Words")
    for term in TERMS.values():
        flow.para(
            f"<b>{esc(term.word)}</b>{' [' + esc(term.unit) + ']' if term.unit else ''}   {esc(term.meaning)}",
            t.Style("Text", 7.9, 10.4),
            markup=True,
            gap=2,
        )


def sign_off(sheet: Sheet, contents: ReportContents) -> tuple[tuple[float, float, float, float], tuple[float, float, float, float]]:
    """The last page: two signature fields, evidence root, how to check. Returns the boxes of both fields in PDF coordinates."""
    flow = Flow(sheet, "10", "Sign-off", "Both signatures cover every byte of this document and its attachments; the principal signs last.")
    boxes = []
    y = flow.y
    for column, (role, name) in zip(
        (0, 6),
        (("Reviewed by", contents.reviewer_name or "reviewer"), ("Approved by", contents.principal_name or "principal")),
        strict=True,
    ):
        x, w = sheet.x(column), sheet.span(6)
        with sheet.tag("P"):
            sheet.line(x, y, x + w, y, 0.9, t.INK)
            sheet.text(x, y + 12, role, t.LABEL)
            sheet.text(x, y + 25, name, t.HEAD)
        sheet_box = (x, sheet.height - y - 84, x + w - 6, sheet.height - y - 33)
        with sheet.artifact():
            sheet.rect(x, y + 33, w - 6, 51, fill=t.PANEL)
        boxes.append(sheet_box)
    flow.y = y + 104
    flow.heading("Evidence root of the window", 0)
    root = [contents.window_root[4 * k : 4 * k + 4].upper() for k in range(16)]
    with sheet.tag("P"):
        for k, group in enumerate(root):
            style = t.Style("MonoMed" if k < 4 else "Mono", 9, 12, t.INK if k < 4 else t.INK2)
            sheet.text(sheet.x(0) + (k % 8) * 34, flow.y + 9 + 13 * (k // 8), group, style)
    flow.y += 38
    rows: list[list[Cell]] = [
        ["Window", f"{contents.window.name} ({contents.window.id})"],
        ["Journal", f"{numbers.count(contents.journal_count, 'entry', 'entries')}, head {contents.journal_head}"],
        ["Attached", ", ".join(a.name for a in contents.attachments)],
        ["Revision", f"{contents.document.revision}, prepared {numbers.timestamp(contents.prepared_ns)}"],
    ]
    flow.table([Col("What the signatures bind", 96), Col("", 400)], rows, "What the signatures bind", column=0)
    revisions(flow, contents)
    flow.heading("Check this yourself", 0)
    steps = (
        "Open the signature panel of your PDF reader. The last signature must be the principal's and must cover the whole document; with poppler, <i>pdfsig</i> must say “Total document signed”.",
        "Compare the fingerprint of the firm's root certificate with the one in your engagement letter. The telephone number to trust is there too, not here.",
        "Run <i>workbench verify REPORT.pdf</i>: it checks roles, order, time stamps, attachments and every byte, and names the first rule that fails.",
        "With the project folder, run <i>workbench verify REPORT.pdf --project PROJECT --recompute</i>: every figure is made again from the cells and compared.",
    )
    flow.items(steps, 0, markup=True)
    flow.para("A printed copy of this page proves nothing.", t.BODY2, 0)
    return boxes[0], boxes[1]
