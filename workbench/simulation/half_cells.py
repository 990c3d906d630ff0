"""How does the open-circuit voltage of an LFP/graphite cell go with its state of charge?

The curve is integrated from published slopes [mV per % SoC] (methods.md, finding 1): steep ends, two plateaus, the graphite step at 60-65 %.
"""

from __future__ import annotations

import numpy as np

from workbench.asset.window import FloatArray

SLOPES = (  # SoC in %, slope in mV per %
    (-5.0, 300.0), (0.0, 180.0), (1.0, 130.0), (2.0, 94.0), (5.0, 27.0), (10.0, 9.5), (20.0, 5.6), (30.0, 2.2), (38.0, 0.45), (50.0, 0.35), (58.0, 0.5),
    (62.0, 1.8), (65.0, 2.1), (68.0, 1.6), (72.0, 0.6), (80.0, 0.6), (86.0, 0.3), (92.0, 0.18), (97.0, 0.2), (98.2, 4.0), (99.0, 38.0), (99.5, 207.0),
    (100.0, 420.0), (101.0, 600.0),
)  # fmt: skip
REFERENCE_V, REFERENCE_SOC = 3.295, 50.0
_SOC = np.arange(-5.0, 101.0005, 0.01)
_SLOPE = np.exp(np.interp(_SOC, [s for s, _ in SLOPES], np.log([v for _, v in SLOPES])))
_CURVE = np.r_[0.0, np.cumsum((_SLOPE[1:] + _SLOPE[:-1]) / 2 * 0.01)] / 1000
_CURVE += REFERENCE_V - np.interp(REFERENCE_SOC, _SOC, _CURVE)


def open_circuit_v(soc: FloatArray) -> FloatArray:
    """OCV [V] at rest of cells at state of charge 0..1 (any shape); held constant beyond -0.05 and 1.01."""
    result: FloatArray = np.interp(np.asarray(soc) * 100, _SOC, _CURVE)
    return result
