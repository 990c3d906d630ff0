"""One figure over the cells."""

import numpy as np

from workbench.viewmodels.distribution import distribution, distribution_table, metrics


def test_the_weak_cell_stands_at_the_low_end(session):
    study = session.study(session.window_id())
    keys = [key for key, _ in metrics(study)]
    metric = next(k for k in keys if k.startswith("deviation end of discharge"))
    made = distribution(study, metric, "R01", (5,))
    assert made.chosen == (0,)
    assert made.counts.sum() == len(made.values) == 16
    assert np.all(np.diff(made.values) >= 0)
    assert distribution_table(made).rows[0][1].text == made.names[0]


def test_cells_without_the_figure_are_counted_not_drawn(session):
    study = session.study(session.window_id())
    made = distribution(study, "resistance", "", ())
    assert len(made.values) + made.missing == 48
    nothing = distribution(study, "deviation never", "R01", (5,))
    assert (len(nothing.values), nothing.missing, nothing.chosen) == (0, 16, ())
