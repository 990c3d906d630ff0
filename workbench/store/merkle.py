"""Does a window still hold exactly what was imported, and if not, where does it differ?

Leaves cover logical tiles, not stored chunks, so the root survives re-compression and re-chunking; names, types and attributes are in it too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.asset.plain import canonical

TILE = 512  # samples; a tile spans all cells of its rack


def leaf(path: str, offset: int, block: NDArray[np.generic]) -> bytes:
    """Digest of one tile: its place, type, shape and little-endian values."""
    little = np.ascontiguousarray(block).astype(block.dtype.newbyteorder("<"), copy=False)
    head = canonical([path, little.dtype.str, offset, list(little.shape)])
    state = hashlib.sha256(b"\0" + head)
    state.update(little.reshape(-1).view(np.uint8))
    return state.digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Merkle root of leaves in order; of no leaves, the digest of nothing."""
    layer = list(leaves) or [hashlib.sha256(b"\0").digest()]
    while len(layer) > 1:
        layer = [
            hashlib.sha256(b"\1" + b"".join(layer[i : i + 2])).digest() if i + 1 < len(layer) else layer[i] for i in range(0, len(layer), 2)
        ]
    return layer[0]


def proof(leaves: Sequence[bytes], index: int) -> tuple[tuple[bool, bytes], ...]:
    """What somebody needs, besides one tile, to recompute the root: (stands on the left, digest) from bottom to top."""
    steps: list[tuple[bool, bytes]] = []
    layer = list(leaves)
    while len(layer) > 1:
        other = index ^ 1
        if other < len(layer):
            steps.append((other < index, layer[other]))
        layer = [
            hashlib.sha256(b"\1" + b"".join(layer[i : i + 2])).digest() if i + 1 < len(layer) else layer[i] for i in range(0, len(layer), 2)
        ]
        index //= 2
    return tuple(steps)


def proves(tile: bytes, steps: Iterable[tuple[bool, bytes]], expected: bytes) -> bool:
    """Whether this tile belongs to that root."""
    for left, other in steps:
        tile = hashlib.sha256(b"\1" + (other + tile if left else tile + other)).digest()
    return tile == expected


def record(path: str, dataset: Any, tile_root: str) -> dict[str, object]:
    """Path, type, shape, attributes and tiles: a changed unit breaks the root as surely as a changed value."""
    attributes = {key: value.item() if hasattr(value, "item") else value for key, value in dataset.attrs.items()}
    return {
        "path": path,
        "dtype": dataset.dtype.newbyteorder("<").str,
        "shape": list(dataset.shape),
        "attributes": attributes,
        "tiles": tile_root,
    }


def window_root(objects: Iterable[dict[str, object]]) -> str:
    """Root (hex) over one canonical record per dataset: path, dtype, shape, attributes and the root of its tiles."""
    records = sorted(canonical(record) for record in objects)
    return root([hashlib.sha256(b"\0" + record).digest() for record in records]).hex()
