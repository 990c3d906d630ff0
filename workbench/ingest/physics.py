"""What do the columns mean? Names propose, physics decides: sums of cells, steps of current, agreement with the BMS's own extremes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

import numpy as np
from msgspec.structs import replace

from workbench.asset.channels import OTHER_PREFIX, QUANTITIES
from workbench.asset.window import FloatArray
from workbench.ingest import (
    aggregate_columns,
    current_parts,
    current_sign,
    module_voltages,
    probe_scales,
    rack_scales,
    sample_columns,
    sentinels,
    sign_flags,
)
from workbench.ingest.across_columns import per_row
from workbench.ingest.mapping import ColumnRule
from workbench.ingest.tags import Tag, parse
from workbench.ingest.values import number_of

MIN_ROWS = 20  # in which everything must be known before a sum may decide
PLAUSIBLE_V = (1.5, 4.5)
OF_THE_BANK = {"rack_current_a": "bank_current_a", "rack_voltage_v": "bank_voltage_v", "reported_soc": "bank_reported_soc"}
OHMS = {"ohm": "1", "kohm": "1000", "Mohm": "1000000"}
FEW_CELLS = 3  # columns with the values of a cell: so many by chance beside a cycler's only cell are too many
MOST = 1e15  # nothing that a battery logs is larger


def decide(
    header: tuple[str, ...],
    parsed: dict[str, Tag],
    sample: Mapping[str, Sequence[str]],
    time_column: str,
    decimal: str,
    file_rack: int,
    checkpoint: Callable[[], None] = lambda: None,
) -> list[ColumnRule]:
    """One rule per column of a wide table. checkpoint may stop the work."""
    numbers = {}
    for name in header:
        checkpoint()
        if name != time_column:
            numbers[name] = _numbers(sample[name], comma=decimal == ",")
    rules = [ColumnRule(source=time_column, quantity="time", evidence="reads as time")]
    bounds = _Extremes(parsed, numbers)
    racks = sorted({parsed[name].rack or file_rack for name in header if parsed[name].kind == "cell"}) or [file_rack]
    for name in header:
        if name != time_column:
            rule = _rule(name, parsed[name], numbers[name], parsed[name].rack or file_rack, bounds)
            rule, twin = homed(rule, racks), None
            if parsed[name].kind == "signal" and rule.quantity not in ("drop", "personal"):
                twin = next((r for r in rules if (r.quantity, r.rack) == (rule.quantity, rule.rack) and not rule.element), None)
            if twin is not None:
                rule = _with(
                    rule,
                    quantity=_other(name),
                    scale="1",
                    evidence=f"a second column that reads as {rule.quantity} (after {twin.source}); kept, not computed with",
                    repair="second-channel",
                )
            rules.append(rule)
    rules = current_parts.added(aggregate_columns.decided(module_voltages.decided(rules, parsed, numbers), parsed), numbers)
    rules = rack_scales.decided(_told_twice(rules, parsed, numbers), numbers)
    for rack in racks:
        rules = current_sign.decided(_hidden_cell(rules, numbers, rack), numbers, rack)
    rules = current_sign.decided(rules, numbers, None)
    rules = sign_flags.decided(probe_scales.decided(_numbered(_single_cell(rules, numbers)), numbers), numbers)
    return sentinels.decided(rules, numbers)


def homed(rule: ColumnRule, racks: Collection[int]) -> ColumnRule:
    """The rule of a column that names no rack, beside cells of these racks: of the only one, else the bank's, else kept without a meaning."""
    if rule.rack or 0 in racks or rule.quantity in ("cell_voltage_v", *OF_THE_BANK.values()) or rule.quantity not in QUANTITIES:
        return rule
    if len(racks) == 1:
        return _with(rule, rack=min(racks))
    quantity = OF_THE_BANK.get(rule.quantity)
    text = f"names no rack beside cells of {len(racks)} racks: " + ("read as the bank's" if quantity else "kept, not computed with")
    if quantity:
        repair = f"{rule.repair},no-rack" if rule.repair else "no-rack"
        return _with(rule, quantity=quantity, evidence=f"{rule.evidence}; {text}", repair=repair)
    return _with(rule, quantity=_other(rule.source), element=0, scale="1", evidence=text, repair="no-rack")


