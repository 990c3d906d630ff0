"""Means of pixels against plain numpy over the same samples."""

import numpy as np

from workbench.jobs.progress import Progress
from workbench.store.means import pixel_means


def test_means_are_those_of_the_samples(session):
    reader = session.views.reader(session.window_id())
    facts = reader.facts
    edges = np.linspace(facts.start_ns, facts.end_ns, 6).astype(np.int64)
    made = pixel_means(reader, (("R01", 3, 6),), edges, 2, deviation=False, progress=Progress())
    first, last = reader.span_of("R01", int(edges[1]), int(edges[2]))
    stored = reader.cell_voltage_mv("R01", first, last)[2:4].astype(float)
    assert made.shape == (2, 5)
    assert np.isclose(made[0, 1], np.nanmean(np.where(stored == -32768, np.nan, stored)))


def test_deviations_average_near_zero_and_hide_a_dip_that_worst_shows(session):
    reader = session.views.reader(session.window_id())
    edges = np.array([reader.facts.start_ns, reader.facts.end_ns])
    made = pixel_means(reader, (("R03", 1, 16),), edges, 1, deviation=True, progress=Progress())
    assert abs(float(np.median(made))) < 5.0


def test_no_samples_no_mean(session):
    reader = session.views.reader(session.window_id())
    far = np.array([0, 1, 2], np.int64)
    assert np.isnan(pixel_means(reader, (("R01", 1, 2),), far, 1, deviation=False, progress=Progress())).all()
