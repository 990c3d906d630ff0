"""Arrays of one rack as kernels see them."""

import numpy as np
from builders.plants import series

from workbench.asset.channels import MISSING_INT16
from workbench.asset.window import decoded


def test_missing_becomes_nan_and_nothing_else_does():
    assert np.array_equal(decoded(np.array([3300, MISSING_INT16], np.int16), 1000), [3.3, np.nan], equal_nan=True)


def test_units():
    one = series(samples=10)
    assert one.cell_voltage_v().shape == (12, 10)
    assert 3.2 < np.nanmedian(one.cell_voltage_v()) < 3.4
    assert 20 < np.nanmedian(one.probe_temperature_degc()) < 30


def test_a_span_cuts_every_array_alike_and_copies_nothing():
    one = series(samples=100)
    part = one.span(10, 40)
    assert np.array_equal(part.time_ns, one.time_ns[10:40])
    assert part.signal("rack_current_a").shape == (30,)
    assert part.cell_voltage_mv.shape == part.cell_quality.shape == (12, 30)
    assert np.shares_memory(part.cell_voltage_mv, one.cell_voltage_mv)
    assert part.signal("no-such-signal") is None
