"""Rank and histogram on screen."""

from workbench.ui.distribution_view import DistributionView
from workbench.viewmodels.distribution import distribution, metrics


def test_both_plots_are_drawn_and_named(session, shown):
    study = session.study(session.window_id())
    view = DistributionView()
    view.show_picture(distribution(study, metrics(study)[0][0], "R01", (5,)))
    pixels = shown(view, 600, 500)
    names = [w.accessibleName() for w in view.findChildren(object) if hasattr(w, "accessibleName") and "rank order" in w.accessibleName()]
    assert names
    assert len({tuple(p) for p in pixels[::10, ::10].reshape(-1, 3)}) > 3
