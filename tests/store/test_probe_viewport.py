"""Temperatures over time, extremes kept."""

import numpy as np
import pytest

from workbench.errors import Cancelled
from workbench.jobs.progress import Progress
from workbench.store.probe_viewport import fetch_probes


def test_extremes_of_every_probe_are_those_of_the_samples(session):
    reader = session.views.reader(session.window_id())
    facts = reader.facts
    got = fetch_probes(reader, ("R01", "R02"), facts.start_ns, facts.end_ns, 500, 7, Progress())
    probes = len(reader.rack("R01").probes)
    assert got.rows[:probes] == tuple(("R01", i + 1) for i in range(probes))
    whole = reader.series("R01").probe_temperature_degc()
    assert np.nanmax(got.high[:probes]) == pytest.approx(np.nanmax(whole))
    assert np.nanmin(got.low[:probes]) == pytest.approx(np.nanmin(whole))
    assert got.count[:probes].sum() == np.isfinite(whole).sum()


def test_more_probes_than_rows_share_a_row(session):
    reader = session.views.reader(session.window_id())
    facts = reader.facts
    fine = fetch_probes(reader, ("R01",), facts.start_ns, facts.end_ns, 500, 5, Progress())
    coarse = fetch_probes(reader, ("R01",), facts.start_ns, facts.end_ns, 1, 5, Progress())
    assert len(coarse.rows) == 1
    assert np.array_equal(np.nanmax(fine.high, axis=0), coarse.high[0])


def test_it_stops_when_told(session):
    reader = session.views.reader(session.window_id())
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        fetch_probes(reader, ("R01",), reader.facts.start_ns, reader.facts.end_ns, 10, 10, progress)
