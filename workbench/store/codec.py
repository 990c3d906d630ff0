"""How is one chunk of a matrix stored? Exactly as HDF5's own shuffle and deflate filters would, only faster.

Every HDF5 reader decodes these bytes with built-in filters. We encode with ISA-L and decode with libdeflate, outside the HDF5 lock,
where these libraries are present, and with zlib of the standard library where they are not: the contents are the same.
"""

from __future__ import annotations

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


def encode(block: NDArray[np.generic]) -> bytes:
    """Shuffle (for items of more than one byte) and deflate a C-contiguous little-endian block."""
    raw = np.ascontiguousarray(block)
    size = raw.dtype.itemsize
    data = raw.tobytes() if size == 1 else _halves(raw) if size == 2 else raw.view(np.uint8).reshape(-1, size).T.tobytes()
    return bytes(isal_zlib.compress(data, LEVEL)) if isal_zlib else zlib.compress(data, LEVEL)


def _halves(raw: NDArray[np.generic]) -> bytes:
    """Low bytes, then high bytes: as a byte transpose, four times faster."""
    words = raw.view("<u2").reshape(-1)
    parts = np.empty((2, len(words)), np.uint8)
    np.copyto(parts[0], words, casting="unsafe")
    np.right_shift(words, 8, out=parts[1], casting="unsafe")
    return parts.tobytes()


def decode(data: bytes, shape: tuple[int, ...], dtype: np.dtype[np.generic]) -> NDArray[np.generic]:
    """The block that `encode` was given. Raises ValueError when the bytes are damaged."""
    count = int(np.prod(shape)) * dtype.itemsize
    try:
        raw = libdeflate.zlib_decompress(data, count) if libdeflate else zlib.decompress(data)
    except DAMAGE as error:
        raise ValueError("damaged chunk") from error
    if len(raw) != count:
        raise ValueError("damaged chunk")
    planes = np.frombuffer(raw, dtype=np.uint8)
    if dtype.itemsize == 1:
        return planes.view(dtype).reshape(shape)
    if dtype.itemsize == 2:  # shift and or is several times faster than a byte transpose
        half = count // 2
        joined = planes[:half].astype(np.uint16) | (planes[half:].astype(np.uint16) << 8)
        return joined.view(dtype).reshape(shape)
    return np.ascontiguousarray(planes.reshape(dtype.itemsize, -1).T).view(dtype).reshape(shape)
