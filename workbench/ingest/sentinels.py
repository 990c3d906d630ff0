"""Which numbers of a column are placeholders? 0, 5.0, 255 or -40 can be real: only what physics cannot follow is taken for one.

A code that lies outside what a quantity can be is masked by its bounds alone. One that lies inside is a placeholder where every run of it
jumps away from its neighbours faster than the quantity can move, or where no value of the column has as many decimals.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from msgspec.structs import replace

from workbench.asset.channels import QUANTITIES
from workbench.asset.window import FloatArray
from workbench.ingest.mapping import ColumnRule
from workbench.ingest.values import NUMBER_SENTINELS

JUMPS = {  # what one step of time cannot bring, in the unit of the quantity
    "cell_voltage_v": 0.6, "probe_temperature_degc": 15.0, "reported_soc": 0.2, "reported_soh": 0.2, "reported_cell_voltage_max_v": 0.6,
    "reported_cell_voltage_min_v": 0.6, "reported_cell_voltage_mean_v": 0.6, "reported_probe_temperature_max_degc": 15.0,
    "reported_probe_temperature_min_degc": 15.0,
}  # fmt: skip
VOLTAGE_SHARE = 0.3  # of a rack's usual voltage
CURRENT_TIMES = 3.0  # a code this many times beyond every other current
CODES = tuple(
    map(Decimal, ("65.535", "66.535", "655.35", "6553.5", "2147.484", "-2501.7", "3276.7", "-3276.8"))
)  # no logger measures these by chance
CURRENT_CODES = {*CODES, *map(Decimal, ("65535", "65534", "65024", "32767", "-32768", "4294967295", "511", "1023", "255"))}
COLD = -25.0  # a probe that was seen below may well be at -40


def decided(rules: list[ColumnRule], numbers: dict[str, FloatArray]) -> list[ColumnRule]:
    """Rules that name the placeholders of their columns, with the evidence."""
    return [_judged(rule, numbers[rule.source]) if rule.quantity in QUANTITIES and rule.source in numbers else rule for rule in rules]


def _judged(rule: ColumnRule, raw: FloatArray) -> ColumnRule:
    known = raw[np.isfinite(raw)]
    if not len(known):
        return rule
    marks, texts = [], []
    for code in sorted(NUMBER_SENTINELS):
        if not _inside(rule, code):
            continue
        hits = raw == float(code)
        if hits.any() and (text := _unreachable(rule, raw, hits, code)):
            marks.append(str(code))
            texts.append(text)
        elif not hits.any() and _never(rule, known, code):
            marks.append(str(code))
    if not marks:
        return rule
    return replace(rule, sentinels=tuple(marks), evidence="; ".join([rule.evidence, *texts]))


def _value(rule: ColumnRule, code: Decimal) -> float:
    number = abs(code) if rule.flag_sign else code
    return float(number * Decimal(rule.scale) * rule.sign + Decimal(rule.offset))


def _inside(rule: ColumnRule, code: Decimal) -> bool:
    bounds = QUANTITIES[rule.quantity]
    return bounds.low <= _value(rule, code) <= bounds.high


def _unreachable(rule: ColumnRule, raw: FloatArray, hits: np.ndarray[tuple[int], np.dtype[np.bool_]], code: Decimal) -> str:
    """Why a code that occurs can be no value of this column, or nothing."""
    scale = float(Decimal(rule.scale))
    marks = np.isin(raw, [float(v) for v in NUMBER_SENTINELS if not _plain(rule, v)])
    others = raw[np.isfinite(raw) & ~hits & ~marks]
    if rule.quantity == "rack_current_a":
        most = float(np.abs(others).max()) if len(others) else 0.0
        far = most > 0 and abs(float(code)) > (1 if code in CODES else CURRENT_TIMES) * most and code in CURRENT_CODES
        return f"{code} is {abs(float(code)) / most:.3g} times every other current" if far else ""
    limit = (
        VOLTAGE_SHARE * abs(float(np.median(others)) * scale)
        if rule.quantity == "rack_voltage_v" and len(others)
        else JUMPS.get(rule.quantity)
    )
    if limit is None:
        return ""
    if not len(others):
        return (
            f"{code} is all this column says"
            if rule.quantity.startswith("probe") and _value(rule, code) <= QUANTITIES[rule.quantity].low
            else ""
        )
    places = np.flatnonzero(np.isfinite(raw) & ~hits & ~marks)
    where = np.flatnonzero(hits)
    after = np.searchsorted(places, where)
    values = (np.abs(raw) if rule.flag_sign else raw) * scale
    own = abs(float(code)) * scale if rule.flag_sign else float(code) * scale
    jumps = np.full(len(where), np.inf)
    for side in (after - 1, after):
        there = (side >= 0) & (side < len(places))
        jumps[there] = np.minimum(jumps[there], np.abs(values[places[side[there]]] - own))
    least = float(jumps.min())
    unit = QUANTITIES[rule.quantity].unit
    return f"{code} jumps by {least:.3g} {unit} or more from its neighbours every time" if least >= limit else ""


def _plain(rule: ColumnRule, code: Decimal) -> bool:
    """Codes that are ordinary values of a column of this quantity: an uninterrupted 0 or 5 must not hide its neighbours."""
    return abs(code) <= 5 and _inside(rule, code)


def _never(rule: ColumnRule, known: FloatArray, code: Decimal) -> bool:
    """Codes that are placeholders even where the rows looked at hold none: what no sensor says by chance."""
    value, scale, offset = _value(rule, code), float(Decimal(rule.scale)), float(Decimal(rule.offset))
    if rule.quantity == "probe_temperature_degc":
        return value == QUANTITIES[rule.quantity].low and float(known.min()) * scale + offset > COLD
    low, high = float(np.abs(known).min()), float(np.abs(known).max())
    return code in CODES and rule.quantity in JUMPS and not low <= abs(float(code)) <= high
