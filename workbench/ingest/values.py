"""What number does a field hold? Each distinct text is read once, exactly, and then looked up: never through a float.

Returned codes tell what a text is: RECEIVED (a value), MISSING (empty), SENTINEL (a placeholder), OUT_OF_RANGE (physically impossible).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

import numpy as np
import pyarrow as pa

from workbench.asset.channels import CELL_VOLTAGE_PER_V, MISSING_INT16, PROBE_TEMPERATURE_PER_DEGC, quantity_of
from workbench.asset.quality import Quality
from workbench.asset.window import ByteArray, FloatArray
from workbench.ingest import stated_units
from workbench.ingest.mapping import ColumnRule

TEXT_SENTINELS = {
    "none",
    "na",
    "n/a",
    "nan",
    "null",
    "invalid",
    "bad",
    "i/o timeout",
    "no data",
    "nodata",
    "shutdown",
    "-",
    "--",
    "error",
    "#n/a",
    "inf",
    "-inf",
    "undefined",
}
NUMBER_SENTINELS = {
    Decimal(text)
    for text in (
        "0", "5.0", "65.535", "66.535", "255", "511", "1023", "65024", "65534", "65535", "6553.5", "655.35", "2147.484", "-40", "-50", "-2501.7", "32767",
        "-32768", "3276.7", "-3276.8", "4294967295", "-1", "9999", "-9999", "999", "-999",
    )
}  # fmt: skip
PER_UNIT = {"cell_voltage_v": CELL_VOLTAGE_PER_V, "probe_temperature_degc": PROBE_TEMPERATURE_PER_DEGC}
MOST = Decimal("1e15")  # nothing that a battery logs is larger
MOST_KNOWN = 200_000  # texts remembered per column: memory stays bounded however long the file
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?P<part>[ .,'\u00a0\u2009\u202f])\d{3}(?:(?P=part)\d{3})*(?P<rest>[.,]\d+)?")

_OTHER_MINUS = re.compile(r"[\u2212\u2013]\s?(\d[\d.,]*)|\((\d[\d.,]*)\)|(\d[\d.,]*)-")


@dataclass
class Tally:
    """How often one rule bit in one column, and where first."""

    count: int = 0
    first: str = ""
    examples: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column of one block: stored values (int16 codes or float64), quality flags, and distinct texts per odd kind."""

    values: FloatArray
    quality: ByteArray
    odd: dict[str, tuple[int, int, tuple[str, ...]]]  # rule -> count, first row, example texts


