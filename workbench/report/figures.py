"""Pictures drawn on paper: vector, labels at the data, colours with meaning only. Coordinates are points from the top left of the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from PIL import Image
from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth

from workbench.asset.runs import stretches
from workbench.asset.window import FloatArray
from workbench.report import tokens as t
from workbench.report.flow import status_sign
from workbench.report.overlay import BARE, Frame, Overlay, Place, draw_pointers, over_heatmap
from workbench.report.sheet import Sheet
from workbench.viewmodels import numbers
from workbench.viewmodels.colours import HATCH, OVER, UNDER, classify, colours
from workbench.viewmodels.coverage import COMPLETE, NOTHING, cell_text, total_text
from workbench.viewmodels.pictures import CoveragePicture, DivergencePicture, HeatmapPicture, Line, TracePanel, TracesPicture
from workbench.viewmodels.row_places import rack_span, rows_under, share_at
from workbench.viewmodels.ticks import time_ticks, value_ticks

OVER_INK, UNDER_INK = "#A325FA", "#0B0614"
HATCH_LIGHT = "#F1F2F4"
GUTTER = 40.0
Scale = TypeVar("Scale", float, FloatArray)
BAR = 64.0


def heatmap(sheet: Sheet, picture: HeatmapPicture, x: float, y: float, w: float, h: float, overlay: Overlay = BARE) -> None:
    """Cells x time as an image of the exact array, with rack names, days, colour bar and counts beyond the scale."""
    left, right, bottom = x + GUTTER, x + w - BAR, y + h - 26
    classes = classify(picture)
    sheet.canvas.drawImage(ImageReader(_image(picture, classes)), left, sheet.height - bottom, right - left, bottom - y)
    _no_data(sheet, classes, left, y, right - left, bottom - y)
    _beyond(sheet, picture, classes, left, y, right - left, bottom - y)
    for rack in picture.racks:
        first, last = rack_span(picture, rack)
        top, tall = y + (bottom - y) * first, (bottom - y) * (last - first)
        if rack.first_row:
            sheet.line(left, top, right, top, 0.4, t.PAPER)
        if tall >= 7:
            sheet.text(left - 6, top + tall / 2 + 2.4, rack.rack, t.AXIS, align="right")
    over_heatmap(sheet, picture, Frame(left, y, right - left, bottom - y), overlay)
    _time_axis(sheet, int(picture.edges_ns[0]), int(picture.edges_ns[-1]), picture.caption.time_zone, left, right, bottom)
    _colour_bar(sheet, picture, right + 14, y, bottom - y)
    _counts(sheet, picture, left, x + w, y + h - 3)


def _image(picture: HeatmapPicture, classes: np.ndarray[tuple[int, int], np.dtype[np.uint8]]) -> Image.Image:
    """One image pixel per value, enlarged by whole factors so that no viewer smooths it."""
    table = np.full((256, 3), 255, np.uint8)
    for i, colour in enumerate(colours(picture.colour_map)):
        table[i] = _rgb(colour)
    table[UNDER], table[OVER], table[HATCH] = _rgb(UNDER_INK), _rgb(OVER_INK), _rgb(HATCH_LIGHT)
    shown = classes if picture.row_edges is None else classes[rows_under(picture, 1000)]
    image = Image.fromarray(table[shown])
    factor = max(1, round(900 / max(image.width, 1))), max(1, round(500 / max(image.height, 1)))
    return image.resize((image.width * factor[0], image.height * factor[1]), Image.Resampling.NEAREST)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _no_data(sheet: Sheet, classes: np.ndarray[tuple[int, int], np.dtype[np.uint8]], x: float, y: float, w: float, h: float) -> None:
    """Hatch over columns in which nothing at all was received, and over whole blocks of rows."""
    empty = (classes == HATCH).all(axis=0)
    for first, last in stretches(empty):
        sheet.hatch(x + w * first / len(empty), y, w * (last - first) / len(empty), h, step=3.0, weight=0.4)


def _beyond(
    sheet: Sheet, picture: HeatmapPicture, classes: np.ndarray[tuple[int, int], np.dtype[np.uint8]], x: float, y: float, w: float, h: float
) -> None:
    """A mark of at least 1.6 pt for every value beyond the scale: one sample of one cell must survive printing."""
    for value, ink in ((UNDER, UNDER_INK), (OVER, OVER_INK)):
        rows, columns = np.nonzero(classes == value)
        if not len(rows) or len(rows) > 6000:  # so many are visible by themselves
            continue
        wide = w / classes.shape[1]
        colour = HexColor(ink)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            top = h * share_at(picture, row)
            high = h * share_at(picture, row + 1) - top
            sheet.rect(
                x + column * wide - max(0.8 - wide / 2, 0),
                y + top - max(0.8 - high / 2, 0),
                max(wide, 1.6),
                max(high, 1.6),
                fill=colour,
            )


def _colour_bar(sheet: Sheet, picture: HeatmapPicture, x: float, y: float, h: float) -> None:
    table = colours(picture.colour_map)
    step = h / len(table)
    for i, colour in enumerate(table):
        sheet.rect(x, y + h - (i + 1) * step, 9, step + 0.2, fill=HexColor(colour))
    unit = numbers.unit_sign(picture.caption.unit)
    deviation = picture.colour_map == "diverging"
    values = np.linspace(picture.limit_low, picture.limit_high, 5)
    for k, value in enumerate(values):
        place = y + h - h * (value - picture.limit_low) / (picture.limit_high - picture.limit_low)
        text = numbers.number(float(value), 0 if deviation else 2, sign=deviation) + (f" {unit}" if k == 4 else "")
        sheet.text(x + 13, place + 2.4, text, t.AXIS)


def _counts(sheet: Sheet, picture: HeatmapPicture, x: float, end: float, y: float) -> None:
    """What lies beyond the scale, strays or is missing, in one line from x, or ending at `end` where it is long."""
    digits, unit = (0, "mV") if picture.colour_map == "diverging" else (2, "V")
    parts = [
        (UNDER_INK, f"below {numbers.number(picture.limit_low, digits, unit)}: {numbers.count(picture.under_count, 'pixel')}"),
        (
            OVER_INK,
            f"above {numbers.number(picture.limit_high, digits, unit, sign=digits == 0)}: {numbers.count(picture.over_count, 'pixel')}",
        ),
        ("ring", f"one-sample excursions: {numbers.count(int(picture.spike.sum()))}"),
        ("", f"no data: {numbers.small_percent(picture.missing_share)}"),
    ]
    words = sum(9 + stringWidth(text, t.AXIS.font, t.AXIS.size) for _, text in parts)
    gap = min(9.0, (end - x + GUTTER - words) / (len(parts) - 1))
    x = min(x, end - words - gap * (len(parts) - 1))
    for ink, text in parts:
        if ink == "ring":
            sheet.rect(x + 0.3, y - 5, 4.6, 4.6, stroke=t.INK, weight=0.5)
        elif ink:
            sheet.rect(x, y - 5, 5, 5, fill=HexColor(ink))
        else:
            sheet.hatch(x, y - 5, 5, 5, step=2)
        x += 9 + sheet.text(x + 9, y, text, t.AXIS) + gap


def _time_axis(sheet: Sheet, start_ns: int, end_ns: int, zone: str, left: float, right: float, y: float, *, rule: bool = False) -> None:
    """Days, or hours where the span is short; only as many labels as fit."""
    if rule:
        sheet.line(left, y, right, y, 0.5, t.INK3)
    for time_ns, text in time_ticks(start_ns, end_ns, zone, max(int((right - left) // 48), 2)):
        place = left + (right - left) * (time_ns - start_ns) / (end_ns - start_ns)
        sheet.line(place, y, place, y + 2.5, 0.4, t.INK3)
        sheet.text(place, y + 10, text, t.AXIS, align="centre" if place < right - 12 else "right")


def divergence(sheet: Sheet, picture: DivergencePicture, x: float, y: float, w: float, h: float, overlay: Overlay = BARE) -> None:
    """Spread per rack over time against the fleet band; flagged racks named at their lines, the limit dashed."""
    left, right, bottom = x + GUTTER, x + w - 40, y + h - 16
    y += 8  # the unit stands above the axis, below the caption
    points = [line for line in picture.lines if len(line.time_ns)]
    start = min(int(line.time_ns[0]) for line in points)
    end = max(int(line.time_ns[-1]) for line in points)
    end = max(end, start + 3_600_000_000_000)
    top = max([float(np.nanmax(line.high)) for line in points] + [picture.limit_mv or 0.0]) * 1.08

    low = min([float(np.nanmin(line.low)) * 1.08 for line in points] + [0.0])  # below nothing only against a baseline

    def px(time_ns: int) -> float:
        return left + (right - left) * (time_ns - start) / (end - start)

    def py(value: float) -> float:
        return bottom - (bottom - y) * (value - low) / max(top - low, 1e-9)

    for value in value_ticks(low, top)[0]:
        sheet.line(left, py(value), right, py(value), 0.3, t.HAIR_SOFT)
        sheet.text(left - 5, py(value) + 2.4, numbers.number(value), t.AXIS, align="right")
    sheet.text(left - 5, y - 4, "mV", t.AXIS, align="right")
    if picture.band is not None and len(picture.band.time_ns) > 1:
        band = picture.band
        edge = [(px(int(a)), py(float(b))) for a, b in zip(band.time_ns, band.high, strict=True)]
        edge += [(px(int(a)), py(float(b))) for a, b in zip(band.time_ns[::-1], band.low[::-1], strict=True)]
        sheet.polygon(edge, fill=t.ACCENT_SOFT)
    for line in points:
        quiet = line.role == "quiet"
        sheet.polyline(
            [(px(int(a)), py(float(b))) for a, b in zip(line.time_ns, line.mid, strict=True)],
            t.HAIR if quiet else t.ACCENT,
            0.4 if quiet else 1.1,
        )
    if picture.limit_mv:
        sheet.line(left, py(picture.limit_mv), right, py(picture.limit_mv), 0.6, t.INK, [3, 2])
        sheet.text(left + 3, py(picture.limit_mv) - 3, f"limit {numbers.number(picture.limit_mv, 0, 'mV')}, {picture.limit_source}", t.AXIS)
    _end_labels(sheet, [line for line in points if line.role != "quiet"], py, right + 4, y, bottom)
    draw_pointers(sheet, overlay.pointers, lambda time_ns, value: (px(time_ns), py(value)), Frame(left, y, right - left, bottom - y))
    _time_axis(sheet, start, end, picture.caption.time_zone, left, right, bottom, rule=True)


def _end_labels(sheet: Sheet, lines: list[Line], py: Callable[[float], float], x: float, top: float, bottom: float) -> None:
    """Names at the ends of lines, pushed apart so that none covers another."""
    ended = [(line, line.mid[np.isfinite(line.mid)]) for line in lines]
    places = sorted(((py(float(mid[-1])), line) for line, mid in ended if len(mid)), key=lambda p: p[0])
    last = top - 8.0
    for place, line in places:
        last = min(max(place, last + 8), bottom)
        ink = t.ACCENT if line.role == "subject" else t.INK2
        sheet.text(x, last + 2.4, line.name.split(" · ")[-1], t.Style("Semi", 6.8, 8.6, ink))


def traces(sheet: Sheet, picture: TracesPicture, x: float, y: float, w: float, h: float, overlay: Overlay = BARE) -> None:
    """Panels below each other on one time axis: the chosen cells, their rack's band, then rack signals. Pointers stand in the first panel."""
    left, right = x + GUTTER, x + w - 44
    shares = [2.2 if i == 0 else 1.0 for i in range(len(picture.panels))]
    free = h - 26 - 12 * (len(shares) - 1)
    top = y + 10
    for number, (panel, share) in enumerate(zip(picture.panels, shares, strict=True)):
        tall = free * share / sum(shares)
        place = _panel(sheet, panel, picture.start_ns, picture.end_ns, left, right, top, top + tall)
        if number == 0:
            draw_pointers(sheet, overlay.pointers, place, Frame(left, top, right - left, tall))
        top += tall + 12
    _time_axis(sheet, picture.start_ns, picture.end_ns, picture.caption.time_zone, left, right, y + h - 16, rule=True)


