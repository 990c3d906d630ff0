"""Which columns are voltages that modules report of themselves, and in which unit? Only beside cells that name the same module.

A name such as ``R01_M3_Voltage`` says module voltage where cells of module 3 stand in the same file; else "pack 1" may well be the whole rack. The
unit is the one in which the voltage is the sum of its cells. Shapes: T rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
from msgspec.structs import replace

from workbench.asset.channels import MODULE_VOLTAGE_PREFIX, OTHER_PREFIX
from workbench.asset.window import FloatArray
from workbench.ingest.mapping import ColumnRule
from workbench.ingest.tags import Tag

TENS = ("1", "0.1", "0.01", "0.001")
NEAR = 0.1  # of the sum of its cells: a wrong module is far from this, a wrong power of ten farther
RACK = "rack_voltage_v"


def decided(rules: list[ColumnRule], parsed: Mapping[str, Tag], numbers: Mapping[str, FloatArray]) -> list[ColumnRule]:
    """The rules with module voltages known as such, and a rack voltage that had to stand behind one back in its place."""
    cells: dict[tuple[int, int], list[ColumnRule]] = {}
    for rule in rules:
        tag = parsed.get(rule.source)
        if tag is not None and tag.module and rule.quantity == "cell_voltage_v":
            cells.setdefault((rule.rack, tag.module), []).append(rule)
    found: dict[str, ColumnRule] = {}
    taken: set[tuple[int, int]] = set()
    for rule in rules:
        tag, of = parsed.get(rule.source), (rule.rack, parsed[rule.source].module if rule.source in parsed else 0)
        if tag is None or tag.quantity != RACK or tag.kind != "signal" or of not in cells or of in taken:
            continue
        if rule.quantity == RACK or rule.quantity.startswith(OTHER_PREFIX):
            taken.add(of)
            found[rule.source] = _module(rule, tag, cells[of], numbers)
    if not found:
        return rules
    rules = [found.get(rule.source, rule) for rule in rules]
    for rack in sorted({rack for rack, _ in taken}):
        rules = _restored(rules, parsed, rack)
    return rules


def _module(rule: ColumnRule, tag: Tag, cells: list[ColumnRule], numbers: Mapping[str, FloatArray]) -> ColumnRule:
    total = np.sum([np.abs(numbers[c.source]) * float(Decimal(c.scale)) for c in cells], axis=0)
    ratio = numbers[rule.source] / np.where(total > 0, total, np.nan)
    middle = float(np.nanmedian(ratio)) if np.isfinite(ratio).any() else float("nan")
    scale = next((ten for ten in TENS if abs(middle * float(ten) - 1) <= NEAR), None)
    evidence = f"its name says module {tag.module}; in this unit it is {100 * middle * float(scale or 1):.1f} % of the sum of its {len(cells)} cells"
    if scale is None:
        scale = "0.001" if tag.unit == "mV" else "1"
        evidence = f"its name says module {tag.module}; in no unit is it the sum of its {len(cells)} cells"
    return replace(rule, quantity=f"{MODULE_VOLTAGE_PREFIX}{tag.module}", scale=scale, evidence=evidence, repair="")


def _restored(rules: list[ColumnRule], parsed: Mapping[str, Tag], rack: int) -> list[ColumnRule]:
    """The rack voltage that a module voltage before it had made a second channel."""
    if any(rule.quantity == RACK and rule.rack == rack for rule in rules):
        return rules
    for place, rule in enumerate(rules):
        tag = parsed.get(rule.source)
        if tag is not None and rule.rack == rack and tag.quantity == RACK and not tag.module and rule.repair == "second-channel":
            told = replace(rule, quantity=RACK, scale="0.001" if tag.unit == "mV" else "1", evidence="its name", repair="")
            return [*rules[:place], told, *rules[place + 1 :]]
    return rules
