"""How is one chunk of a matrix stored? Exactly as HDF5's own shuffle and deflate filters would, only faster.

Every HDF5 reader decodes these bytes with built-in filters. We encode with ISA-L and decode with libdeflate, outside the HDF5 lock,
where these libraries are present, and with zlib of the standard library where they are not: the contents are the same.
"""

from __future__ import annotations

import math
import zlib

import numpy as np
from numpy.typing import NDArray

try:
    from isal import isal_zlib
except ImportError:  # optional accelerator
    isal_zlib = None  # type: ignore[assignment]
try:
    import deflate as libdeflate
except ImportError:  # optional accelerator
    libdeflate = None

DAMAGE: tuple[type[Exception], ...] = (zlib.error, ValueError) + ((libdeflate.DeflateError,) if libdeflate else ())
LEVEL = 1  # higher levels buy 5-8 % of size for 2-6 times the time (performance.md 2.1)
ISAL_LEVEL = 2  # its second level takes no longer than its first, makes 2-3 % less and is decoded a sixth sooner
AFTERWARDS = 8 * b"\x00\x00\x00\xff\xff"  # deflate blocks without contents: see encode
Bytes = NDArray[np.uint8]


def encode(block: NDArray[np.generic]) -> bytes:
    """Shuffle (for items of more than one byte) and deflate a C-contiguous little-endian block.

    The bytes of each place have codes of their own: nearly constant high bytes then spoil none of those of the noise, 1 % of the size. Of the last
    40 bytes libdeflate copies runs byte by byte, and constant bytes are runs only: empty blocks after them let it copy words, 6 % sooner.
    """
    packer = isal_zlib.compressobj(ISAL_LEVEL) if isal_zlib else zlib.compressobj(LEVEL)
    pieces: list[bytes] = []
    for part in shuffled(block):
        pieces += [packer.compress(part), packer.flush(zlib.Z_SYNC_FLUSH)]
    return b"".join([*pieces, AFTERWARDS, packer.flush()])


def shuffled(block: NDArray[np.generic]) -> Bytes:
    """(bytes of an item, *shape) the lowest bytes of all items, then the next ones."""
    raw = np.ascontiguousarray(block)
    size = raw.dtype.itemsize
    if size == 2:  # as a byte transpose, four times faster
        words = raw.view("<u2")
        parts = np.empty((2, *raw.shape), np.uint8)
        np.copyto(parts[0], words, casting="unsafe")
        np.right_shift(words, 8, out=parts[1], casting="unsafe")
        return parts
    return np.ascontiguousarray(np.moveaxis(raw.view(np.uint8).reshape(*raw.shape, size), -1, 0))


def decode(data: bytes, shape: tuple[int, ...], dtype: np.dtype[np.generic]) -> NDArray[np.generic]:
    """The block that `encode` was given. Raises ValueError when the bytes are damaged."""
    return joined(inflated(data, shape, dtype), dtype)


def inflated(data: bytes, shape: tuple[int, ...], dtype: np.dtype[np.generic]) -> Bytes:
    """The block as `shuffled` leaves it: who wants a part of it need not join all of it. Raises ValueError when the bytes are damaged."""
    count = math.prod(shape) * dtype.itemsize
    try:
        raw = libdeflate.zlib_decompress(data, count) if libdeflate else zlib.decompress(data)
    except DAMAGE as error:
        raise ValueError("damaged chunk") from error
    if len(raw) != count:
        raise ValueError("damaged chunk")
    return np.frombuffer(raw, dtype=np.uint8).reshape(dtype.itemsize, *shape)


def joined(parts: Bytes, dtype: np.dtype[np.generic], out: NDArray[np.generic] | None = None) -> NDArray[np.generic]:
    """The items of shuffled bytes, or of a cut of them; into `out` where it is given (items of two bytes only)."""
    items: NDArray[np.generic]
    if dtype.itemsize == 1:
        items = parts[0].view(dtype)
        return items
    if dtype.itemsize == 2:  # several times faster than a byte transpose; cast piece by piece on the way, so that memory is touched once
        words = np.multiply(parts[1], np.uint16(256), dtype=np.uint16)
        np.add(words, parts[0], out=words, dtype=np.uint16)
        if out is None:
            items = words.view(dtype)
            return items
        out.view(np.uint16)[...] = words
        return out
    items = np.ascontiguousarray(np.moveaxis(parts, 0, -1)).view(dtype)[..., 0]
    return items