def _single_cell(rules: list[ColumnRule], numbers: dict[str, FloatArray]) -> list[ColumnRule]:
    """A cycler's file: no column is a cell by its name, and the only voltage lies in the range of one cell."""
    voltages = [
        r
        for r in rules
        if r.quantity == "rack_voltage_v" or (r.quantity.startswith(OTHER_PREFIX) and parse(r.source).quantity == "rack_voltage_v")
    ]
    if any(r.quantity == "cell_voltage_v" for r in rules) or len(voltages) != 1:
        return rules
    only = voltages[0]
    scale, evidence = _voltage_scale(numbers[only.source], "")
    stated = {"V": "1", "mV": "0.001"}.get(parse(only.source).unit, scale)
    alike = [r for r in rules if r is not only and r.quantity.startswith(OTHER_PREFIX) and "plausible" not in _voltage_scale(numbers[r.source], "")[1]]  # fmt: skip
    if "plausible" in evidence or Decimal(stated) != Decimal(scale) or len(alike) >= FEW_CELLS:
        return rules  # a rack voltage in another unit, or cells whose names nobody knows, beside the voltage of all of them
    cell = _with(only, quantity="cell_voltage_v", element=1, scale=scale, evidence=evidence, repair="single-cell")
    return current_sign.decided([cell if r is only else r for r in rules], numbers, only.rack)


def renumbered(rules: list[ColumnRule]) -> list[ColumnRule]:
    """Positions over all files of a plant: the owner's order within a rack, whichever file a column stands in."""
    parsed = {rule.source: parse(rule.source) for rule in rules}
    raw = [_with(r, element=parsed[r.source].index, rack=parsed[r.source].rack) if r.element else r for r in rules]
    place = {r.source: r.element for r in _numbered(raw)}
    return [_with(r, element=place[r.source]) if r.element else r for r in rules]


def _told_twice(rules: list[ColumnRule], parsed: dict[str, Tag], numbers: dict[str, FloatArray]) -> list[ColumnRule]:
    """A cell that has two columns, say in volts and in millivolts, is one cell: the second goes where it never says anything else."""
    first: dict[tuple[int, int, int], ColumnRule] = {}
    result = []
    for rule in rules:
        tag = parsed.get(rule.source)
        if tag is not None and rule.quantity == "cell_voltage_v":
            other = first.setdefault((tag.rack, tag.module, tag.index), rule)
            if other is not rule:
                one, two = (np.abs(numbers[r.source]) * float(Decimal(r.scale)) for r in (other, rule))
                both = np.isfinite(one) & np.isfinite(two)
                if both.any() and (np.isfinite(two) <= np.isfinite(one)).all() and (np.abs(one - two)[both] < 1e-3).all():
                    text = f"says the same as {other.source} in {int(both.sum())} rows"
                    rule = ColumnRule(source=rule.source, quantity="drop", evidence=text, repair="told-twice")
        result.append(rule)
    return result


def _rule(name: str, tag: Tag, values: FloatArray, rack: int, bounds: _Extremes) -> ColumnRule:
    if tag.kind == "personal":
        return ColumnRule(source=name, quantity="personal", evidence="its name says personal data", repair="personal-data")
    if not np.isfinite(values).any():
        return ColumnRule(source=name, quantity="drop", evidence="holds no number in the rows looked at", repair="empty-column")
    if tag.kind == "cell":
        scale, evidence = _voltage_scale(values, tag.unit)
        proved = "lies in the range" in evidence
        flag = bool((values[np.isfinite(values)] < 0).any())
        return ColumnRule(
            source=name,
            quantity=tag.quantity,
            rack=rack,
            module=tag.module,
            element=tag.index,
            scale=scale,
            flag_sign=flag,
            evidence=evidence,
            proved=proved,
        )
    if tag.kind == "probe":
        return ColumnRule(
            source=name, quantity=tag.quantity, rack=rack, module=tag.module, element=tag.index, evidence="its name says temperature"
        )
    misnamed = tag.quantity == "rack_voltage_v" and bounds.is_voltage_like(values)
    if tag.kind == "signal" and not misnamed:
        return _signal(name, tag, values, rack)
    if bounds.is_voltage_like(values):
        return ColumnRule(source=name, quantity=_other(name), rack=rack, evidence="values of a cell voltage, name unknown")
    return ColumnRule(source=name, quantity=_other(name), rack=rack, evidence="kept as it is, not computed with")