class Reader:
    """Reads the texts of one column by its rule; remembers every text it has seen."""

    def __init__(self, rule: ColumnRule, decimal_mark: str) -> None:
        self._rule = rule
        self.comma = decimal_mark == ","
        self._scale, self._offset = Decimal(rule.scale), Decimal(rule.offset)
        self._bounds = quantity_of(rule.quantity)
        self._per_unit = PER_UNIT.get(rule.quantity)
        self._sentinels = frozenset(map(Decimal, rule.sentinels))
        self._known: dict[str, tuple[float, int, str]] = {}

    def read(self, column: pa.DictionaryArray) -> Column:
        """Values of a dictionary-encoded text column. Integer quantities come back as whole stored units, MISSING_INT16 where unusable."""
        texts = column.dictionary.to_pylist()
        looked = [self.meaning(text) for text in texts]
        table = np.array([value for value, _, _ in looked] + [self._nothing()], np.float64)
        flags = np.array([flag for _, flag, _ in looked] + [int(Quality.MISSING)], np.uint8)
        codes = np.asarray(column.indices.fill_null(len(texts))).astype(np.int64)
        odd: dict[str, tuple[int, int, tuple[str, ...]]] = {}
        kinds: dict[str, list[int]] = {}
        for i, (_, _, rule) in enumerate(looked):
            if rule:
                kinds.setdefault(rule, []).append(i)
        for rule, members in kinds.items():
            hit = np.isin(codes, members)
            if hit.any():
                odd[rule] = (int(hit.sum()), int(np.argmax(hit)), tuple(str(texts[i]) for i in members[:5]))
        return Column(table[codes], flags[codes], odd)

    def _nothing(self) -> float:
        return float(MISSING_INT16) if self._per_unit else float("nan")

    def meaning(self, text: str | None) -> tuple[float, int, str]:
        """Stored value, quality and the name of the rule that bit ('' for none)."""
        key = text or ""
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            found = self._known[key] = self._interpret(key.strip())
        return found

    def _interpret(self, text: str) -> tuple[float, int, str]:
        if not text:
            return self._nothing(), int(Quality.MISSING), ""
        if text.lower() in TEXT_SENTINELS:
            return self._nothing(), int(Quality.SENTINEL), "sentinel"
        number, factor = exact(text, comma=self.comma), None
        if number is None and (parts := stated_units.parted(text)) and self._bounds and parts[1] in (self._bounds.unit, ""):
            number, factor = exact(parts[0], comma=self.comma), parts[2]
        if number is None:
            return self._nothing(), int(Quality.SENTINEL), "text-in-numbers"
        if number.copy_abs() > MOST:
            return self._nothing(), int(Quality.OUT_OF_RANGE), "out-of-range"
        if number in self._sentinels:
            return self._nothing(), int(Quality.SENTINEL), "sentinel"
        flagged = self._rule.flag_sign and number < 0
        scale, offset = (self._scale, self._offset) if factor is None else (factor, Decimal(0))
        value = (abs(number) if flagged else number) * scale * self._rule.sign + offset
        if self._bounds and not self._bounds.low <= value <= self._bounds.high:
            known = number in NUMBER_SENTINELS or abs(number) in NUMBER_SENTINELS
            return self._nothing(), int(Quality.SENTINEL if known else Quality.OUT_OF_RANGE), "sentinel" if known else "out-of-range"
        altered = (
            "unit-in-value"
            if factor is not None
            else "minus-sign"
            if _other_minus(text)
            else "thousands"
            if self._parted(text, number)
            else ""
        )
        if not self._per_unit:
            return float(value), 0, altered
        stored = (value * self._per_unit).to_integral_value(ROUND_HALF_EVEN)
        rounded = altered or ("" if stored == value * self._per_unit else "rounded")
        return float(stored), int(Quality.REPAIRED) if flagged else 0, "sign-flag" if flagged else rounded

    def _parted(self, text: str, number: Decimal) -> bool:
        """Whether thousands were parted in a text that says this number."""
        try:
            return Decimal(text.replace(",", ".") if self.comma and "." not in text else text) != number
        except InvalidOperation:
            return True


def _other_minus(text: str) -> str:
    """The usual text of a number with a typographic minus, in brackets as accountants write it, or with its minus behind; else nothing."""
    found = _OTHER_MINUS.fullmatch(text)
    return f"-{found[1] or found[2] or found[3]}" if found else ""


def number_of(text: str, *, comma: bool = False) -> Decimal | None:
    """As `exact`, and a number with a known unit beside it, in the unit used inside the program."""
    number = exact(text, comma=comma)
    if number is None and (parts := stated_units.parted(text)):
        number = exact(parts[0], comma=comma)
        return None if number is None else number * parts[2]
    return number


def exact(text: str, *, comma: bool = False) -> Decimal | None:
    """The exact number a text states, or None. comma: the decimal mark is a comma and points part thousands."""
    mark, parts = "," if comma else ".", _THOUSANDS.fullmatch(text)
    if parts and parts["part"] != mark and (parts["rest"] or mark).startswith(mark) and (parts["rest"] or parts["part"] != ","):
        text = text.replace(parts["part"], "")  # a lone "1,234" in a file of points could be either: no number
    if comma and "," in text:
        text = text.replace(",", ".") if "." not in text else ""
    try:
        number = Decimal(text) if "_" not in text else None
    except InvalidOperation:
        other = _other_minus(text)
        return exact(other, comma=comma) if other else None
    return number if number is not None and number.is_finite() else None
