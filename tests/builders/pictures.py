"""What a widget shows today beside its approved picture, kept small; and the demonstration site of which whole stages are kept.

To approve new ones, look at them first: WORKBENCH_APPROVE=1 python -m pytest and the file of the test.
"""

import os
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from workbench.jobs.progress import Progress
from workbench.simulation.export import export_site
from workbench.simulation.site import SiteSpec
from workbench.workflow import demo
from workbench.workflow.session import Session

FOLDER = Path(__file__).parents[1] / "ui" / "references"
MEAN, SHARE, FAR = 4.0, 0.03, 48  # of 255 per channel on average; share of the pixels that may be so far away
APPROVING = bool(os.environ.get("WORKBENCH_APPROVE"))


def pixels(image):
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return raw[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(float)


def apart(view, name, wide, colours, largest):
    """How far what is drawn now is from what was approved: mean, and the share of pixels that are far away. largest: bytes of a kept picture."""
    image = view.grab().toImage().scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation)
    path = FOLDER / f"{name}.png"
    if APPROVING:
        Image.fromarray(pixels(image).astype(np.uint8)).quantize(colours).save(path, optimize=True)
    kept = QImage(str(path))
    assert path.stat().st_size < largest
    assert (image.width(), image.height()) == (kept.width(), kept.height())
    differs = np.abs(pixels(image) - pixels(kept))
    return differs.mean(), (differs.max(axis=2) > FAR).mean()


def demonstration(folder, record):
    """The demonstration site as its reviewer has it, imported and studied. record is called with session, window and each candidate."""
    export, _ = export_site(SiteSpec(), folder / "owner", Progress())
    with Session.create(folder / "northfield.bessreview", demo.SCOPE, author=demo.REVIEWER) as session:
        entry = session.import_window([export], Progress(), name="March 2026")
        for candidate in session.run_study(entry.id, Progress()).candidates:
            record(session, entry.id, candidate)
        return session.path
