"""What do several columns say together, row by row? Shapes: T rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from workbench.asset.window import FloatArray


def per_row(function: Callable[..., FloatArray], columns: list[FloatArray]) -> FloatArray:
    """(T,) a nan-function over columns, NaN where none of them holds a number."""
    stack = np.array(columns)
    result = np.full(stack.shape[1], np.nan)
    known = np.isfinite(stack).any(axis=0)
    if known.any():
        result[known] = function(stack[:, known], axis=0)
    return result
