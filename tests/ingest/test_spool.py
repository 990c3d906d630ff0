"""Rows in any order come out once, in order."""

from itertools import pairwise

import numpy as np
import pytest
from builders.plants import rack
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.ingest.spool import RackSpool


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def spooled(folder, times, values, cut):
    spool = RackSpool(folder / "R01.rows", rack(cells=2, probes=0), ("rack_current_a",))
    rows = spool.blank(len(times))
    rows["t"], rows["v"][:, 0] = times, values
    spool.add(rows[:cut])
    spool.add(rows[cut:])
    spool.close()
    return spool


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 3)), min_size=1, max_size=60), st.integers(0, 60))
def test_each_instant_once_in_order_the_first_value_kept(folder, pairs, cut):
    times, values = [t for t, _ in pairs], [v for _, v in pairs]
    spool = spooled(folder, times, values, cut)
    rows, order = spool.ordered()
    got_t = rows["t"][order].tolist()
    assert got_t == sorted(set(times))
    first = dict(reversed(pairs))
    assert rows["v"][order, 0].tolist() == [first[t] for t in got_t]
    assert spool.duplicates_equal + spool.duplicates_conflicting == len(times) - len(set(times))
    assert spool.backwards == sum(b < a for a, b in pairwise(times))


def test_what_a_file_did_not_have_is_missing(folder):
    spool = spooled(folder, [1, 2], [5, 6], 1)
    block = next(iter(spool.blocks(*spool.ordered())))
    assert block.cell_voltage_mv.tolist() == [[5, 6], [-32768, -32768]]
    assert np.isnan(block.signals["rack_current_a"]).all()


def test_an_empty_spool(folder):
    assert len(spooled(folder, [], [], 0).ordered()[1]) == 0
