"""Page 1: where does the energy below the rating go, what would each part need, and how much of it is doubt of the measurement?

A step that is not established keeps its row and says so; where the rating or the total has no number there is no table but the reason and the cheapest test.
"""

from __future__ import annotations

import math

from workbench.report import tokens as t
from workbench.report.flow import esc, status_sign
from workbench.report.sheet import Sheet
from workbench.viewmodels import numbers
from workbench.viewmodels.claim_pictures import ClaimsPicture, WaterfallBar, WaterfallPicture

NEEDS = {  # step of the waterfall -> what would bring it back, if anything
    "Ageing (mean cell)": "permanent",
    "Weakest cell": "exchange of its module",
    "Ageing and weakest cell": "permanent, in part exchange",
    "Imbalance": "balancing: recoverable",
    "Ageing, weakest cell and imbalance": "not told apart by these data",
    "Reserve": "operator's decision",
    "Out of service": "return to service",
}
ROW, HEAD = 13.6, 15.0
NUMBER = 0.42  # share of the width at which figures end; intervals and needs follow
INTERVAL, NEED = 0.66, 0.69
CELL, DOUBT = t.Style("Text", 7.9, 10.4), t.Style("Italic", 7.9, 10.4, t.INK2)
REASON = t.Style("Italic", 8, 10.6, t.INK2)


def established(claims: ClaimsPicture | None) -> bool:
    """Whether rating and usable energy both have a number, so that there is something to divide."""
    return claims is not None and all(claims.waterfall.bars[k].kind == "total" for k in (0, -1))


def rows_of(picture: WaterfallPicture) -> tuple[tuple[str, str, str, str], ...]:
    """(step, figure, interval, need) for every step that takes something or is not established."""
    return tuple(
        (bar.name, bar.text, bar.interval, NEEDS.get(bar.name, "")) if bar.kind != "unknown" else (bar.name, "", "", "not established")
        for bar in picture.bars[1:-1]
        if bar.text != "0"
    )


def title_of(picture: WaterfallPicture) -> str:
    """``Where the 48 kWh below rating go``, as fine as the total is printed."""
    rated, usable = picture.bars[0], picture.bars[-1]
    below = numbers.number(rated.top - usable.top, _digits(usable))
    return f"Where the {below} {numbers.unit_sign(picture.caption.unit)} below rating go"


def height(picture: WaterfallPicture) -> float:
    """What heading and table take [pt]."""
    return 22.0 + HEAD + ROW * (len(rows_of(picture)) + 1)


def draw(sheet: Sheet, picture: WaterfallPicture, x: float, y: float, width: float) -> float:
    """Heading and table in ``width`` [pt] from (x, y); returns where it ends."""
    with sheet.artifact():
        sheet.line(x, y, x + width, y, 0.9, t.INK)
    y = sheet.heading(x, y + 4, title_of(picture))
    with sheet.group("Table", summary=title_of(picture)):
        heads = ("Part", numbers.unit_sign(picture.caption.unit), "95 % interval", "What it needs")
        _row(sheet, x, y, width, heads, t.TABLE_HEAD, kind="TH")
        y += HEAD
        with sheet.artifact():
            sheet.line(x, y - 3, x + width, y - 3, 0.5, t.LINE_STRONG)
        for cells in rows_of(picture):
            _row(sheet, x, y, width, cells, CELL)
            y += ROW
            with sheet.artifact():
                sheet.line(x, y - 3, x + width, y - 3, 0.3, t.HAIR_SOFT)
        usable = picture.bars[-1]
        if math.isfinite(usable.low):
            half = numbers.number((usable.high - usable.low) / 2, _digits(usable))
            _row(sheet, x, y, width, ("Measurement doubt", f"±{half}", "", "of the total: it is no loss"), DOUBT)
            y += ROW
    with sheet.artifact():
        sheet.line(x, y - 3, x + width, y - 3, 0.5, t.LINE_STRONG)
    return y


def refusal(sheet: Sheet, claims: ClaimsPicture | None, x: float, y: float, width: float) -> float:
    """Why there is no table, and what would give one; returns where it ends."""
    lacking = [bar for bar in claims.waterfall.bars if bar.kind == "unknown" and bar.why] if claims is not None else []
    why = " ".join(dict.fromkeys(bar.why for bar in lacking)) or "No study of energy stands behind this report."
    tests = " ".join(dict.fromkeys(bar.settles for bar in lacking if bar.settles))
    with sheet.artifact():
        sheet.line(x, y, x + width, y, 0.9, t.INK)
    y = sheet.heading(x, y + 4, "Usable energy, and where energy below the rating goes: not established")
    with sheet.artifact():
        status_sign(sheet, x + 5, y + 6, "none", 4)
    return sheet.para(x + 15, y, width - 15, esc(f"{why}{f' Cheapest test: {tests}' if tests else ''}"), REASON) + 8


def _digits(bar: WaterfallBar) -> int:
    return len(bar.text.partition(".")[2])


def _row(sheet: Sheet, x: float, y: float, width: float, cells: tuple[str, str, str, str], style: t.Style, kind: str = "TD") -> None:
    places = ((0.0, "left"), (NUMBER, "right"), (INTERVAL, "right"), (NEED, "left"))
    with sheet.group("TR"):
        for (share, align), cell in zip(places, cells, strict=True):
            with sheet.tag(kind, **({"scope": "Column"} if kind == "TH" else {})):
                sheet.text(x + share * width, y + 8.2, cell, style, align=align)
