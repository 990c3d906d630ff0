"""Approved pictures of the stages, kept small: what is drawn today may differ from them only within a stated tolerance.

Kept at a third of 1200 x 720, in the shipped fonts, offscreen. Tolerance: on average 4 of 255 per channel, and at most 3 % of the pixels by more
than 48. To approve new ones, look at them first: WORKBENCH_APPROVE=1 python -m pytest tests/ui/test_visual_regression.py
"""

import os
from pathlib import Path

import numpy as np
import pytest
from builders.patience import rest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from workbench.ui import theme
from workbench.ui.main_window import MainWindow

FOLDER = Path(__file__).parent / "references"
WIDE = 400
MEAN, SHARE, FAR = 4.0, 0.03, 48
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


def pixels(image):
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return raw[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(float)


def compared(view, name):
    """What a widget shows now against what was approved."""
    image = view.grab().toImage().scaledToWidth(WIDE, Qt.TransformationMode.SmoothTransformation)
    path = FOLDER / f"{name}.png"
    if os.environ.get("WORKBENCH_APPROVE"):
        image.save(str(path))
    kept = QImage(str(path))
    assert path.stat().st_size < LARGEST
    assert (image.width(), image.height()) == (kept.width(), kept.height())
    apart = np.abs(pixels(image) - pixels(kept))
    assert apart.mean() <= MEAN
    assert (apart.max(axis=2) > FAR).mean() <= SHARE


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
