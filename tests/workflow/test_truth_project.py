"""A scenario as a project holds the samples of its scene, its scope and claims, and opens again."""

import numpy as np

from workbench.jobs.progress import Progress
from workbench.simulation.scenarios import SCENARIOS, sized
from workbench.simulation.scene import made
from workbench.workflow.session import Session
from workbench.workflow.truth_project import as_project


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
