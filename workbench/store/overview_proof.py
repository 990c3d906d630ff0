"""Is an overview still what was made of its window? Derived data lie outside the evidence, so what stays on paper is checked before it is shown.

One digest per level, group and rack covers all planes of the rack; one over these and the facts of the overview is checked when it is opened.
It finds damage and careless changes; who can also write new digests is found by making the overview again from the window, whose own root is signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.asset.plain import canonical

DIGEST = "digest"
ROWS = 32  # of a plane, looked at together
Planes = Mapping[str, Any]  # name -> (rows, buckets): an array, or a dataset that reads like one


def rack_rows(first_row: Mapping[str, int], rows: int) -> dict[str, slice]:
    """Rack id -> its rows, of the first row of each rack and how many rows there are."""
    order = sorted(first_row, key=lambda rack: first_row[rack])
    ends = [*(first_row[rack] for rack in order), rows]
    return {rack: slice(*span) for rack, span in zip(order, pairwise(ends), strict=True)}


def rack_digest(planes: Planes, rows: slice) -> bytes:
    """Digest of the planes of one rack at one level of one group."""
    made = hashlib.sha256()
    for name in sorted(planes):
        plane = planes[name]
        begin, end, _ = rows.indices(plane.shape[0])
        made.update(canonical([name, plane.dtype.str, [end - begin, *plane.shape[1:]]]))
        for first in range(begin, end, ROWS):  # a few at a time: the planes of a long window are large
            values: NDArray[Any] = np.ascontiguousarray(plane[first : min(first + ROWS, end)])
            made.update(values.data.cast("B") if values.size else b"")
    return made.digest()


def digests(levels: Sequence[Planes], first_row: Mapping[str, int]) -> NDArray[np.uint8]:
    """(levels, racks, 32) digests of one group; racks in the order of their rows."""
    rows = rack_rows(first_row, levels[0]["count"].shape[0]).values()
    made = b"".join(rack_digest(planes, span) for planes in levels for span in rows)
    return np.frombuffer(made, np.uint8).reshape(len(levels), -1, 32)


def facts_digest(file: Any, groups: Sequence[int]) -> str:
    """Digest (hex) of everything in an open overview file that is not a plane: its facts, the place of each rack, the digests of planes."""
    made = hashlib.sha256(canonical({key: _plain(value) for key, value in file.attrs.items() if key != DIGEST}))
    for group in groups:
        made.update(canonical({rack: int(row) for rack, row in file[f"first_row{group}"].attrs.items()}))
        made.update(file[f"digests/group{group}"][()].tobytes())
    return made.hexdigest()


def seal(file: Any, levels: int, groups: Sequence[int], names: Sequence[str]) -> None:
    """Write the digests of a finished overview into its open file; nothing may change in it afterwards."""
    for group in groups:
        planes = [{name: file[f"level{level}/group{group}/{name}"] for name in names} for level in range(levels)]
        first_row = {str(rack): int(row) for rack, row in file[f"first_row{group}"].attrs.items()}
        file.create_dataset(f"digests/group{group}", data=digests(planes, first_row))
    file.attrs[DIGEST] = facts_digest(file, groups)


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
