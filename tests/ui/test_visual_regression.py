"""Approved pictures of the stages, kept small: what is drawn today may differ from them only within a stated tolerance.

Kept at a third of 1200 x 720, in the shipped fonts, offscreen. Tolerance: on average 4 of 255 per channel, and at most 3 % of the pixels by more
than 48. To approve new ones, look at them first: WORKBENCH_APPROVE=1 python -m pytest tests/ui/test_visual_regression.py

Of the demonstration site, whole stages with rail, context bar and inspector at 1280 x 800, kept 400 pixels wide in 64 colours, with the same tolerance.
"""

import numpy as np
import pytest
from builders.patience import rest
from builders.pictures import FAR, FOLDER, MEAN, SHARE, apart, demonstration, pixels
from PySide6.QtGui import QImage

from workbench.jobs.progress import Progress
from workbench.ui import theme
from workbench.ui.main_window import MainWindow
from workbench.workflow import findings

WIDE, COLOURS = 400, 64
ALL = 1_000_000  # bytes of all kept pictures together
LARGEST = 60_000  # bytes of a kept picture


@pytest.fixture
def window(qtbot, project, qapp):
    theme.use(qapp, "light")  # whatever another test left
    made = MainWindow()
    made.resize(1200, 800)
    made.show()
    made.open_project(project)
    rest(made)
    yield made
    made.close()
    theme.use(qapp, "light")


def compared(view, name):
    """What a widget shows now against what was approved."""
    mean, share = apart(view, name, WIDE, COLOURS, LARGEST)
    assert mean <= MEAN
    assert share <= SHARE


@pytest.mark.parametrize("shade", ["light", "dark"])
@pytest.mark.parametrize("stage", ["Scope", "Intake", "Posture", "Population", "Racks", "Cells", "Claims", "Findings", "Sign-off"])
def test_a_stage_looks_as_it_was_approved(window, stage, shade, qapp):
    if shade == "dark":
        window.switch_theme()
        rest(window)
    window.workspace.population.candidates.walk(1)
    window.go(stage)
    rest(window)
    compared(window.workspace.views[stage], f"{stage.lower()}-{shade}")


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_an_instant_and_the_curves_of_a_pass_look_as_approved(window, shade, qapp):
    if shade == "dark":
        window.switch_theme()
        rest(window)
    workspace = window.workspace
    workspace.population.candidates.walk(1)
    workspace.population.controls.shape.choose(1)
    rest(window)
    compared(workspace.population, f"instant-{shade}")
    window.go("Cells")
    workspace.cells.shape.choose(1)
    rest(window)
    compared(workspace.cells.curves, f"curves-{shade}")


@pytest.fixture(scope="module")
def northfield(tmp_path_factory):
    """The demonstration site as its reviewer has it: imported, studied, every candidate a finding."""
    return demonstration(
        tmp_path_factory.mktemp("northfield"),
        lambda session, window_id, candidate: findings.accept(session, window_id, candidate, Progress()),
    )


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_the_demonstration_site_looks_as_it_was_approved(northfield, qtbot, qapp, shade):
    """The stages a window is walked through, with a folded rack, a selection, and racks against each other."""
    theme.use(qapp, shade)
    window = MainWindow()
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    window.open_project(northfield)
    rest(window)
    workspace = window.workspace
    for stage in ("Posture", "Population", "Racks"):
        window.go(stage)
        if stage == "Population":
            workspace.population.candidates.walk(1)
            rest(window)
            workspace.population.folding.toggle("R06")
        rest(window)
        compared(workspace, f"northfield-{stage.lower()}-{shade}")
    window.close()
    theme.use(qapp, "light")


def test_all_kept_pictures_together_stay_small():
    assert sum(path.stat().st_size for path in FOLDER.glob("*.png")) < ALL


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_the_start_page_looks_as_it_was_approved(qtbot, qapp, shade):
    theme.use(qapp, shade)
    made = MainWindow()
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    rest(made)
    compared(made.start, f"start-{shade}")
    made.close()
    theme.use(qapp, "light")


def test_the_tolerance_notices_a_lost_picture():
    kept = pixels(QImage(str(FOLDER / "population-light.png")))
    blank = np.full_like(kept, 255.0)
    assert np.abs(kept - blank).mean() > MEAN
    assert (np.abs(kept - blank).max(axis=2) > FAR).mean() > SHARE
