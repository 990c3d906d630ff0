"""How do the first and last rows read by a mapping, and what do steps say of the sign of a current? For a person, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from workbench.asset.channels import QUANTITIES, quantity_of
from workbench.asset.quality import UNUSABLE
from workbench.ingest import clock, sample_columns
from workbench.ingest.inspection import ColumnView, ReadValue, SignProof
from workbench.ingest.mapping import ColumnRule, MappingProfile
from workbench.ingest.values import MOST, PER_UNIT, Reader, exact

FIRST_ROWS, LAST_ROWS = 3, 1
MOST_POINTS = 120  # of a scatter that a person looks at
MOST_CELLS = 32
STEP_SHARE = 0.05  # of the largest current: smaller steps are noise
MIN_STEPS = 3

Texts = Mapping[str, Sequence[str]]


def read_values(rule: ColumnRule, texts: Sequence[str], profile: MappingProfile) -> tuple[ReadValue, ...]:
    """Texts of the first and last rows as the import would read them."""
    shown = [*texts[:FIRST_ROWS], *texts[max(FIRST_ROWS, len(texts) - LAST_ROWS) :]]
    if rule.quantity in ("drop", "personal", "tag", "value"):
        return tuple(ReadValue(text if rule.quantity != "personal" else "…", "") for text in shown)
    if rule.quantity == "time":
        return tuple(_time(text, profile) for text in shown)
    column = Reader(rule, profile.decimal).read(pa.array(shown, pa.string()).dictionary_encode())
    known = quantity_of(rule.quantity)
    unit = known.unit if known is not None else ""
    unit = "" if unit == "1" else unit
    per_unit = PER_UNIT.get(rule.quantity, 1)
    why = {i: kind for kind, (_, _, examples) in column.odd.items() for i, text in enumerate(shown) if text in examples}
    made = []
    for i, text in enumerate(shown):
        usable = not column.quality[i] & int(UNUSABLE)
        read = f"{column.values[i] / per_unit:.10g}{' ' if unit else ''}{unit}" if usable else ""
        made.append(ReadValue(text, read, "" if usable and why.get(i) != "sign-flag" else why.get(i, "no value")))
    return tuple(made)


def sign_proofs(texts: Texts, profile: MappingProfile) -> tuple[SignProof, ...]:
    """One proof per current column that has cells of its rack beside it."""
    proofs = []
    comma = profile.decimal == ","
    for current in (rule for rule in profile.columns if rule.quantity == "rack_current_a" and rule.source in texts):
        cells = [r for r in profile.columns if r.quantity == "cell_voltage_v" and r.rack == current.rack and r.source in texts][:MOST_CELLS]
        if not cells:
            continue
        cells = [r for r in cells if len(texts[r.source]) == len(texts[current.source])]  # of one table: steps of one row each
        if not cells:
            continue
        amps = _numbers(texts[current.source], comma=comma)
        volts = np.stack([_numbers(texts[r.source], comma=comma) * float(Decimal(r.scale)) for r in cells])
        volts[(volts < QUANTITIES["cell_voltage_v"].low) | (volts > QUANTITIES["cell_voltage_v"].high)] = np.nan
        proofs.append(_proof(current.source, amps, volts))
    return tuple(proofs)


def _proof(source: str, amps: NDArray[np.float64], volts: NDArray[np.float64]) -> SignProof:
    """Both as (T,) and (C, T): the mean step of the cells that have one."""
    step_a = np.diff(amps)
    steps = np.diff(volts, axis=1)
    known = np.isfinite(steps)
    count = known.sum(axis=0)
    step_mv = 1e3 * np.where(known, steps, 0.0).sum(axis=0) / np.maximum(count, 1)
    top = np.abs(amps[np.isfinite(amps)]).max(initial=0.0)
    large = np.flatnonzero((count > 0) & np.isfinite(step_a) & (np.abs(step_a) >= max(STEP_SHARE * top, 1e-9)) & (step_mv != 0))
    if len(large) < MIN_STEPS:
        return SignProof(source, 0, len(large), ())
    rising = int((step_a[large] * step_mv[large] > 0).sum())
    some = large[np.unique(np.linspace(0, len(large) - 1, MOST_POINTS).astype(int))]
    return SignProof(source, rising, len(large), tuple((float(step_a[i]), round(float(step_mv[i]), 3)) for i in some))


def _time(text: str, profile: MappingProfile) -> ReadValue:
    local = clock.parsed(pa.array([text], pa.string()), profile.time_format)
    if local[0] == clock.UNREADABLE:
        return ReadValue(text, "", "time-unreadable")
    if profile.time_format == clock.ELAPSED:
        local = local + profile.start_ns
    elif not profile.time_zone_known:
        local = clock.to_utc(local, profile.time_zone).utc_ns
    return ReadValue(text, f"{str(np.datetime64(int(local[0]) // 10**6, 'ms')).replace('T', ' ').removesuffix('.000')} UTC")


def _numbers(texts: Sequence[str], *, comma: bool) -> NDArray[np.float64]:
    return sample_columns.numbers(texts, lambda text: _number(text, comma=comma), comma=comma)


def _number(text: str, *, comma: bool) -> float:
    number = exact(text.strip(), comma=comma)
    return float(number) if number is not None and number.copy_abs() <= MOST else np.nan


def views(samples: Texts, profile: MappingProfile) -> tuple[ColumnView, ...]:
    """What every column becomes, and how sure that is, with its first and last rows."""
    made = []
    for rule in profile.columns:
        values = samples.get(rule.source, [])
        dropped = rule.quantity in ("drop", "personal")
        becomes = rule.quantity + (f" R{rule.rack:02d}" if rule.rack else "") + (f" #{rule.element}" if rule.element else "")
        arithmetic = (
            [f"× {rule.scale}"] * (rule.scale != "1")
            + [f"offset {rule.offset}"] * (rule.offset != "0")
            + ["sign reversed"] * (rule.sign < 0)
        )
        verdict = (
            "dropped"
            if dropped
            else "guess"
            if "unproven" in rule.repair
            else "decided"
            if rule.repair
            else "guess"
            if rule.quantity.startswith("source_")
            else "sure"
        )
        made.append(
            ColumnView(
                rule.source,
                values[0] if values else "",
                values[-1] if values else "",
                becomes,
                ", ".join(arithmetic) or "as it is",
                verdict,
                rule.evidence,
                read_values(rule, values, profile),
            )
        )
    return tuple(made)
