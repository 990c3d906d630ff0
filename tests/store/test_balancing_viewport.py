"""What is recorded of balancing, per cell or per rack."""

import numpy as np
import pytest
from builders.plants import facts, rack, series
from msgspec.structs import replace

from workbench.asset.events import Event
from workbench.asset.topology import cell_name
from workbench.jobs.progress import Progress
from workbench.store.balancing_viewport import NOT_RECORDED, PER_CELL, PER_RACK, bled, bled_at, recorded
from workbench.store.viewport import Fetched

HOUR = 3_600_000_000_000


class Reader:
    """One rack in memory, with what a window's reader answers."""

    def __init__(self, one, events=()):
        self.series, self.facts = one, replace(facts([one]), events=tuple(events))

    def rack(self, rack_id):
        return self.series.rack

    def signal_names(self, rack_id):
        return tuple(self.series.signals)

    def time_ns(self, rack_id):
        return self.series.time_ns

    def span_of(self, rack_id, start_ns, end_ns):
        return tuple(int(i) for i in np.searchsorted(self.series.time_ns, [start_ns, end_ns]))

    def signal(self, rack_id, name, first, last):
        return self.series.signals[name][first:last]

    def index_at(self, rack_id, time_ns):
        return int(np.searchsorted(self.series.time_ns, time_ns, side="right")) - 1


def viewport(reader, buckets=4, step=1):
    one = reader.series
    cells = len(one.rack.cells)
    edges = np.linspace(one.time_ns[0], one.time_ns[-1] + HOUR // 3600, buckets + 1).astype(np.int64)
    rows = tuple((one.rack.id, c) for c in range(1, cells + 1, step))
    shape = (len(rows), buckets)
    return Fetched(rows, np.zeros(shape), np.zeros(shape), np.zeros(shape), np.full(shape, 9), edges, float(step), 1.0, exact=True)


@pytest.fixture
def one():
    return series(rack("R01"), seed=1)


def test_a_flag_per_cell_is_its_share_of_the_bucket(one):
    reader = Reader(one)
    edges = viewport(reader).edges_ns
    name = cell_name(one.rack, 2)
    half = int((edges[1] + edges[2]) // 2)
    reader = Reader(one, [Event(lane="balancing", start_ns=int(edges[1]), end_ns=half, element=name, code="shunt-on")])
    assert recorded(reader.facts, reader) == PER_CELL
    got = bled(reader, viewport(reader), Progress())
    assert got.high[1].tolist() == pytest.approx([0, 50, 0, 0], abs=1e-6)
    assert (got.high[[0, 2]] == 0).all()
    merged = bled(reader, viewport(reader, step=2), Progress())
    assert (merged.low[0].max(), merged.high[0, 1]) == (0, pytest.approx(50))
    assert bled_at(reader, "R01", int(edges[1]) + 5)[:3].tolist() == [0, 100, 0]
    assert bled_at(reader, "R01", half + 5)[1] == 0


def test_a_count_of_the_rack_is_the_same_share_for_every_cell(one):
    cells = len(one.rack.cells)
    count = np.zeros(len(one.time_ns))
    count[0], count[1] = 2, np.nan
    one.signals["balancing_cells"] = count
    reader = Reader(one)
    assert recorded(reader.facts, reader) == PER_RACK
    got = bled(reader, viewport(reader), Progress())
    assert got.high[:, 0].tolist() == pytest.approx([200 / cells] * cells)
    assert (got.low[:, 0] == 0).all()
    assert got.count[0].sum() == len(one.time_ns) - 1, "what was not received is not counted"
    assert bled_at(reader, "R01", int(one.time_ns[0]))[0] == pytest.approx(200 / cells)
    assert np.isnan(bled_at(reader, "R01", int(one.time_ns[-1]) + 100 * HOUR)).all(), "an old count says nothing"


def test_nothing_recorded_is_nothing_shown(one):
    one.signals.pop("balancing_cells", None)
    reader = Reader(one)
    assert recorded(reader.facts, reader) == NOT_RECORDED
    got = bled(reader, viewport(reader), Progress())
    assert np.isnan(got.high).all()
    assert (got.count == 0).all()
    assert np.isnan(bled_at(reader, "R01", int(one.time_ns[0]))).all()
