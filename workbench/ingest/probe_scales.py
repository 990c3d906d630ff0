"""In which unit, with which offset, and under which names do the probes of temperature stand? Their scale is told by the BMS's own maximum."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from msgspec.structs import replace

from workbench.asset.channels import OTHER_PREFIX
from workbench.asset.window import FloatArray
from workbench.ingest.across_columns import per_row
from workbench.ingest.mapping import ColumnRule
from workbench.ingest.tags import parse
from workbench.ingest.values import NUMBER_SENTINELS

TEMPERATURES = {"degF": ("0.555555555555556", "-17.777777777777778"), "K": ("1", "-273.15")}  # stated unit -> scale and offset to degC
KELVIN = (263.0, 323.0)  # where a temperature of a room lies in kelvin; in tenths of a degree it would be one, too


def decided(rules: list[ColumnRule], numbers: Mapping[str, FloatArray]) -> list[ColumnRule]:
    """Probe temperatures against the BMS's own maximum: an offset (often 40), tenths, or Fahrenheit; and probes under another name."""
    probes = [r for r in rules if r.quantity == "probe_temperature_degc"]
    if not probes:
        return rules
    raw = np.array([_without_sentinels(numbers[r.source]) for r in probes])
    top = per_row(np.nanmax, list(raw))
    reported = next((r for r in rules if r.quantity == "reported_probe_temperature_max_degc"), None)
    scale, offset, evidence, repair = "1", "0", "as received", ""
    stated = {parse(r.source).unit for r in probes}
    unit = stated.pop() if len(stated) == 1 else ""
    if unit in TEMPERATURES and (unit != "K" or np.nanmedian(top) > 200):
        scale, offset = TEMPERATURES[unit]
        repair, evidence = "temperature-unit", f"unit {unit} in their names"
    elif reported is not None:
        difference = top - numbers[reported.source]
        difference = difference[np.isfinite(difference)]
        typical = float(np.median(difference)) if len(difference) else 0.0
        share = float(np.mean(np.abs(difference - typical) <= 1)) if len(difference) else 0.0
        if abs(typical) >= 10 and share > 0.9 and abs(typical - round(typical)) < 0.01:
            offset, repair = str(-round(typical)), "offset"
            evidence = f"hottest probe minus {reported.source} is {typical:g} in {share:.0%} of {len(difference)} rows"
    elif np.isfinite(top).any() and np.nanmedian(top) > 1200:
        scale, repair, evidence = "0.001", "scale", f"median {np.nanmedian(top):g} is no temperature; thousandths of a degree"
    elif np.isfinite(top).any() and np.nanmedian(top) > 120:
        scale, repair, evidence = "0.1", "scale", f"median {np.nanmedian(top):g} is no temperature; tenths of a degree"
        if KELVIN[0] <= np.nanmedian(top) <= KELVIN[1]:
            repair, evidence = (
                "scale,scale-unproven",
                f"{evidence}; in kelvin it would be {np.nanmedian(top) - 273.15:.0f} °C: ask the owner",
            )
    rules = _hidden_probe(rules, numbers, raw)
    return [
        replace(r, scale=scale, offset=offset, evidence=r.evidence if r.repair else evidence, repair=r.repair or repair)
        if r.quantity == "probe_temperature_degc"
        else r
        for r in rules
    ]


def _hidden_probe(rules: list[ColumnRule], numbers: Mapping[str, FloatArray], raw: FloatArray) -> list[ColumnRule]:
    if not np.isfinite(raw).any():
        return rules
    low, high = np.nanmin(raw), np.nanmax(raw)
    result = []
    for rule in rules:
        if rule.quantity.startswith(OTHER_PREFIX) and "temp" in rule.source.lower():
            values = _without_sentinels(numbers[rule.source])
            inside = values[np.isfinite(values)]
            if len(inside) and (inside >= low - 5).all() and (inside <= high + 5).all():
                text = f"named {rule.source} but on the same raw scale as the probes ({inside.min():g} to {inside.max():g})"
                rule = replace(rule, quantity="probe_temperature_degc", element=-1, evidence=text, repair="hidden-probe")
        result.append(rule)
    hidden = [r for r in result if r.repair == "hidden-probe"]
    if not hidden:
        return result
    order = hidden + [r for r in result if r.quantity == "probe_temperature_degc" and r.repair != "hidden-probe"]
    place = {r.source: i for i, r in enumerate(order, 1)}
    return [replace(r, element=place[r.source]) if r.source in place else r for r in result]


def _without_sentinels(values: FloatArray) -> FloatArray:
    marks = [float(v) for v in NUMBER_SENTINELS if v not in (0, -40)]
    return np.where(np.isin(values, marks), np.nan, values)
