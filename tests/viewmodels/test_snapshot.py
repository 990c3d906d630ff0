"""The site at an instant."""

import numpy as np
import pytest

from workbench.viewmodels.colours import HATCH, OVER
from workbench.viewmodels.snapshot import snapshot_classes, snapshot_picture

NOW = 10_000_000_000_000


def shot(window, values, quantity="deviation", age_s=0.0, limits=None):
    columns = {
        r.id: (np.asarray(v, np.int16), int(NOW - age_s * 1e9)) if v is not None else None
        for r, v in zip(window.plant.racks, values, strict=True)
    }
    return snapshot_picture(window, "root", columns, NOW, quantity, limits)


def test_each_rack_against_its_own_median(window):
    n = len(window.plant.racks[0].cells)
    one = np.full(n, 3300)
    one[2] = 3250
    made = shot(window, [one, np.full(n, 3100)])
    assert made.value[2, 0] == -50.0
    assert (made.value[:, 1] == 0).all(), "another voltage of the whole rack is no deviation"


def test_what_is_old_or_missing_is_hatched(window):
    n = len(window.plant.racks[0].cells)
    missing = np.full(n, 3300)
    missing[1] = -32768
    made = shot(window, [missing, None])
    classes = snapshot_classes(made)
    assert classes[1, 0] == HATCH
    assert (classes[:, 1] == HATCH).all()
    old = shot(window, [np.full(n, 3300), np.full(n, 3300)], age_s=10 * window.nominal_period_s)
    assert (snapshot_classes(old) == HATCH).all()
    assert old.age_s[0] == pytest.approx(10 * window.nominal_period_s)


def test_raw_on_given_limits_counts_what_is_beyond(window):
    n = len(window.plant.racks[0].cells)
    made = shot(window, [np.full(n, 3300), np.full(n, 3700)], "raw", limits=(3.0, 3.5))
    assert (made.under_count, made.over_count) == (0, n)
    assert (snapshot_classes(made)[:, 1] == OVER).all()
