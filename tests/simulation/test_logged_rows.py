"""Rows of a file carry the habits that a series cannot, and an importer finds them again."""

from datetime import UTC, datetime

import numpy as np
import pytest

from workbench.asset.scope import Mandate, Scope
from workbench.jobs.progress import Progress
from workbench.simulation.bms import BmsSpec, displayed
from workbench.simulation.corruption import Spoil
from workbench.simulation.logged_rows import logged_rows, write_rows
from workbench.simulation.rack import simulate_rack
from workbench.simulation.rack_spec import RackSpec
from workbench.simulation.scenarios import DST_START_NS
from workbench.workflow.session import Session

SPEC = RackSpec(modules=3, cells_per_module=4, days=3, period_s=60.0, start_ns=DST_START_NS)


@pytest.fixture(scope="module")
def plain():
    return displayed(simulate_rack(SPEC), BmsSpec())


def rows_of(plain, *spoils):
    return logged_rows(plain, spoils, np.random.default_rng(2))


def test_without_habits_rows_are_the_samples(plain):
    rows = rows_of(plain)
    assert (rows.place == np.arange(len(plain.time_ns))).all()
    assert (rows.time_ns == plain.time_ns).all()


def test_duplicates_repeat_their_stamp_and_only_conflicts_differ(plain):
    for kind in ("duplicate", "conflict"):
        rows = rows_of(plain, Spoil(kind, size=5))
        assert (np.diff(rows.time_ns) == 0).sum() == 5
        assert len(rows.altered) == (5 if kind == "conflict" else 0)


def test_disorder_and_a_clock_reset_step_back(plain):
    assert (np.diff(rows_of(plain, Spoil("disorder", size=4)).time_ns) < 0).sum() == 4
    back = np.diff(rows_of(plain, Spoil("clock-reset", start_h=20, size=2)).time_ns)
    assert (back < 0).sum() == 1
    assert back.min() == pytest.approx(-2 * 3.6e12, abs=61e9)


def test_the_start_of_the_clock_scenario_is_three_days_around_the_change():
    assert datetime.fromtimestamp(DST_START_NS / 1e9, UTC).isoformat() == "2026-03-26T23:00:00+00:00"


def test_what_is_written_comes_back_through_the_importer(plain, tmp_path):
    rows = rows_of(plain, Spoil("duplicate", size=3))
    path = write_rows(tmp_path / "export.zip", [(plain, rows)], "Europe/Berlin")
    scope = Scope(client="a", mandate=Mandate.VALUATION, question="b", time_zone="Europe/Berlin")
    with Session.create(tmp_path / "p.bessreview", scope, author="A") as session:
        entry = session.import_window([path], Progress(), name="w")
        reader = session.views.reader(entry.id)
        back = reader.series("R01")
        assert any(r.rule == "duplicate-time" and r.count == 3 for r in reader.facts.repairs)
        assert (back.time_ns == plain.time_ns).all(), "over the change of clocks"
        assert (back.cell_voltage_mv == plain.cell_voltage_mv).all()
        assert back.signals["rack_current_a"] == pytest.approx(plain.signals["rack_current_a"], abs=0.051)