def _other(name: str) -> str:
    return OTHER_PREFIX + name.replace("/", "∕")  # a slash would name a folder of the store


def _signal(name: str, tag: Tag, values: FloatArray, rack: int) -> ColumnRule:
    scale, evidence = "1", "its name"
    middle = float(np.nanmedian(np.abs(values)))
    top = float(np.nanpercentile(values, 99))
    if tag.quantity in ("reported_soc", "reported_soh") and (tag.unit == "%" or 1.5 < top <= 120):
        scale, evidence = "0.01", "values up to 100: percent"
    elif tag.quantity.startswith("reported_cell_voltage") and (tag.unit == "mV" or middle > 500):
        scale, evidence = "0.001", "values in thousands: millivolts"
    elif tag.unit == "mA" or tag.unit == "mV":
        scale, evidence = "0.001", f"unit {tag.unit} in its name"
    elif tag.unit in ("kA", "kV"):
        scale, evidence = "1000", f"unit {tag.unit} in its name"
    elif tag.unit in probe_scales.TEMPERATURES:
        scale, offset = probe_scales.TEMPERATURES[tag.unit]
        return ColumnRule(
            source=name, quantity=tag.quantity, rack=rack, scale=scale, offset=offset, evidence=f"unit {tag.unit} in its name"
        )
    elif tag.unit in OHMS:
        scale, evidence = OHMS[tag.unit], f"unit {tag.unit} in its name"
    elif tag.quantity == "insulation_resistance_ohm":
        evidence = f"its name states no unit; values about {middle:g} taken as ohms, they may as well be thousands of them"
        return ColumnRule(source=name, quantity=tag.quantity, rack=rack, evidence=evidence, repair="scale-unproven")
    rule = ColumnRule(source=name, quantity=tag.quantity, rack=rack, scale=scale, evidence=evidence)
    return rack_scales.counted(rule, tag, values)


def _voltage_scale(values: FloatArray, unit: str) -> tuple[str, str]:
    middle = float(np.nanmedian(np.abs(values)))
    for scale, low, high in (("1", *PLAUSIBLE_V), ("0.001", 1500, 4500), ("0.0001", 15000, 45000), ("0.01", 150, 450)):
        if low <= middle <= high:
            stated = f", unit {unit} in its name" if unit else ""
            return scale, f"median {middle:g} lies in the range of a cell{stated}"
    return ("0.001" if unit == "mV" else "1"), f"median {middle:g} is not a plausible cell voltage"


class _Extremes:
    """Which columns carry the BMS's own extremes, and what values look like a cell's."""

    def __init__(self, parsed: dict[str, Tag], numbers: dict[str, FloatArray]) -> None:
        cells = [
            np.nanmedian(numbers[n]) for n, tag in parsed.items() if tag.kind == "cell" and n in numbers and np.isfinite(numbers[n]).any()
        ]
        self.middle = float(np.median(cells)) if cells else float("nan")

    def is_voltage_like(self, values: FloatArray) -> bool:
        """Whether the values could be one more cell: within 10 % of the named cells."""
        return bool(np.isfinite(self.middle) and self.middle and abs(np.nanmedian(values) / self.middle - 1) < 0.1)


