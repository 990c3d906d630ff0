"""Rows in any order come out once, in order; rows of one instant complete each other."""

from itertools import pairwise

import numpy as np
import pytest
from builders.plants import rack
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.asset.quality import Quality
from workbench.ingest.spool import MOST_ROWS, RackSpool


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


def two_files(folder, cells_at, current_at):
    """Cells in one file, current in another."""
    spool = RackSpool(folder / "R01.rows", rack(cells=1, probes=1), ("rack_current_a",))
    rows = spool.blank(len(cells_at))
    rows["t"], rows["v"], rows["q"], rows["c"] = cells_at, 3300, 0, True
    spool.add(rows)
    rows = spool.blank(len(current_at))
    rows["t"], rows["s"], rows["p"] = current_at, np.array(current_at, float)[:, None], 250
    spool.add(rows)
    spool.close()
    return spool


@pytest.mark.parametrize("swapped", [False, True])
def test_rows_of_two_files_complete_each_other(folder, swapped):
    spool = two_files(folder, [1, 2, 3], [3, 2] if swapped else [2, 3])
    (block,) = spool.blocks(*spool.ordered())
    assert block.cell_voltage_mv.tolist() == [[3300] * 3]
    assert block.cell_quality.tolist() == [[0] * 3]
    assert block.signals["rack_current_a"].tolist()[1:] == [2.0, 3.0]
    assert block.probe_temperature_ddegc.tolist() == [[-32768, 250, 250]]
    assert (spool.joined, spool.duplicates_equal, spool.duplicates_conflicting) == (2, 0, 0)


def test_instants_without_cells_are_left_out_and_counted_only_beside_cells(folder):
    spool = two_files(folder, [10, 20], [10, 15, 20])
    rows, order = spool.ordered()
    assert rows["t"][order].tolist() == [10, 20]
    assert spool.without_cells == 1
    assert len(two_files(folder, [], [10, 15]).ordered()[1]) == 2


def test_a_reason_for_a_missing_value_is_a_statement_too(folder):
    spool = RackSpool(folder / "R01.rows", rack(cells=1, probes=0), ())
    for voltage, quality in ((3300, 0), (-32768, int(Quality.SENTINEL))):
        rows = spool.blank(1)
        rows["t"], rows["v"], rows["q"], rows["c"] = 1, voltage, quality, True
        spool.add(rows)
    spool.close()
    kept, order = spool.ordered()
    assert kept["v"][order].tolist() == [[3300]]
    assert spool.duplicates_conflicting == 1


def test_a_clock_that_stands_still_keeps_its_first_row(folder):
    n = 20 * MOST_ROWS
    spool = spooled(folder, [7] * n, list(range(1, n + 1)), 5)
    rows, order = spool.ordered()
    assert rows["v"][order, 0].tolist() == [1]
    assert spool.duplicates_conflicting == n - 1


def test_an_empty_spool(folder):
    assert len(spooled(folder, [], [], 0).ordered()[1]) == 0
