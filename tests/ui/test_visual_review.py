"""Approved pictures of the stages in which a review is judged and signed: the demonstration site, whole stages at 1280 x 800, in both themes.

Kept 360 pixels wide in 48 colours. Tolerance: on average 4 of 255 per channel, and at most 3 % of the pixels by more than 48; clocks, digests and
numbers of journal entries differ from run to run and stay within it. To approve new ones, look at them first:
WORKBENCH_APPROVE=1 python -m pytest tests/ui/test_visual_review.py
"""

import os
from pathlib import Path

import numpy as np
import pytest
from builders.patience import rest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from workbench.jobs.progress import Progress
from workbench.review.edits import SetVerdict
from workbench.review.finding import Confidence
from workbench.review.verdict import AnswerWord, Recommendation, Verdict
from workbench.simulation.export import export_site
from workbench.simulation.site import SiteSpec
from workbench.ui import theme
from workbench.ui.main_window import MainWindow
from workbench.workflow import demo, findings
from workbench.workflow.session import Session

FOLDER = Path(__file__).parent / "references"
WIDE, COLOURS, LARGEST = 360, 48, 16_000
MEAN, SHARE, FAR = 4.0, 0.03, 48
STAGES = ("Cells", "Claims", "Findings", "Sign-off")
VERDICT = Verdict(
    answer=AnswerWord.NO,
    reason="One cell limits R02, one leaks in R04; the displayed SoH shows neither.",
    recommendation=Recommendation.REPRICE,
    conditions=("Replace module M3 of R02.",),
)


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory):
    """The demonstration site with its findings, but for one stated in full, and a verdict."""
    folder = tmp_path_factory.mktemp("reviewed")
    export, _ = export_site(SiteSpec(), folder / "owner", Progress())
    with Session.create(folder / "northfield.bessreview", demo.SCOPE, author=demo.REVIEWER) as session:
        entry = session.import_window([export], Progress(), name="March 2026")
        for place, candidate in enumerate(session.run_study(entry.id, Progress()).candidates):
            sure = Confidence.HIGH if place else None
            findings.accept(session, entry.id, candidate, Progress(), confidence=sure)
        session.do(SetVerdict(verdict=VERDICT))
        return session.path


def pixels(image):
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return raw[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(float)


def apart(view, name):
    """How far what is drawn today is from what was approved: mean, and the share of pixels that are far away."""
    image = view.grab().toImage().scaledToWidth(WIDE, Qt.TransformationMode.SmoothTransformation)
    path = FOLDER / f"review-{name}.png"
    if os.environ.get("WORKBENCH_APPROVE"):
        Image.fromarray(pixels(image).astype(np.uint8)).quantize(COLOURS).save(path, optimize=True)
    kept = QImage(str(path))
    assert path.stat().st_size < LARGEST
    assert (image.width(), image.height()) == (kept.width(), kept.height())
    differs = np.abs(pixels(image) - pixels(kept))
    return differs.mean(), (differs.max(axis=2) > FAR).mean()


@pytest.mark.parametrize("shade", ["light", "dark"])
def test_judging_and_signing_look_as_they_were_approved(reviewed, qtbot, qapp, shade):
    theme.use(qapp, shade)
    window = MainWindow()
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    window.open_project(reviewed)
    rest(window)
    workspace = window.workspace
    workspace.population.candidates.walk(1)
    seen = {}
    for stage in STAGES:
        window.go(stage)
        rest(window)
        seen[stage] = apart(workspace, f"{stage.lower()}-{shade}")
    other = apart(workspace, f"cells-{shade}") if not os.environ.get("WORKBENCH_APPROVE") else (MEAN + 1, SHARE + 1)
    window.close()
    theme.use(qapp, "light")
    assert all(mean <= MEAN and share <= SHARE for mean, share in seen.values()), seen
    assert other[0] > MEAN or other[1] > SHARE, "another stage is never taken for the one that was approved"
