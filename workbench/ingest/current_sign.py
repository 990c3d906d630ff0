"""Is charge or discharge positive in the source? Charging raises the voltage: steps of current and of cell voltage must go together."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
from msgspec.structs import replace

from workbench.asset.window import FloatArray
from workbench.ingest.across_columns import per_row
from workbench.ingest.mapping import ColumnRule

MIN_CORRELATION, CHANCE = 0.15, 4.0  # weaker than this, or within four standard errors of nothing, a correlation proves no sign
FEWEST_STEPS = 10  # of so few even a perfect agreement comes about by chance once in five hundred files
MIN_STEPS = 20  # large steps of current; with fewer of them smaller ones count, too
UNPROVEN = "sign-unproven"
CHUNK_ROWS = 60  # rows over which a displayed SoC is expected to move


def decided(rules: list[ColumnRule], numbers: Mapping[str, FloatArray], rack: int | None) -> list[ColumnRule]:
    """The rules with the current turned where its steps run against those of the cell voltage: the source counts discharge positive.

    rack: None for the current of the bank, beside the cells of all its racks.
    """
    quantity = "bank_current_a" if rack is None else "rack_current_a"
    current = next((r for r in rules if r.quantity == quantity and rack in (None, r.rack) and r.repair != "split-current"), None)
    cells = [r for r in rules if r.quantity == "cell_voltage_v" and rack in (None, r.rack)]
    if current is not None and not cells:
        return [_unproven(r, f"{r.evidence}; sign not provable: no cell stands beside it") if r is current else r for r in rules]
    if current is None:
        return rules
    rules, current = _asked_anew(rules, current)
    before = f"{current.evidence}; " if current.repair else ""
    amps = numbers[current.source]
    volts = per_row(np.nanmedian, [numbers[r.source] * float(Decimal(r.scale)) for r in cells[:32]])
    step_a, step_v = np.diff(amps), np.diff(volts)
    usable = np.isfinite(step_a) & np.isfinite(step_v)
    large = usable & (np.abs(step_a) >= 0.2 * (np.nanmax(np.abs(amps)) or 1.0))
    if large.sum() < MIN_STEPS:
        large = usable & (np.abs(step_a) >= 0.05 * (np.nanmax(np.abs(amps)) or 1.0))
    if large.sum() < FEWEST_STEPS or not np.ptp(step_v[large]) or not np.ptp(step_a[large]):
        text = f"{before}sign not provable: only {int(large.sum())} usable steps; taken as it is"
        return [_unproven(r, text) if r is current else r for r in rules]
    correlation = float(np.corrcoef(step_a[large], step_v[large])[0, 1])
    evidence = f"{before}correlation of voltage and current over {int(large.sum())} steps is {correlation:+.2f}" + _charge_evidence(
        rules, numbers, rack, amps
    )
    errors = abs(np.arctanh(np.clip(correlation, -0.999999, 0.999999))) * np.sqrt(large.sum() - 3)  # Fisher: away from no correlation
    if abs(correlation) < MIN_CORRELATION or errors < CHANCE:
        return [_unproven(r, f"{evidence}: too weak to prove a sign; taken as it is") if r is current else r for r in rules]
    if correlation > 0:
        return [replace(r, evidence=f"{evidence}: charge positive as received") if r is current else r for r in rules]
    repair = f"{current.repair},sign" if current.repair else "sign"
    flipped = replace(current, sign=-1, evidence=f"{evidence}: the source counts discharge positive", repair=repair)
    return [flipped if r is current else r for r in rules]


def _asked_anew(rules: list[ColumnRule], current: ColumnRule) -> tuple[list[ColumnRule], ColumnRule]:
    """The rules without what was said before there was a cell beside the current."""
    if UNPROVEN not in current.repair:
        return rules, current
    rest = ",".join(repair for repair in current.repair.split(",") if repair != UNPROVEN)
    anew = replace(current, evidence=current.evidence.split("; sign not provable")[0], repair=rest)
    return [anew if r is current else r for r in rules], anew


def _unproven(rule: ColumnRule, evidence: str) -> ColumnRule:
    """The current as it is, said aloud: whatever is computed of it stands on an assumption."""
    return replace(rule, evidence=evidence, repair=f"{rule.repair},{UNPROVEN}" if rule.repair else UNPROVEN)


def _charge_evidence(rules: list[ColumnRule], numbers: Mapping[str, FloatArray], rack: int | None, amps: FloatArray) -> str:
    """A second witness: does the displayed SoC rise with the current as received?"""
    quantity = "bank_reported_soc" if rack is None else "reported_soc"
    soc = next((r for r in rules if r.quantity == quantity and rack in (None, r.rack)), None)
    if soc is None or len(amps) < 20 * CHUNK_ROWS:
        return ""
    whole = len(amps) // CHUNK_ROWS * CHUNK_ROWS
    mean = per_row(np.nanmean, list(amps[:whole].reshape(-1, CHUNK_ROWS).T))
    display = numbers[soc.source][:whole].reshape(-1, CHUNK_ROWS)
    change = display[:, -1] - display[:, 0]
    both = np.isfinite(mean) & np.isfinite(change)
    if both.sum() < 10 or not np.ptp(mean[both]) or not np.ptp(change[both]):
        return ""
    return f", of displayed SoC and current over {int(both.sum())} spans {float(np.corrcoef(mean[both], change[both])[0, 1]):+.2f}"
