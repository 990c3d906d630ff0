"""How do cells come out of one list inside a quoted field? Every list is cut once and becomes columns of its own, with names invented and said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from statistics import median

import numpy as np
import pyarrow as pa

from workbench.ingest import tags
from workbench.ingest.csv_source import Layout
from workbench.ingest.values import exact

MIN_ITEMS = 3
MIN_SHARE = 0.8  # of filled fields that are lists of the same length
LOOKED_AT = 400
_NUMBERS = re.compile(r"[\d.+\-\n]*")  # texts of one number each, and no list among them
_INSIDE = re.compile(r"^\s*[\[({]?(.*?)[\])}]?\s*$", re.S)


def cut(text: str) -> list[str]:
    """The items of a list in one field; one item where it is none."""
    inside = _INSIDE.match(text)
    body = inside[1].strip() if inside else text
    mark = next((m for m in (";", "|", "\t", ",") if m in body), None)
    items = body.split(mark) if mark else body.split()
    return [item.strip().strip("'\"") for item in items]


def lists_of(form: Layout) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(column, names of its items) for every column of a layout whose fields are lists of numbers of one length."""
    result = []
    cells = probes = 0
    for place, name in enumerate(form.header):
        texts = [row[place] for row in form.sample[:LOOKED_AT] if row[place].strip()]
        if not texts or len(texts[0]) < 2 or _lone(texts) or _is_time(texts[0]):
            continue
        items = {text: len(cut(text)) for text in set(texts)}
        lengths = [items[text] for text in texts]
        usual = max(set(lengths), key=lengths.count)
        if usual < MIN_ITEMS or lengths.count(usual) < MIN_SHARE * len(lengths) or not _numeric(texts, usual):
            continue
        named = cut(name)
        if len(named) == usual:
            names = tuple(tags.cleaned(part) for part in named)
        elif _is_probe(name, texts):
            names, probes = tuple(f"T{probes + k}" for k in range(1, usual + 1)), probes + usual
        else:
            names, cells = tuple(f"C{cells + k}" for k in range(1, usual + 1)), cells + usual
        result.append((name, names))
    return tuple(result)


def spread(form: Layout) -> Layout | None:
    """The layout with a column per item instead of lists, or None where there are none."""
    lists = lists_of(form)
    if not lists:
        return None
    inside = dict(lists)
    header = tuple(name for column in form.header for name in inside.get(column, (column,)))
    sample = tuple(
        tuple(text for column, value in zip(form.header, row, strict=True) for text in _items(value, inside.get(column)))
        for row in form.sample
    )
    notes = tuple(
        ("listed-cells", f"{column} holds a list of {len(names)} numbers in one field; read as {names[0]} to {names[-1]}")
        for column, names in lists
    )
    return Layout(
        form.encoding, form.delimiter, form.decimal, header, form.has_header, form.skip, sample, form.repeated, (*form.notes, *notes),
        shape="listed", inner=form, lists=lists,
    )  # fmt: skip


def columns(block: Mapping[str, pa.DictionaryArray], form: Layout) -> tuple[dict[str, pa.DictionaryArray], int]:
    """A block with one column per item, and the rows whose list has another length: which cell is missing there, nobody can tell."""
    inside, result, odd = dict(form.lists), {}, 0
    for name, column in block.items():
        names = inside.get(name)
        if names is None:
            result[name] = column
            continue
        table = [_items(text or "", names) for text in column.dictionary.to_pylist()]
        wrong = [code for code, text in enumerate(column.dictionary.to_pylist()) if text and text.strip() and len(cut(text)) != len(names)]
        odd += int(np.isin(np.asarray(column.indices.fill_null(-1)), wrong).sum())
        for k, item in enumerate(names):
            own = pa.array([row[k] for row in table], pa.string()).dictionary_encode()
            codes = np.asarray(own.indices)[np.asarray(column.indices.fill_null(0))] if table else np.zeros(0, np.int32)
            gone = np.asarray(column.indices.is_null())
            result[item] = pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32), mask=gone), own.dictionary)
    return result, odd


def _lone(texts: list[str]) -> bool:
    """Whether every text is one number: told at once for all of them, as most columns of most files are."""
    joined = "\n".join(texts)
    return joined.count("\n") == len(texts) - 1 and _NUMBERS.fullmatch(joined) is not None


def _items(text: str, names: tuple[str, ...] | None) -> list[str]:
    if names is None:
        return [text]
    items = cut(text)
    return items if len(items) == len(names) else [""] * len(names)


def _is_time(text: str) -> bool:
    return bool(re.match(r"\s*\d{1,4}[-./]\d{1,2}[-./]\d{1,4}", text))


def _numeric(texts: list[str], usual: int) -> bool:
    items = [item for text in texts[:50] for item in cut(text) if len(cut(text)) == usual and item]
    return bool(items) and sum(exact(item) is not None for item in items) > MIN_SHARE * len(items)


def _is_probe(name: str, texts: list[str]) -> bool:
    if re.search(r"temp|probe|ntc|°c", name, re.I):
        return True
    if re.search(r"cell|zell|volt|(^|_)[uv]($|_)", name, re.I):
        return False
    numbers = [float(value) for text in texts[:50] for item in cut(text) if (value := exact(item)) is not None]
    return bool(numbers) and 4.5 < abs(median(numbers)) < 150
