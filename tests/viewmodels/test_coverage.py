"""Absent signals are shown, not left out."""

import numpy as np

from workbench.viewmodels.coverage import coverage_picture


def test_what_every_review_needs_is_listed_even_when_absent(window):
    made = coverage_picture(window, "root", ("cell_voltage_v", "source_x"), np.array([0]), np.array([[1.0], [0.5]]))
    assert made.signals[:2] == ("cell voltages", "source_x")
    assert "reported SoH" in made.signals
    assert np.isnan(made.share[2:]).all()
    assert made.caption.time_zone == window.time_zone
