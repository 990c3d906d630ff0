"""Figures of a selection."""

from dataclasses import replace

import numpy as np
from builders.plants import series

from workbench.viewmodels.selection_figures import selection_figures


def test_figures_are_those_of_the_samples():
    made = series(samples=100)
    voltage = np.full_like(made.cell_voltage_mv, 3300)
    voltage[4] = 3250
    voltage[4, :20] = -32768
    found = dict(selection_figures(replace(made, cell_voltage_mv=voltage), (5, 6)))
    assert found["Samples"] == "180, 90.0\u202f%" + " received"
    assert found["Min, max"] == "3.250, 3.300\u202fV"
    assert found["Lowest cell"].endswith("C005")
    assert found["To rack median"].startswith("\u221250")


def test_nothing_received():
    made = series(samples=10)
    assert selection_figures(replace(made, cell_voltage_mv=np.full_like(made.cell_voltage_mv, -32768)), (1,)) == (
        ("Samples", "none received"),
    )
