"""In which unit, with which offset, and under which names do the probes of temperature stand? Their scale is told by the BMS's own maximum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from msgspec.structs import replace

from workbench.asset.channels import OTHER_PREFIX
from workbench.asset.window import FloatArray
from workbench.ingest.across_columns import per_row
from workbench.ingest.mapping import ColumnRule
from workbench.ingest.tags import parse
from workbench.ingest.values import NUMBER_SENTINELS

TEMPERATURES = {"degF": ("0.555555555555556", "-17.777777777777778"), "K": ("1", "-273.15")}  # stated unit -> scale and offset to degC
PROBE = "probe_temperature_degc"
SHARE = 0.9  # of the rows in which the warmest probe is what the BMS reports
LEAST_OFFSET, MOST_OFFSET, USUAL_OFFSET = 10, 60, 40  # of counts that shall not be negative
WARM = 55.0  # a battery that is kept so warm is not kept long
KELVIN = (263.0, 323.0)  # where a temperature of a room lies in kelvin; in tenths of a degree it would be one, too


def decided(rules: list[ColumnRule], numbers: Mapping[str, FloatArray]) -> list[ColumnRule]:
    """Probe temperatures, rack by rack: their unit and offset (often 40), and probes under another name."""
    for rack in sorted({r.rack for r in rules if r.quantity == PROBE}):
        mine = [r for r in rules if r.quantity == PROBE and r.rack == rack]
        raw = np.array([_without_sentinels(numbers[r.source]) for r in mine])
        top = per_row(np.nanmax, list(raw))
        reported = next((r for r in rules if r.quantity == "reported_probe_temperature_max_degc" and r.rack == rack), None)
        told = _told(mine, top, reported, numbers)
        rules = _hidden_probe(rules, numbers, raw, rack)
        rules = [told.of(r) if r.quantity == PROBE and r.rack == rack else r for r in rules]
    return rules


@dataclass(frozen=True, slots=True)
class _Told:
    """What becomes of the probes of a rack."""

    scale: str = "1"
    offset: str = "0"
    evidence: str = "as received"
    repair: str = ""
    proved: bool = False

    def of(self, rule: ColumnRule) -> ColumnRule:
        """The rule of one of them."""
        evidence, repair = (rule.evidence, rule.repair) if rule.repair else (self.evidence, self.repair)
        return replace(rule, scale=self.scale, offset=self.offset, evidence=evidence, repair=repair, proved=self.proved)


def _told(probes: list[ColumnRule], top: FloatArray, reported: ColumnRule | None, numbers: Mapping[str, FloatArray]) -> _Told:
    """By what their names state, else by the BMS's own maximum, else by size."""
    said = {(parse(r.source).unit, parse(r.source).count) for r in probes}
    unit, count = said.pop() if len(said) == 1 else ("", "1")
    if not np.isfinite(top).any():
        return _Told()
    middle = float(np.nanmedian(top))
    if unit in TEMPERATURES and count == "1" and (unit != "K" or middle > 200):
        return _Told(*TEMPERATURES[unit], f"unit {unit} in their names", "temperature-unit")
    if unit == "degC" and count != "1" and all(_whole(numbers[r.source]) for r in probes):
        return _Told(count, "0", f"their names say that one count is {count} °C", "scale")
    if reported is not None and (proved := _by_maximum(top, reported, numbers)):
        return proved
    if middle > 1200:
        return _Told("0.001", "0", f"median {middle:g} is no temperature; thousandths of a degree", "scale", proved=True)
    if middle > 120:
        evidence = f"median {middle:g} is no temperature; tenths of a degree"
        if KELVIN[0] <= middle <= KELVIN[1]:
            return _Told("0.1", "0", f"{evidence}; in kelvin it would be {middle - 273.15:.0f} °C: ask the owner", "scale,scale-unproven")
        return _Told("0.1", "0", evidence, "scale", proved=True)
    if middle >= WARM and reported is None:
        text = f"median of the warmest {middle:g} °C; with the usual offset of {USUAL_OFFSET} it would be {middle - USUAL_OFFSET:g} °C"
        return _Told(evidence=text, repair="offset-unproven")
    return _Told()


def _by_maximum(top: FloatArray, reported: ColumnRule, numbers: Mapping[str, FloatArray]) -> _Told | None:
    """The scale and offset with which the warmest probe is the maximum that the BMS reports, in nearly all rows; the plainest first."""
    own = numbers[reported.source] * float(Decimal(reported.scale)) + float(Decimal(reported.offset))
    for scale in ("1", "0.1", "0.01"):
        difference = top * float(scale) - own
        difference = difference[np.isfinite(difference)]
        if not len(difference):
            return None
        typical = float(np.median(difference))
        share = float(np.mean(np.abs(difference - typical) <= 1))
        off = round(typical)
        if share <= SHARE or abs(typical - off) > (0.01 if scale == "1" else 0.6) or (scale != "1" and np.ptp(own[np.isfinite(own)]) < 1):
            continue
        if abs(off) < LEAST_OFFSET:
            if scale == "1":
                return _Told(evidence=f"the warmest is {reported.source} in {100 * share:.0f} % of {len(difference)} rows", proved=True)
            text = f"times {scale}, the warmest is {reported.source} in {100 * share:.0f} % of {len(difference)} rows"
            return _Told(scale, "0", text, "scale", proved=True)
        if scale == "1" and LEAST_OFFSET <= abs(off) <= MOST_OFFSET:
            return _Told(
                "1",
                str(-off),
                f"hottest probe minus {reported.source} is {typical:g} in {100 * share:.0f} % of {len(difference)} rows",
                "offset",
                proved=True,
            )
    return None


def _whole(values: FloatArray) -> bool:
    known = values[np.isfinite(values)]
    return bool((known == np.rint(known)).all())


def _hidden_probe(rules: list[ColumnRule], numbers: Mapping[str, FloatArray], raw: FloatArray, rack: int) -> list[ColumnRule]:
    if not np.isfinite(raw).any():
        return rules
    low, high = np.nanmin(raw), np.nanmax(raw)
    result = []
    for rule in rules:
        if rule.rack == rack and rule.quantity.startswith(OTHER_PREFIX) and "temp" in rule.source.lower():
            values = _without_sentinels(numbers[rule.source])
            inside = values[np.isfinite(values)]
            if len(inside) and (inside >= low - 5).all() and (inside <= high + 5).all():
                text = f"named {rule.source} but on the same raw scale as the probes ({inside.min():g} to {inside.max():g})"
                rule = replace(rule, quantity=PROBE, element=-1, evidence=text, repair="hidden-probe")
        result.append(rule)
    hidden = [r for r in result if r.repair == "hidden-probe" and r.rack == rack]
    if not hidden:
        return result
    order = hidden + [r for r in result if r.quantity == PROBE and r.rack == rack and r.repair != "hidden-probe"]
    place = {r.source: i for i, r in enumerate(order, 1)}
    return [replace(r, element=place[r.source]) if r.source in place else r for r in result]


def _without_sentinels(values: FloatArray) -> FloatArray:
    marks = [float(v) for v in NUMBER_SENTINELS if v not in (0, -40)]
    return np.where(np.isin(values, marks), np.nan, values)