def _hidden_cell(rules: list[ColumnRule], numbers: dict[str, FloatArray], rack: int) -> list[ColumnRule]:
    """A cell under another name: pack voltage minus the sum of the named cells is one cell, and this column is that one."""
    mine = [r for r in rules if r.rack == rack]
    cells = [r for r in mine if r.quantity == "cell_voltage_v"]
    pack = next((r for r in mine if r.quantity == "rack_voltage_v"), None)
    if len(cells) < 3 or pack is None:
        return rules
    scale = float(Decimal(cells[0].scale))
    total = np.sum([np.abs(numbers[r.source]) * float(Decimal(r.scale)) for r in cells], axis=0)
    rest = numbers[pack.source] * float(Decimal(pack.scale)) - total
    seen = rest[np.isfinite(rest)]
    if len(seen) < MIN_ROWS:
        return rules
    cell_v = float(np.nanmedian(total)) / len(cells)
    if not 0.5 * cell_v <= np.median(seen) <= 1.5 * cell_v:
        return rules  # nothing, or more than one cell, is missing from the named ones
    best: tuple[float, ColumnRule, FloatArray] | None = None
    for rule in mine:
        if not rule.quantity.startswith((OTHER_PREFIX, "reported_cell_voltage_mean")):
            continue
        own = numbers[rule.source] * (scale if rule.quantity.startswith(OTHER_PREFIX) else float(Decimal(rule.scale)))
        from_mean = np.abs(own - total / len(cells))
        if not np.isfinite(own).any() or abs(np.nanmedian(own) / cell_v - 1) > 0.1 or np.nanmedian(from_mean) < 0.0005:
            continue  # not a cell voltage, or truly the mean of the named cells
        difference = rest - own
        spread = float(np.nanmedian(np.abs(difference - np.nanmedian(difference))))
        if best is None or spread < best[0]:
            best = (spread, rule, own)
    if best is None:
        return rules
    evidence = (
        f"rack voltage minus the sum of the {len(cells)} named cells leaves {np.median(seen):.2f} V (median of {len(seen)} rows), about one cell; "
        f"with this column it leaves {np.nanmedian(rest - best[2]):+.2f} V{_explains_extremes(mine, numbers, best[2], scale)}"
    )
    hidden = ColumnRule(
        source=best[1].source, quantity="cell_voltage_v", rack=rack, element=min(r.element for r in cells) - 1, scale=cells[0].scale,
        flag_sign=cells[0].flag_sign, evidence=evidence, repair="hidden-cell", proved=True,
    )  # fmt: skip
    return [hidden if r is best[1] else r for r in rules]


def _explains_extremes(rules: list[ColumnRule], numbers: dict[str, FloatArray], own: FloatArray, scale: float) -> str:
    """A second witness: rows in which the BMS reports an extreme that no named cell has but this column does."""
    cells = [np.abs(numbers[r.source]) * scale for r in rules if r.quantity == "cell_voltage_v"]
    texts = []
    for word, quantity, beyond in (
        ("minimum", "reported_cell_voltage_min_v", np.nanmin),
        ("maximum", "reported_cell_voltage_max_v", np.nanmax),
    ):
        reported = next((r for r in rules if r.quantity == quantity), None)
        if reported is not None:
            told = numbers[reported.source] * float(Decimal(reported.scale))
            outside = (told < per_row(beyond, cells) - 5e-4) if word == "minimum" else (told > per_row(beyond, cells) + 5e-4)
            hits = int((outside & (np.abs(told - own) < 5e-4)).sum())
            if hits:
                texts.append(f"the reported {word} is this column and no named cell in {hits} rows")
    return "".join(f"; {text}" for text in texts)


def _numbered(rules: list[ColumnRule]) -> list[ColumnRule]:
    """One-based positions in the owner's order; a hidden first cell stands before the first named one."""
    place: dict[str, int] = {}
    for quantity in ("cell_voltage_v", "probe_temperature_degc"):
        modules = len({q.module for q in rules if q.quantity == quantity}) > 1
        for rack in {r.rack for r in rules}:
            mine = sorted(
                (r for r in rules if r.quantity == quantity and r.rack == rack),
                key=lambda r: (r.module if modules else 0, r.element),
            )
            place |= {r.source: i for i, r in enumerate(mine, 1)}
    return [_with(r, element=place[r.source]) if r.source in place else r for r in rules]


def _numbers(texts: Sequence[str], *, comma: bool) -> FloatArray:
    return sample_columns.numbers(texts, lambda text: _number(text, comma), comma=comma)


@lru_cache(maxsize=1 << 16)  # the cells of a plant say the same few things
def _number(text: str, comma: bool) -> float:
    value = number_of(text.strip(), comma=comma) if text else None
    return float(value) if value is not None and value.copy_abs() < MOST else float("nan")


def _with(rule: ColumnRule, **changes: object) -> ColumnRule:
    return replace(rule, **changes)
