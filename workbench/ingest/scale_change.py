"""Does the unit of a series change on the way? New firmware that counts in other units is brought to the scale of the mapping, with the place.

The ranges that one cell allows do not overlap from one power of ten to the next, so that a row in which most cells are impossible by the
mapping and plausible by one other power of ten, all by the same, was counted in that other unit. One odd value is not a change of scale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pyarrow as pa

from workbench.asset.channels import QUANTITIES
from workbench.asset.quality import Quality
from workbench.asset.window import BoolArray, FloatArray
from workbench.ingest.digit_fields import FieldBlock
from workbench.ingest.mapping import ColumnRule
from workbench.ingest.values import NUMBER_SENTINELS, exact

WITNESSES = 5  # cells looked at in every row before all of them are
MIN_SHARE = 0.6  # of the cells of a row that must agree
MIN_ROWS = 3  # in a row, in one block
TIMES = (Decimal(1000), Decimal("0.001"), Decimal(10), Decimal("0.1"), Decimal(100), Decimal("0.01"), Decimal(10000), Decimal("0.0001"))


@dataclass
class Found:
    """Rows of a file counted in another unit, by factor: how many, and the first."""

    rows: int = 0
    first: int = 0


class ScaleWatch:
    """Watches the cells of one file."""

    def __init__(self, rules: Mapping[str, ColumnRule], cells: list[str], *, comma: bool) -> None:
        self._rules, self._cells, self._comma = rules, cells, comma
        places = sorted({round(i * (len(cells) - 1) / max(WITNESSES - 1, 1)) for i in range(WITNESSES)}) if cells else []
        self._witnesses = [cells[i] for i in places]
        bounds = QUANTITIES["cell_voltage_v"]
        self._low, self._high = bounds.low, bounds.high
        self.found: dict[Decimal, Found] = {}
        self._going_on = Decimal(1)  # of the last row seen

    def aligned(self, block: Mapping[str, pa.DictionaryArray], row: int) -> Mapping[str, pa.DictionaryArray]:
        """The block with the texts of rows of another unit rescaled to the one of the mapping. row: number of its first row."""
        before, self._going_on = self._going_on, Decimal(1)
        if not self._witnesses or (isinstance(block, FieldBlock) and self._as_mapped(block)):
            return block
        told = np.array([volts(block[name], self._rules[name].scale, comma=self._comma) for name in self._witnesses])
        known = np.isfinite(told)
        odd = known & ((np.abs(told) < self._low) | (np.abs(told) > self._high))
        rows = odd.sum(axis=0) >= MIN_SHARE * np.maximum(known.sum(axis=0), 1)
        if rows.sum() < MIN_ROWS and (before == 1 or not rows[:1].any()):
            return block
        every = np.array([volts(block[name], self._rules[name].scale, comma=self._comma) for name in self._cells])
        return self._rescaled(block, every, row, before)

    def _as_mapped(self, block: FieldBlock) -> bool:
        """Whether all that the witnesses say was read by the mapping already and is possible: then no row is of another unit."""
        waiting = {name for name in self._witnesses if self._rules[name].offset == "0"}
        if len(waiting) < len(self._witnesses):
            return False
        for names, found in block.told:
            for name in waiting.intersection(names):
                if not found.quality.any() or np.isin(found.quality[:, names.index(name)], (0, int(Quality.MISSING))).all():
                    waiting.discard(name)
        return not waiting

    def _rescaled(
        self, block: Mapping[str, pa.DictionaryArray], every: FloatArray, row: int, before: Decimal
    ) -> Mapping[str, pa.DictionaryArray]:
        known = np.isfinite(every)
        result = dict(block)
        for factor in TIMES:
            size = np.abs(every) * float(factor)
            agree = (known & (size >= self._low) & (size <= self._high)).sum(axis=0)
            hit = (agree >= MIN_SHARE * np.maximum(known.sum(axis=0), 1)) & (agree > 0)
            rows = np.flatnonzero(hit)
            if len(rows) < MIN_ROWS and not (factor == before and hit[0]):  # a block of few rows may go on where the last one ended
                continue
            if hit[-1]:
                self._going_on = factor
            sound = np.isfinite(every) & (np.abs(every) >= self._low) & (np.abs(every) <= self._high)
            for name in (n for k, n in enumerate(self._cells) if sound[k, rows].mean() < MIN_SHARE):
                result[name] = self._multiplied(result[name], factor, hit)
            known = known & ~hit
            found = self.found.setdefault(factor, Found(0, row + int(rows[0])))
            found.rows += len(rows)
        return result

    def _multiplied(self, column: pa.DictionaryArray, factor: Decimal, rows: BoolArray) -> pa.DictionaryArray:
        texts = column.dictionary.to_pylist()
        made = [self._text(text, factor) for text in texts]
        codes = np.asarray(column.indices.fill_null(-1)).astype(np.int32)
        shifted = np.where(rows & (codes >= 0), codes + len(texts), codes)
        return pa.DictionaryArray.from_arrays(pa.array(shifted, mask=codes < 0), pa.array([*texts, *made], pa.string()))

    def _text(self, text: str | None, factor: Decimal) -> str:
        number = exact((text or "").strip(), comma=self._comma)
        if number is None or number in NUMBER_SENTINELS:
            return text or ""
        return f"{number * factor:f}".replace(".", "," if self._comma else ".")


def factor_words(factor: Decimal) -> str:
    """How a change is said."""
    return f"cell voltages counted in another unit from here; times {factor.normalize():f} to the scale of the mapping"


def volts(column: pa.DictionaryArray, scale: str, *, comma: bool) -> FloatArray:
    """(T,) [V] of texts at a scale, unrounded; NaN where no number or a known placeholder stands."""
    table = []
    for text in column.dictionary.to_pylist():
        number = exact((text or "").strip(), comma=comma)
        usable = number is not None and number not in NUMBER_SENTINELS and number.copy_abs() < Decimal("1e9")
        table.append(float(number * Decimal(scale)) if usable and number is not None else np.nan)
    return np.array([*table, np.nan])[np.asarray(column.indices.fill_null(len(table)))]