def _panel(sheet: Sheet, panel: TracePanel, start: int, end: int, left: float, right: float, top: float, bottom: float) -> Place:
    """Draws one panel; returns where an instant and a value stand in it."""
    low, high = _reach(panel)

    def px(time_ns: Scale) -> Scale:
        return left + (right - left) * (time_ns - start) / (end - start)

    def py(value: Scale) -> Scale:
        return bottom - (bottom - top) * (value - low) / (high - low)

    ticks, digits = value_ticks(low, high, min(max(int((bottom - top) / 14), 2), 5))
    for value in ticks:
        sheet.line(left, py(value), right, py(value), 0.3, t.HAIR_SOFT)
        sheet.text(left - 5, py(value) + 2.4, numbers.number(value, digits), t.AXIS, align="right")
    sheet.text(left, top - 3, f"{panel.title}, {numbers.unit_sign(panel.unit)}" if panel.unit else panel.title, t.AXIS)
    if panel.band is not None:
        for part in _parts(panel.band):
            x = px(part.time_ns.astype(float))
            edge = np.column_stack([np.r_[x, x[::-1]], py(np.r_[part.high, part.low[::-1]])]).tolist()
            if len(edge) > 3:
                sheet.polygon(edge, fill=t.ACCENT_SOFT)
            sheet.polyline(np.column_stack([x, py(part.mid)]).tolist(), t.INK3, 0.5)
    for line in reversed(panel.lines):
        subject = line.role == "subject"
        for part in _parts(line):
            points = _extremes(part, px, py)
            if len(points) > 1:
                sheet.polyline(points, t.ACCENT if subject else t.INK2, 0.9 if subject else 0.6)
    named = [line for line in panel.lines[:4] if line.role == "subject" or len(panel.lines) > 1]
    _end_labels(sheet, named, py, right + 4, top, bottom)
    return lambda time_ns, value: (px(time_ns), py(value))


