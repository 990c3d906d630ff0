"""Does a logger write minimum, maximum and mean of each cell side by side? Then only one of them is the cell; the others are kept apart."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec.structs import replace

from workbench.asset.channels import OTHER_PREFIX
from workbench.ingest.mapping import ColumnRule
from workbench.ingest.tags import Tag

_WORD = re.compile(r"(?:^|[_ ./\-(])(min|minimum|max|maximum|avg|average|mean|mittel\w*|std|stdev|first|last)(?=$|[_ ./\-\[()])", re.I)
CELL = ("last", "avg", "average", "mean", "mittel")  # which of them is the cell, the best first: a snapshot before a mean


def decided(rules: list[ColumnRule], parsed: Mapping[str, Tag]) -> list[ColumnRule]:
    """Rules in which each cell has one column. Where only extremes were logged, no column is the cell."""
    families: dict[tuple[int, int, int], dict[str, str]] = {}
    for rule in rules:
        tag = parsed.get(rule.source)
        word = _WORD.search(rule.source)
        if rule.quantity == "cell_voltage_v" and tag is not None and word:
            families.setdefault((tag.rack, tag.module, tag.index), {})[rule.source] = word[1].lower()
    kept: dict[str, str] = {}
    for family in families.values():
        if len(set(family.values())) > 1:
            cell = min(family, key=lambda source: _rank(family[source]))
            kept |= {source: (cell if _rank(family[cell]) < len(CELL) else "") for source in family}
    alone = {source: word for family in families.values() if len(set(family.values())) == 1 for source, word in family.items()}
    kept |= {source: "" for source, word in alone.items() if _rank(word) >= len(CELL)}
    return [
        _apart(rule, kept[rule.source])
        if rule.source in kept and kept[rule.source] != rule.source
        else replace(rule, evidence=f"{rule.evidence}; its name says {alone[rule.source]}", repair="interval-mean")
        if _rank(alone.get(rule.source, "last")) > 0
        else rule
        for rule in rules
    ]


def _apart(rule: ColumnRule, cell: str) -> ColumnRule:
    evidence = f"the same cell is {cell}: an extreme or a spread of its interval" if cell else "an extreme of its interval; no column holds the cell itself"  # fmt: skip
    return ColumnRule(
        source=rule.source, quantity=OTHER_PREFIX + rule.source.replace("/", "∕"), rack=rule.rack, scale=rule.scale, evidence=evidence, repair="aggregate-column",
    )  # fmt: skip


def _rank(word: str) -> int:
    return next((k for k, known in enumerate(CELL) if word.startswith(known)), len(CELL))
