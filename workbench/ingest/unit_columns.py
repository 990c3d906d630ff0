"""Does one column hold the units of others? Each number then takes the unit that stands in its own row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from workbench.ingest.mapping import ColumnRule
from workbench.ingest.stated_units import FACTORS
from workbench.ingest.values import exact

LOOKED_AT = 500
MIN_SHARE = 0.9


def scaled_by(sample: Mapping[str, Sequence[str]], time_column: str) -> dict[str, str]:
    """Which column holds the unit of which: a column of units stands for the numbers since the one before, or for all that follow."""
    result: dict[str, str] = {}
    waiting: list[str] = []
    unit = ""
    for name, texts in sample.items():
        filled = Counter({text: count for text, count in Counter(texts[:LOOKED_AT]).items() if text and text.strip()})
        if name == time_column or not filled:
            continue
        least = MIN_SHARE * filled.total()
        if sum(count for text, count in filled.items() if text.strip().lower() in FACTORS) > least:
            result |= dict.fromkeys(waiting, name)
            unit, waiting = ("" if waiting else name), []
        elif sum(n for text, n in filled.items() if _is_number(text.strip())) > least:
            waiting.append(name)
            if unit:
                result[name] = unit
                waiting = []
    return result


def _is_number(text: str) -> bool:
    return exact(text) is not None or exact(text, comma=True) is not None


def with_units(sample: Mapping[str, Sequence[str]], units: dict[str, str]) -> dict[str, Sequence[str]]:
    """Texts in which every number has its unit beside it."""
    return {
        name: [f"{text} {unit}" if text and unit else text for text, unit in zip(texts, sample[units[name]], strict=True)]
        if name in units
        else texts
        for name, texts in sample.items()
    }


def rules_of(units: dict[str, str]) -> list[ColumnRule]:
    """One rule per column of units, naming what it scales."""
    return [
        ColumnRule(
            source=unit, quantity="unit", scales=tuple(name for name, own in units.items() if own == unit), repair="unit-column",
            evidence=f"its texts are units; each number of {', '.join(n for n in list(units)[:3] if units[n] == unit)} takes the one in its row",
        )
        for unit in dict.fromkeys(units.values())
    ]  # fmt: skip


def applied(block: Mapping[str, pa.DictionaryArray], rules: list[ColumnRule]) -> dict[str, pa.DictionaryArray]:
    """A block in which the numbers that a column of units scales have their unit beside them."""
    result = dict(block)
    for rule in rules:
        if rule.quantity == "unit" and rule.source in block:
            for name in rule.scales:
                if name in block:
                    result[name] = joined(block[name], block[rule.source])
    return result


def joined(numbers: pa.DictionaryArray, units: pa.DictionaryArray, mark: str = " ") -> pa.DictionaryArray:
    """(T,) texts of two columns side by side, with a mark between; every pair of texts is made once."""
    words = [text.strip() for text in units.dictionary.to_pylist()]
    texts = numbers.dictionary.to_pylist()
    one, two = np.asarray(numbers.indices.fill_null(-1)).astype(np.int64), np.asarray(units.indices.fill_null(-1)).astype(np.int64)
    pairs, codes = np.unique(one * (len(words) + 1) + two, return_inverse=True)
    made = []
    for pair in pairs.tolist():
        first, second = divmod(pair, len(words) + 1)
        if second == len(words):  # -1 stands for no unit
            first, second = first + 1, -1
        text = texts[first] if 0 <= first < len(texts) else ""
        made.append(f"{text}{mark}{words[second]}" if text.strip() and 0 <= second else text)
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(made, pa.string()))
