"""A scenario as a project holds the samples of its scene, its scope and claims, and opens again."""

import numpy as np
import pytest

from workbench.analysis.estimates import Observability
from workbench.analysis.results import Estimate, NotEstablished
from workbench.jobs.progress import Progress
from workbench.simulation.scenarios import SCENARIOS, sized
from workbench.simulation.scene import made
from workbench.workflow.session import Session
from workbench.workflow.truth_project import as_project, scenario_project


def test_a_scene_is_kept_as_it_was_made(tmp_path):
    scene = made(sized(SCENARIOS["leak"], 1, days=3))
    with as_project(scene, tmp_path / "p.bessreview", Progress()) as session:
        window = session.window_id(None)
    with Session.open(tmp_path / "p.bessreview", author="somebody") as session:
        reader = session.views.reader(window)
        for rack, series in scene.series.items():
            kept = reader.series(rack)
            assert np.array_equal(kept.cell_voltage_mv, series.cell_voltage_mv)
            assert np.allclose(kept.signals["reported_soc"], series.signals["reported_soc"], equal_nan=True)
        scope = session.document.scope
    assert scope.design == scene.design
    assert [claim.quantity for claim in scope.claims] == ["reported_soh", "reported_soc_error"]
    assert all(claim.value is not None and claim.materiality for claim in scope.claims)


def test_windows_between_anchors_are_no_capacity_of_a_rack_that_a_cell_holds_back(tmp_path):
    """They had said 304 [284, 324] Ah as operated, of a rack that stops at 167."""
    scenario_project("derate-resistance", 30, tmp_path / "p.bessreview", Progress())
    with Session.open(tmp_path / "p.bessreview", author="somebody") as session:
        found = session.run_study(session.window_id(None), Progress())
        racks = {rack.rack: rack for rack in found.estimates.racks}
    assert racks["R02"].partial_ah.reason == "held-back"
    assert isinstance(racks["R01"].string_ah, Estimate)


@pytest.mark.parametrize("seed", [5, 7])
def test_a_cell_that_lacks_a_third_of_its_charge_is_never_called_full(tmp_path, seed):
    """It had been given 1.01 times its string's charge, give or take 0.7 %, and holds 1.43 times."""
    scenario_project("derate-apart", seed, tmp_path / "p.bessreview", Progress())
    with Session.open(tmp_path / "p.bessreview", author="somebody") as session:
        racks = {rack.rack: rack for rack in session.run_study(session.window_id(None), Progress()).estimates.racks}
    cell = racks["R02"].cells[4]
    assert isinstance(cell.capacity_share, NotEstablished)
    assert isinstance(cell.to_full_share, NotEstablished)
    assert cell.at_least_share < 1.43
    assert all(part.state is not Observability.MEASURED for part in cell.parts if part.quantity == "capacity")
