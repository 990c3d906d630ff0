"""May this HDF5 file be read at all? A hostile one reads other files of the machine or eats its memory: the gate comes first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py

from workbench.errors import ProjectError, Reason

ALLOWED_FILTERS = {h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_SHUFFLE}
MAX_RATIO = 2000  # constant matrices (quality flags) compress a thousandfold; a bomb declares far more
MAX_OBJECTS = 2_000_000
FREE_BYTES = 64 * 1024 * 1024  # below this, a declared size is no threat


def gate(file: h5py.File, path: Path) -> None:
    """Raise ProjectError PROJECT_DAMAGED for links out of the file, external or virtual storage, foreign filters, absurd sizes."""
    waiting: list[tuple[str, Any]] = [("/", file)]
    seen = 0
    while waiting:
        place, group = waiting.pop()
        for name in group:
            seen += 1
            inner = f"{place.rstrip('/')}/{name}"
            if seen > MAX_OBJECTS:
                _refuse(path, inner, "holds more objects than any window")
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                _refuse(path, inner, "is a link to somewhere else")
            item = group[name]
            if isinstance(item, h5py.Group):
                waiting.append((inner, item))
            else:
                _check(path, inner, item)


def _check(path: Path, place: str, dataset: Any) -> None:
    if dataset.external or dataset.is_virtual:
        _refuse(path, place, "keeps its values in another file")
    plist = dataset.id.get_create_plist()
    filters = {plist.get_filter(i)[0] for i in range(plist.get_nfilters())}
    if not filters <= ALLOWED_FILTERS:
        _refuse(path, place, "uses a filter that is not part of HDF5")
    declared = dataset.size * dataset.dtype.itemsize if dataset.size else 0
    if declared > FREE_BYTES and declared > MAX_RATIO * max(dataset.id.get_storage_size(), 1):
        _refuse(path, place, f"declares {declared:,} bytes but stores {dataset.id.get_storage_size():,}")


def _refuse(path: Path, place: str, what: str) -> None:
    raise ProjectError(
        Reason.PROJECT_DAMAGED, f"{path.name}: {place} {what}; it is not a window of ours.", "Do not use this file; ask who sent it."
    )
