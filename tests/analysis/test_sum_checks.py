"""Sums: a cell too many, too few or a wrong scale is seen; poll skew at ramps and interconnects are not a fault."""

import numpy as np
import pytest
from builders.cycles import DECLARED, live, with_signals

from workbench.analysis.results import Outcome
from workbench.analysis.sum_checks import checks, see
from workbench.asset.topology import Cell


@pytest.fixture(scope="module")
def plain():
    return live(cycles=2).series


def judged(series, design=DECLARED):
    return {c.id: c for c in checks({series.rack.id: see(series, design)}, 1)}


def told(series, factor=1.0, offset=0.0, ohm=0.004):
    total = series.cell_voltage_mv.sum(axis=0) / 1000
    return with_signals(series, rack_voltage_v=factor * total + offset + ohm * series.signals["rack_current_a"])


def test_agreement_passes_and_shows_the_interconnects(plain):
    found = judged(told(plain))["CX01"]
    assert found.outcome is Outcome.PASS
    assert found.figures["slope_mohm"] == pytest.approx(4.0, abs=0.2)


@pytest.mark.parametrize("factor", [1.1, 0.9, 0.1])
def test_a_cell_too_many_or_too_few_or_a_wrong_scale_fails(plain, factor):
    found = judged(told(plain, factor))["CX01"]
    assert (found.outcome, found.elements) == (Outcome.FAIL, ("R01",))


def test_a_poll_behind_every_step_of_the_load_is_no_fault(plain):
    late = np.roll(told(plain).signals["rack_voltage_v"], 1)
    assert judged(with_signals(plain, rack_voltage_v=late))["CX01"].outcome is Outcome.PASS


def test_the_tolerance_follows_the_declared_accuracy_of_a_cell(plain):
    offset = 0.15
    fine, coarse = (judged(told(plain, offset=offset), type(DECLARED)(cell_voltage_accuracy_mv=mv))["CX01"] for mv in (1.0, 30.0))
    assert (fine.outcome, coarse.outcome) == (Outcome.FAIL, Outcome.PASS)


def test_modules_are_held_against_their_own_cells(plain):
    from dataclasses import replace

    from msgspec import structs

    cells = tuple(Cell(c.index, c.label, 1 + (c.index > 5)) for c in plain.rack.cells)
    series = replace(plain, rack=structs.replace(plain.rack, cells=cells))
    sums = [series.cell_voltage_mv[part].sum(axis=0) / 1000 for part in (slice(0, 5), slice(5, 10))]
    right = with_signals(series, module_voltage_v_1=sums[0], module_voltage_v_2=sums[1])
    assert judged(right)["CX02"].outcome is Outcome.PASS
    wrong = judged(with_signals(series, module_voltage_v_1=sums[0], module_voltage_v_2=sums[1] + 3.3))["CX02"]
    assert (wrong.outcome, wrong.elements) == (Outcome.FAIL, ("R01 · M2",))


def test_without_channels_nothing_is_agreed(plain):
    found = judged(with_signals(plain, rack_voltage_v=None))
    assert {c.outcome for c in found.values()} == {Outcome.NOT_ESTABLISHED}
    assert {c.reason for c in found.values()} == {"channel-missing"}
