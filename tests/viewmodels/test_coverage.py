"""Absent signals are shown, not left out."""

import numpy as np
import pytest

from workbench.analysis.coverage import Coverage
from workbench.viewmodels.coverage import METER, cell_text, coverage_picture, interval_text, total_text

FOUND = Coverage(("reported_soc", "cell_voltage_v"), np.array([0]), np.array([[0.5], [1.0]]), np.array([0.5, 1.0]), (float("nan"), 10.0))


def test_what_every_review_needs_is_listed_even_when_absent(window):
    made = coverage_picture(window, "root", FOUND)
    assert made.signals[:2] == ("Cell voltage", "SoC (reported)"), "what a review needs comes first"
    assert {"SoH (reported)", "Rack current", METER} <= set(made.signals[2:])
    assert np.isnan(made.share[2:]).all()
    assert made.interval[:3] == ("10\u202fs", "event", "–")
    assert len(made.total) == len(made.interval) == len(made.signals)
    assert made.caption.time_zone == window.time_zone


def test_a_meter_in_the_export_is_not_called_absent(window):
    assert METER not in coverage_picture(window, "root", FOUND, metered=True).signals


@pytest.mark.parametrize(("share", "text"), [(1.0, ""), (0.996, ""), (0.944, "94"), (0.0, ""), (float("nan"), "")])
def test_only_the_incomplete_says_its_figure(share, text):
    assert cell_text(share) == text


@pytest.mark.parametrize(
    ("share", "text"), [(1.0, "100.0\u202f%"), (0.9997, "99.9\u202f%"), (0.7, "70.0\u202f%"), (float("nan"), "absent")]
)
def test_totals(share, text):
    assert total_text(share) == text


def test_intervals():
    assert (interval_text(60.0), interval_text(float("nan"))) == ("60\u202fs", "event")
