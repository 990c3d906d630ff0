"""What do the columns of a long table say? Element, quantity, value, unit and quality: one name and one text per row come out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from workbench.ingest import tags
from workbench.ingest.mapping import ColumnRule, MappingProfile
from workbench.ingest.sample_columns import Sample
from workbench.ingest.stated_units import FACTORS
from workbench.ingest.unit_columns import joined
from workbench.ingest.values import exact

MOST_COLUMNS = 8
LOOKED_AT = 500
MASKED = "Bad"  # a text that reads as a placeholder
_QUANTITY = re.compile(r"volt|spannung|current|strom|temp|soc|soh|insulation|contactor|alarm|电压|电流|温度", re.I)
_GOOD = {"good", "ok", "valid", "true", "1", "192", "g", "received"}
_BAD = {"bad", "invalid", "uncertain", "false", "0", "b", "stale", "questionable", "substituted"}


def rules_of(parsed: dict[str, tags.Tag], sample: Sample, time_column: str, *, comma: bool) -> list[ColumnRule]:
    """Rules of a long table, or none when the table is wide."""
    others = [c for c in sample if c != time_column]
    if any(parsed[c].kind == "cell" for c in others) or not 2 <= len(others) <= MOST_COLUMNS:
        return []
    units = next((c for c in others if _share(sample[c], lambda t: t.lower() in FACTORS) > 0.9), None)
    quality = next((c for c in others if c != units and _is_quality(c, sample[c])), None)
    rest = [c for c in others if c not in (units, quality)]
    quantity = next(
        (
            c
            for c in rest
            if len(set(sample[c])) <= 12 and _share(sample[c], lambda t: bool(_QUANTITY.search(t)) and not _numbered(t)) > 0.8
        ),
        None,
    )
    tag = _tag_column([c for c in rest if c != quantity], sample, quantity)
    value = next(
        (c for c in rest if c not in (tag, quantity) and _share(sample[c], lambda t: exact(t, comma=comma) is not None) > 0.5), None
    )
    if tag is None or value is None:
        return []
    roles = {time_column: ("time", "reads as time"), tag: ("tag", "its texts name elements"), value: ("value", "its texts are numbers")}
    for column, role, why in (
        (quantity, "tag-quantity", "its texts name quantities; read together with the element"),
        (units, "unit", "its texts are units; each value takes the one in its row"),
        (quality, "quality", "its texts judge values; what is not good is not read"),
    ):
        if column is not None:
            roles[column] = (role, why)
    rules = [
        ColumnRule(source=c, quantity=role, evidence=why, repair=f"{role}-column" if role in ("unit", "quality") else "")
        for c, (role, why) in roles.items()
    ]
    return rules + [
        ColumnRule(source=c, quantity="drop", evidence="not needed in a long table", repair="dropped-column")
        for c in others
        if c not in roles
    ]


@dataclass(frozen=True, slots=True)
class Roles:
    """Which column of a long table is what; empty where there is none."""

    time: str
    tag: str
    value: str
    quantity: str = ""
    unit: str = ""
    quality: str = ""


def roles_of(profile: MappingProfile) -> Roles:
    """The roles of a mapping."""
    by = {rule.quantity: rule.source for rule in profile.columns}
    return Roles(by["time"], by["tag"], by["value"], by.get("tag-quantity", ""), by.get("unit", ""), by.get("quality", ""))


def merged(block: Mapping[str, pa.DictionaryArray], roles: Roles, odd: Counter[str]) -> tuple[pa.DictionaryArray, pa.DictionaryArray]:
    """Names and texts of the rows: element with quantity, value with unit; a value that the source calls bad becomes a placeholder, counted."""
    names = joined(block[roles.tag], block[roles.quantity]) if roles.quantity else block[roles.tag]
    values = joined(block[roles.value], block[roles.unit]) if roles.unit else block[roles.value]
    if roles.quality:
        column = block[roles.quality]
        bad = [code for code, text in enumerate(column.dictionary.to_pylist()) if (text or "").strip().lower() not in (_GOOD | {""})]
        hit = np.isin(np.asarray(column.indices.fill_null(-1)), bad)
        if hit.any():
            odd["quality-column"] += int(hit.sum())
            codes = np.where(hit, len(values.dictionary), np.asarray(values.indices.fill_null(-1))).astype(np.int32)
            values = pa.DictionaryArray.from_arrays(
                pa.array(codes, mask=codes < 0), pa.array([*values.dictionary.to_pylist(), MASKED], pa.string())
            )
    return names, values


def _tag_column(columns: list[str], sample: Sample, quantity: str | None) -> str | None:
    def names(column: str) -> float:
        texts = [
            f"{a} {b}" if b else a
            for a, b in zip(sample[column], sample[quantity] if quantity else [""] * len(sample[column]), strict=True)
            if a
        ]
        return _share(texts, lambda t: tags.parse(t).kind in ("cell", "probe", "signal"))

    found = [c for c in columns if _share(sample[c], lambda t: exact(t) is None) > 0.5 and names(c) > 0.5]
    return found[0] if found else None


def _is_quality(name: str, texts: Sequence[str]) -> bool:
    known = _share(texts, lambda t: t.lower() in _GOOD | _BAD) > 0.9
    return known and bool(re.search(r"qual|status|valid|flag|qc", name, re.I) or _share(texts, lambda t: exact(t) is None) > 0.9)


def _numbered(text: str) -> bool:
    return bool(re.search(r"\d", text))


def _share(texts: Sequence[str], is_so: object) -> float:
    filled = [text.strip() for text in texts[:LOOKED_AT] if text and text.strip()]
    return sum(bool(is_so(text)) for text in filled) / len(filled) if filled and callable(is_so) else 0.0
