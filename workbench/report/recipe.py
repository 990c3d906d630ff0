"""How was a figure made? Its query in words, the file that holds its data, and both digests: enough to ask for it again."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from workbench.review.finding import Evidence
from workbench.viewmodels import numbers

PLACE = ("rack", "racks", "cells", "channels")
CHOSEN = ("quantity", "reduction", "order", "limit", "limits", "clip", "first_cell", "last_cell", "max_rows", "max_columns")


def recipe_words(evidence: Evidence, data: str) -> str:
    """The recipe of an evidence; data: name of the attached file with its figures. What was left at nothing is left out."""
    query = json.loads(evidence.recipe)
    said = [f"{evidence.view} of {_place(query) or 'all racks'}"]
    said += [f"{name.replace('_', ' ')} {_value(query[name])}" for name in CHOSEN if query.get(name) not in (None, 0, "", [], False)]
    if "start_ns" in query and "end_ns" in query:
        said.append(f"{_iso(query['start_ns'])} to {_iso(query['end_ns'])}")
    said += [f"window {query['window_id']}"] if query.get("window_id") else []
    said += [
        f"data {data}",
        f"picture {numbers.digest_groups(evidence.picture_sha256)}",
        f"extract {numbers.digest_groups(evidence.extract_sha256)}",
    ]
    return "; ".join(said)


def _place(query: dict[str, object]) -> str:
    return ", ".join(f"{'' if name.startswith('rack') else name + ' '}{_value(query[name])}" for name in PLACE if query.get(name))


def _value(value: object) -> str:
    return " ".join(str(v) for v in value) if isinstance(value, list) else str(value)


def _iso(time_ns: int) -> str:
    return datetime.fromtimestamp(time_ns // 1_000_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
