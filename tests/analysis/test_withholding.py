"""A check that fails takes the ground from what rests on it: no sound-looking number is left, and nothing else changes."""

import pytest
from builders.cycles import DECLARED, live, with_signals
from builders.plants import facts
from msgspec.structs import replace

from workbench.analysis import withholding
from workbench.analysis.effects import Estimator
from workbench.analysis.results import Candidate, Check, Estimate, NotEstablished, Outcome, StudyParameters
from workbench.analysis.study import study
from workbench.jobs.progress import Progress


def studied(series):
    window = facts([series], period_s=30.0)
    return study(window, "root", {series.rack.id: series}.__getitem__, DECLARED, StudyParameters(), Progress())


def answers(result):
    (rack,) = result.estimates.racks
    (balance,) = result.balances
    return [
        *(getattr(balance, name) for name in ("charge_ah", "discharge_ah", "net_ah", "offset_a", "capacity_ah", "efc")),
        *(
            getattr(rack, name)
            for name in ("string_ah", "usable_kwh", "mean_share", "weakest_share", "imbalance_share", "round_trip", "leakage")
        ),
        *(getattr(cell, name) for cell in rack.cells for name in ("capacity_share", "ahead_share", "leakage_ma", "resistance_ratio")),
        *(cell.resistance_mohm for cell in result.cells),
        result.estimates.waterfall.usable_mwh,
    ]


def test_a_reversed_current_leaves_no_number():
    lived = live(cells=20, cycles=4, extra_ohm={4: 0.6e-3})
    sound = studied(lived.series)
    assert any(isinstance(a, Estimate) for a in answers(sound))
    reversed_ = studied(with_signals(lived.series, rack_current_a=-lived.series.signals["rack_current_a"]))
    assert next(c.outcome for c in reversed_.checks if c.id == "DQ12") is Outcome.FAIL
    assert all(isinstance(a, NotEstablished) for a in answers(reversed_))
    assert not [c for c in reversed_.candidates if c.kind in withholding.OF_KIND]
    assert {part.state for cell in reversed_.estimates.racks[0].cells for part in cell.parts} == {"not observable"}


def test_nothing_changes_where_nothing_fails():
    result = studied(live(cells=20, cycles=3).series)
    assert withholding.blocked(result.checks) == {}
    assert withholding.rack(result.estimates.racks[0], {}) is result.estimates.racks[0]


@pytest.mark.parametrize(
    ("check", "outcome", "blocks"),
    [("DQ15", Outcome.FAIL, True), ("DQ15", Outcome.DEGRADED, False), ("DQ05", Outcome.FAIL, True), ("DQ01", Outcome.FAIL, False)],
)
def test_only_a_failed_check_that_blocks_refuses(check, outcome, blocks):
    found = withholding.blocked([Check(id=check, title="T", outcome=outcome, seen="seen.", limit="", consequence="")])
    assert (Estimator.RESISTANCE in found) is blocks
    assert all(check in why.why and why.settles for why in found.values())


def test_a_cell_whose_proposal_fell_is_not_called_sound():
    result = studied(live(cells=20, cycles=3).series)
    made = Candidate(
        id="x", kind="hot-joint", severity="major", title="t", observation="o", meaning="m", alternatives="a", settles="s", rack="R01", cells=(4,),
        start_ns=0, end_ns=1, quantity="cell_voltage_v", score=9.0,
    )  # fmt: skip
    refused = {Estimator.RESISTANCE: NotEstablished(reason="r", why="w", settles="s")}
    kept, dropped = withholding.standing([made, replace(made, id="y", kind="frozen-channel", cells=(5,))], refused)
    assert [c.id for c in kept] == ["y"]
    cells = [withholding.cell(c, refused, dropped) for c in result.cells]
    assert (cells[3].reading, cells[3].status) == ("not judged", "none")
    assert cells[4].reading == result.cells[4].reading