def _extremes(line: Line, px: Callable[[FloatArray], FloatArray], py: Callable[[FloatArray], FloatArray]) -> list[list[float]]:
    """Lowest and highest of each column, one after the other where they differ: nothing is averaged away."""
    x = np.repeat(px(line.time_ns.astype(float)), 2)
    y = py(np.column_stack([line.low, line.high]).ravel())
    kept = np.column_stack([np.ones(len(line.low), bool), line.high > line.low]).ravel()
    return np.column_stack([x, y])[kept].tolist()  # type: ignore[no-any-return]


def _reach(panel: TracePanel) -> tuple[float, float]:
    """Lowest and highest value of everything in a panel, with some air."""
    everything = [*panel.lines, *([panel.band] if panel.band else [])]
    finite = [v[np.isfinite(v)] for line in everything for v in (line.low, line.high)]
    joined = np.concatenate([v for v in finite if len(v)] or [np.zeros(1)])
    low, high = float(joined.min()), float(joined.max())
    pad = max((high - low) * 0.06, 1e-3)
    return low - pad, high + pad


def _parts(line: Line) -> list[Line]:
    """A line cut at its NaN points."""
    good = np.isfinite(line.mid)
    return [Line(line.name, line.time_ns[a:b], line.low[a:b], line.mid[a:b], line.high[a:b], line.role) for a, b in stretches(good)]


