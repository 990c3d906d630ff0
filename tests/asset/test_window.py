"""Arrays of one rack as kernels see them."""

import msgspec
import numpy as np
import pytest
from builders.plants import facts, rack, series

from workbench.asset.channels import MISSING_INT16
from workbench.asset.events import Event
from workbench.asset.plain import canonical, revive
from workbench.asset.provenance import Repair
from workbench.asset.window import WindowFacts, decoded


def test_missing_becomes_nan_and_nothing_else_does():
    assert np.array_equal(decoded(np.array([3300, MISSING_INT16], np.int16), 1000), [3.3, np.nan], equal_nan=True)


def test_units():
    one = series(samples=10)
    assert one.cell_voltage_v().shape == (12, 10)
    assert 3.2 < np.nanmedian(one.cell_voltage_v()) < 3.4
    assert 20 < np.nanmedian(one.probe_temperature_degc()) < 30


def test_a_span_cuts_every_array_alike_and_copies_nothing():
    one = series(samples=100)
    part = one.span(10, 40)
    assert np.array_equal(part.time_ns, one.time_ns[10:40])
    assert part.signal("rack_current_a").shape == (30,)
    assert part.cell_voltage_mv.shape == part.cell_quality.shape == (12, 30)
    assert np.shares_memory(part.cell_voltage_mv, one.cell_voltage_mv)
    assert part.signal("no-such-signal") is None
    with pytest.raises(AttributeError):
        part.time_ns = one.time_ns


def test_decoding_leaves_the_stored_values_as_they_are():
    stored = np.array([[3300, MISSING_INT16]], np.int16)
    kept = stored.copy()
    decoded(stored, 1000)[:] = 0
    assert np.array_equal(stored, kept)


@pytest.mark.parametrize(("first", "last", "expected"), [(0, 0, 0), (20, 20, 0), (15, 99, 5), (0, 20, 20), (12, 7, 0)])
def test_a_span_beyond_the_samples_holds_what_there_is(first, last, expected):
    part = series(samples=20).span(first, last)
    lengths = {part.time_ns.size, part.cell_voltage_mv.shape[1], part.cell_quality.shape[1], part.probe_temperature_ddegc.shape[1]}
    assert lengths | {values.size for values in part.signals.values()} == {expected}


def test_a_rack_without_probes_has_an_empty_matrix_of_them():
    assert series(rack(probes=0), samples=10).probe_temperature_degc().shape == (0, 10)


def test_facts_of_a_window_survive_the_file_and_cannot_be_altered():
    event = Event(lane="gap", start_ns=1, end_ns=2, element="R01", code="gap")
    window = facts([series(samples=10)], events=(event,), repairs=(Repair(rule="sign", place="a.csv", count=1, detail="reversed"),))
    assert revive(canonical(window), WindowFacts) == window
    with pytest.raises(AttributeError):
        window.name = "another"
    with pytest.raises(ValueError, match="time_zone_known"):
        revive(canonical({k: v for k, v in msgspec.to_builtins(window).items() if k != "time_zone_known"}), WindowFacts)
