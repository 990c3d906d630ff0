"""Is the current of a rack written in two parts? Charge and discharge in a column each, or a size with a word beside it that says which way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
from msgspec.structs import replace

from workbench.asset.window import FloatArray
from workbench.ingest import unit_columns
from workbench.ingest.mapping import ColumnRule
from workbench.ingest.sample_columns import Sample
from workbench.ingest.tags import parse
from workbench.ingest.values import number_of

_DISCHARGE = re.compile(r"dis[_ -]?ch(?:ar)?g|dchg|entlad|放电", re.I)
_CHARGE = re.compile(r"ch(?:ar)?g|laden|ladung|ladestrom|充电", re.I)
MOST_WORDS = 12
LOOKED_AT = 2000
BOTH = 0.02  # of the rows in which charge and discharge may both flow: a row in which one gave way to the other


def way(text: str) -> int:
    """1 for words of charge, -1 for words of discharge, 0 for neither."""
    return -1 if _DISCHARGE.search(text) else 1 if _CHARGE.search(text) else 0


def added(rules: list[ColumnRule], numbers: Mapping[str, FloatArray]) -> list[ColumnRule]:
    """Rules in which a charge current and a discharge current of a rack are two parts of one, added with their signs."""
    result = list(rules)
    for rack in sorted({rule.rack for rule in rules}):
        mine = [r for r in rules if r.rack == rack and parse(r.source).quantity == "rack_current_a" and r.source in numbers]
        parts = {side: [r for r in mine if way(r.source) == side] for side in (1, -1)}
        if len(mine) != 2 or any(len(side) != 1 for side in parts.values()):
            continue
        signs = {side: _sign(numbers[parts[side][0].source]) for side in parts}
        both = np.mean((np.nan_to_num(numbers[mine[0].source]) != 0) & (np.nan_to_num(numbers[mine[1].source]) != 0))
        if not all(signs.values()) or both > BOTH:
            continue
        for side, (rule,) in parts.items():
            other = parts[-side][0].source
            made = replace(
                rule, quantity="rack_current_a", sign=side * signs[side], repair="split-current",
                evidence=f"never of the other sign, and {other} flows in {100 * both:.1f} % of the rows beside it: two parts of one current",
            )  # fmt: skip
            result[result.index(rule)] = made if parse(rule.source).unit != "mA" else replace(made, scale="0.001")
    return result


def together(one: FloatArray, two: FloatArray) -> FloatArray:
    """(T,) the sum of both parts. An empty part beside one that flows is none; beside one that rests it is not known."""
    alone = np.where(np.isnan(one), two, one)
    alone[(alone == 0) & (np.isnan(one) | np.isnan(two)) & ~_untouched(one)] = np.nan
    return np.where(np.isnan(one) | np.isnan(two), alone, one + two)


def _untouched(one: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether nothing stood there before: the first part is then put as it is."""
    return np.full(len(one), bool(np.isnan(one).all()))


def _sign(values: FloatArray) -> int:
    known = values[np.isfinite(values)]
    return 0 if not len(known) else 1 if (known >= 0).all() else -1 if (known <= 0).all() else 0


def directed(sample: Sample, *, comma: bool = False) -> dict[str, str]:
    """Which current takes its sign from which column of words: one current that never has a sign, and one column that names both ways."""
    currents = [name for name in sample if parse(name).quantity == "rack_current_a"]
    if len(currents) != 1:
        return {}
    sizes = [number_of(text.strip(), comma=comma) for text in sample[currents[0]][:LOOKED_AT] if text and text.strip()]
    if not sizes or any(size is not None and size < 0 for size in sizes):
        return {}
    words = [name for name in sample if name != currents[0] and _names_both(sample[name])]
    return {currents[0]: words[0]} if len(words) == 1 else {}


def _names_both(texts: Sequence[str]) -> bool:
    distinct = {text.strip() for text in texts[:LOOKED_AT] if text and text.strip()}
    return len(distinct) <= MOST_WORDS and {1, -1} <= {way(text) for text in distinct}


def with_directions(sample: Sample, directions: dict[str, str]) -> Sample:
    """Texts in which the current has the sign that the word beside it says."""
    return {
        name: [_signed(text, word) for text, word in zip(texts, sample[directions[name]], strict=True)] if name in directions else texts
        for name, texts in sample.items()
    }


def rules_of(directions: dict[str, str]) -> list[ColumnRule]:
    """One rule per column of words, naming the current that it gives a sign."""
    return [
        ColumnRule(
            source=words, quantity="direction", scales=(current,), repair="direction-column",
            evidence=f"{current} never has a sign and this column says charge and discharge: a minus is put before what flows out",
        )
        for current, words in directions.items()
    ]  # fmt: skip


def applied(block: Mapping[str, pa.DictionaryArray], rules: list[ColumnRule]) -> Mapping[str, pa.DictionaryArray]:
    """A block in which currents have the sign that their column of words says."""
    rules = [rule for rule in rules if rule.quantity == "direction" and rule.source in block and rule.scales[0] in block]
    if not rules:
        return block
    result = dict(block)
    for rule in rules:
        pairs = unit_columns.joined(block[rule.scales[0]], block[rule.source], "\0")
        texts = [_signed(*text.split("\0", 1)) if "\0" in text else text for text in pairs.dictionary.to_pylist()]
        result[rule.scales[0]] = pa.DictionaryArray.from_arrays(pairs.indices, pa.array(texts, pa.string()))
    return result


def _signed(text: str, word: str) -> str:
    text = text.strip()
    return f"-{text}" if text and way(word) < 0 and not text.startswith("-") else text