def coverage(sheet: Sheet, picture: CoveragePicture, x: float, y: float, w: float, h: float) -> None:
    """Signal x day: complete stays quiet, incomplete says its figure, absent is one hatched row; interval before, total behind."""
    name_w, total_w = 122.0, 42.0
    left, days = x + name_w, len(picture.day_start_ns)
    tall = (h - 14) / max(len(picture.signals), 1)
    wide = (w - name_w - total_w) / max(days, 1)
    edge = 0.3 if wide > 3 else 0.0
    figure = t.Style("Text", 6.4, 8, t.INK)
    for row, name in enumerate(picture.signals):
        top, base = y + row * tall, y + row * tall + tall / 2 + 2.4
        sheet.text(x, base, name, t.Style("Text", 7, 8.6, t.INK))
        sheet.text(left - 7, base, picture.interval[row], t.AXIS, align="right")
        sheet.text(x + w, base, total_text(float(picture.total[row])), t.Style("Text", 7, 8.6, t.INK), align="right")
        if not np.isfinite(picture.share[row]).any():
            sheet.hatch(left + edge, top + 1.6, days * wide - 2 * edge, tall - 3.2, step=3)
            continue
        for day in range(days):
            share = float(picture.share[row, day])
            place = left + day * wide
            if not share > NOTHING:
                sheet.hatch(place + edge, top + 1.6, wide - 2 * edge, tall - 3.2, step=3)
                continue
            sheet.rect(place + edge, top + 1.6, wide - 2 * edge, tall - 3.2, fill=t.ACCENT if share >= COMPLETE else t.ACCENT_SOFT)
            if wide > 14 and cell_text(share):
                sheet.text(place + wide / 2, base, cell_text(share), figure, align="centre")
    every = max(1, -(-days * 30 // max(int(days * wide), 1)))
    for k in range(0, days, every):
        when = numbers.moment(int(picture.day_start_ns[k]), picture.caption.time_zone)
        sheet.text(left + k * wide, y + h - 4, f"{when.day} {numbers.MONTHS[when.month - 1]}", t.AXIS)


def legend_of_signs(sheet: Sheet, x: float, y: float) -> None:
    """The four signs and what they mean, in one line."""
    for status, word in (("good", "pass"), ("warning", "degraded"), ("bad", "fail"), ("none", "not established")):
        status_sign(sheet, x + 4, y - 2.6, status)
        x += 12 + sheet.text(x + 12, y, word, t.NOTE) + 14
