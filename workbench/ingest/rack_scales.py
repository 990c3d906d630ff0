"""In which unit are rack voltage, current and SoC counted? Physics decides where it can: sums of cells, ranges, power and charge beside a current.

Nothing that a battery does tells the scale of a current: resistance and capacity scale along with it. Only a second witness of known unit does,
a power or a count of ampere-hours. Where none stands beside it, the scale is taken as stated and said to be unproven. Shapes: T rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

import numpy as np
from msgspec.structs import replace

from workbench.asset.channels import OTHER_PREFIX, QUANTITIES
from workbench.asset.window import FloatArray
from workbench.ingest.mapping import ColumnRule
from workbench.ingest.tags import Tag, parse

TENS = tuple(Decimal(10) ** k for k in (0, -1, -2, -3, -4, 1, 2, 3))
NEAR, AGREES = 0.03, 0.9  # of one another, in that share of the rows
MIN_ROWS, MIN_CELLS = 10, 3
BEYOND = 0.05  # of the values of a current that may be impossible before it is none
SOC_TOPS = ((Decimal("0.01"), 1.5, 120.0), (Decimal("0.001"), 255.0, 1050.0), (Decimal("0.0001"), 1050.0, 10_500.0), (Decimal("0.000001"), 100_000.0, 1.05e6))  # fmt: skip
STEADY = 3.0  # by how much the ratio of a rack voltage to its cells may differ: less than a power of ten, more than any fault of one cell
FRACTION = 0.2  # a state of charge that reaches this and never more than 1.05 is a fraction, whatever unit its name states
MOVING = 0.1  # by which a state of charge moves in the rows looked at
SHARES = ("reported_soc", "reported_soh", "bank_reported_soc")
PLACEHOLDERS = (255.0, 511.0, 1023.0, 6553.5, 32767.0, 65024.0, 65534.0, 65535.0, 4294967295.0)
PER_UNIT = {"%": "0.01", "mV": "0.001", "mA": "0.001", "kA": "1000", "kV": "1000", "kW": "1000", "kohm": "1000"}  # of what is used inside
KILO = {"kW": 1000.0, "W": 1.0}
EXTREMES: dict[str, Callable[..., FloatArray]] = {
    "reported_cell_voltage_max_v": np.nanmax,
    "reported_cell_voltage_min_v": np.nanmin,
    "reported_cell_voltage_mean_v": np.nanmean,
}
Numbers = Mapping[str, FloatArray]


def decided(rules: list[ColumnRule], numbers: Numbers) -> list[ColumnRule]:
    """Rules in which the scales of the signals of each rack are proved, corrected or said to be unproven."""
    for rack in sorted({rule.rack for rule in rules}):
        mine = [rule for rule in rules if rule.rack == rack]
        cells = [rule for rule in mine if rule.quantity == "cell_voltage_v"]
        changed = {r.source: r for r in mine}
        for rule in mine:
            values = numbers.get(rule.source)
            if values is None or np.isfinite(values).sum() < 2:
                continue
            if rule.quantity == "rack_voltage_v" and len(cells) >= MIN_CELLS:
                changed[rule.source] = _rack_voltage(rule, values, _volts(cells, numbers).sum(axis=0), len(cells))
            elif rule.quantity in EXTREMES and len(cells) >= MIN_CELLS:
                changed[rule.source] = _extreme(rule, values, _volts(cells, numbers))
            elif rule.quantity in SHARES:
                changed[rule.source] = soc(rule, values)
        for rule in mine:
            if rule.quantity == "rack_current_a":
                changed[rule.source] = _current(rule, numbers, list(changed.values()))
        rules = [changed.get(rule.source, rule) if rule.rack == rack else rule for rule in rules]
    return rules


def counted(rule: ColumnRule, tag: Tag, values: FloatArray) -> ColumnRule:
    """The rule of a column whose name says how much one count is. Only whole numbers are counts: beside a point it is a resolution."""
    if tag.count == "1":
        return rule
    known = values[np.isfinite(values)]
    if (known == np.rint(known)).all():
        unit = PER_UNIT.get(tag.unit, "1")
        text = f"its name says that one count is {tag.count} {tag.unit}"
        return replace(rule, scale=f"{(Decimal(tag.count) * Decimal(unit)).normalize():f}", evidence=text, repair=_and(rule, "scale"))
    text = f"{rule.evidence}; its name says {tag.count} {tag.unit}, its values are no whole counts of it: taken as its resolution"
    return replace(rule, evidence=text, repair=_and(rule, "scale-unproven"))


def soc(rule: ColumnRule, values: FloatArray) -> ColumnRule:
    """A state of charge or health by the top of its range. Between two scales nothing is computed with it."""
    known = values[np.isfinite(values) & ~np.isin(values, PLACEHOLDERS)]
    if not len(known):
        return rule
    top = float(np.percentile(known, 99))
    if parse(rule.source).count != "1" and top * float(Decimal(rule.scale)) <= QUANTITIES[rule.quantity].high:
        return rule
    if FRACTION <= top <= 1.05 and rule.scale != "1":
        return replace(
            rule, scale="1", evidence=f"values up to {top:g}: fractions of one, although its name says percent", repair=_and(rule, "scale")
        )
    if top <= 1.5:
        return replace(rule, proved=FRACTION <= top <= 1.05 and bool(np.ptp(known) > MOVING))  # as percent it would not have moved at all
    scale = next((scale for scale, low, high in SOC_TOPS if low < top <= high), None)
    if scale is None or (scale < Decimal("0.01") and float(known.min()) < 0):
        text = f"values up to {top:g}: no scale of a state of charge is known to end there; kept as it is, not computed with"
        return replace(rule, quantity=OTHER_PREFIX + rule.source.replace("/", "∕"), scale="1", evidence=text, repair="scale-unproven")
    if scale == Decimal("0.01"):
        return replace(rule, scale="0.01", evidence=f"values up to {top:g}: percent", proved=True)
    text = f"values up to {top:g}: one part in {1 / scale:f} each"
    return replace(rule, scale=f"{scale:f}", evidence=text, repair=_and(rule, "scale"), proved=True)


def _rack_voltage(rule: ColumnRule, values: FloatArray, total: FloatArray, cells: int) -> ColumnRule:
    """By the sum of the cells, in rows in which all of them were received."""
    own = values * float(Decimal(rule.scale))
    found, share, rows = _factor(own, total, 1 / cells)  # one cell may hide under another name
    if found is None:
        return rule
    said = f"the sum of {cells} cells within {100 * NEAR:.0f} % in {100 * share:.0f} % of {rows} rows"
    if found == 1:
        return replace(rule, evidence=f"{rule.evidence}; {said}", proved=True)
    middle, bounds = float(np.nanmedian(own)), QUANTITIES["rack_voltage_v"]
    if parse(rule.source).unit and bounds.low <= middle <= bounds.high:
        text = f"its name says {parse(rule.source).unit}; times {found:f} it is {said}: either the scale is another, or not all cells are in the export"
        return replace(rule, evidence=text, repair=_and(rule, "scale-unproven"))
    return replace(rule, scale=_times(rule, found), evidence=f"times {found:f} it is {said}", repair=_and(rule, "scale"), proved=True)


def _extreme(rule: ColumnRule, values: FloatArray, volts: FloatArray) -> ColumnRule:
    """A reported extreme by that of the cells."""
    known = np.isfinite(volts).any(axis=0)
    own = np.full(volts.shape[1], np.nan)
    own[known] = EXTREMES[rule.quantity](volts[:, known], axis=0)
    found, share, rows = _factor(values * float(Decimal(rule.scale)), own)
    if found is None or found == 1:
        return replace(rule, proved=found is not None)
    text = f"times {found:f} it is that of the cells within {100 * NEAR:.0f} % in {100 * share:.0f} % of {rows} rows"
    return replace(rule, scale=_times(rule, found), evidence=text, repair=_and(rule, "scale"), proved=True)


def _current(rule: ColumnRule, numbers: Numbers, mine: list[ColumnRule]) -> ColumnRule:
    """By a power of known unit beside it and the rack voltage; else unproven, which is worth a word where no unit is stated and all is whole numbers."""
    amps = numbers[rule.source] * float(Decimal(rule.scale))
    pack = next((r for r in mine if r.quantity == "rack_voltage_v" and _steady(r, numbers, mine)), None)
    for other in mine:
        tag = parse(other.source)
        if pack is None or tag.unit not in KILO or other is rule or other.source not in numbers:
            continue
        watts = np.abs(numbers[other.source]) * KILO[tag.unit]
        made = np.abs(amps * numbers[pack.source] * float(Decimal(pack.scale)))
        loaded = made > 0.1 * np.nanmax(made) if np.isfinite(made).any() else np.zeros(len(made), bool)
        found, share, rows = _factor(np.where(loaded, made, np.nan), watts)
        if found is not None:
            said = f"{other.source} within {100 * NEAR:.0f} % in {100 * share:.0f} % of {rows} rows under load"
            if found == 1:
                return replace(rule, evidence=f"{rule.evidence}; rack voltage times current is {said}", proved=True)
            text = f"{rule.evidence}; times {found:f}, rack voltage times current is {said}"
            return replace(rule, scale=_times(rule, found), evidence=text, repair=_and(rule, "scale"), proved=True)
    known = amps[np.isfinite(amps) & ~np.isin(numbers[rule.source], PLACEHOLDERS)]
    bounds = QUANTITIES["rack_current_a"]
    if not len(known):
        return rule
    largest = float(np.percentile(np.abs(known), 99.5))
    beyond = float((np.abs(known) > bounds.high).mean())
    if beyond > BEYOND:
        signed = "; they may be negative ones of 16 bits" if known.min() >= 0 and ((known > 2**15) & (known < 2**16)).sum() == (known > bounds.high).sum() else ""  # fmt: skip
        text = f"{100 * beyond:.0f} % of the values, up to {largest:g}, are no current of a rack in A{signed}; nothing beside it proves another scale: kept as it is, not computed with"
        return replace(
            rule, quantity=OTHER_PREFIX + rule.source.replace("/", "∕"), scale="1", sign=1, evidence=text, repair="scale-unproven"
        )
    if parse(rule.source).unit:
        return rule
    if (known == np.rint(known)).all() and np.ptp(known):
        text = f"{rule.evidence}; whole numbers up to {largest:g} without a unit, and nothing beside them proves a scale: taken as A"
        return replace(rule, evidence=text, repair=_and(rule, "scale-unproven"))
    return rule


def _steady(pack: ColumnRule, numbers: Numbers, mine: list[ColumnRule]) -> bool:
    """Whether a rack voltage goes with its cells in one unit throughout: one that changes its unit proves nothing of a current."""
    cells = [r for r in mine if r.quantity == "cell_voltage_v"]
    if len(cells) < MIN_CELLS:
        return True
    ratio = _volts(cells, numbers).sum(axis=0) / np.where(numbers[pack.source] == 0, np.nan, numbers[pack.source])
    known = np.abs(ratio[np.isfinite(ratio) & (ratio != 0)])
    return not len(known) or bool(np.percentile(known, 95) < STEADY * np.percentile(known, 5))


def _factor(own: FloatArray, truth: FloatArray, short: float = 0.0) -> tuple[Decimal | None, float, int]:
    """The power of ten that makes one the other in nearly all rows, with that share and the rows compared. short: what truth may lack of itself."""
    both = np.isfinite(own) & np.isfinite(truth) & (own != 0) & (truth != 0)
    if both.sum() < MIN_ROWS:
        return None, 0.0, int(both.sum())
    ratio = truth[both] / own[both]
    for ten in TENS:
        part = ratio / float(ten)
        share = float(((part <= 1 + NEAR) & (part >= 1 / (1 + short) - NEAR)).mean())
        if share >= AGREES:
            return ten, share, len(ratio)
    return None, 0.0, len(ratio)


def _volts(cells: list[ColumnRule], numbers: Numbers) -> FloatArray:
    return np.array([np.abs(numbers[r.source]) * float(Decimal(r.scale)) for r in cells])


def _times(rule: ColumnRule, factor: Decimal) -> str:
    return f"{Decimal(rule.scale) * factor:f}"


def _and(rule: ColumnRule, repair: str) -> str:
    """One more repair of a column; several are parted by commas."""
    return f"{rule.repair},{repair}" if rule.repair else repair
