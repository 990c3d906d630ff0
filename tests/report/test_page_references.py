"""An approved page of the report, kept small: what is printed today may differ from it only within a stated tolerance.

Kept at 320 pixels wide, in the shipped fonts. Tolerance: on average 4 of 255, and at most 3 % of the pixels by more than 48.
To approve a new one, look at it first: WORKBENCH_APPROVE=1 python -m pytest tests/report/test_page_references.py
"""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from workbench.report.pixels import png

FOLDER = Path(__file__).parent / "references"
MEAN, SHARE, FAR, WIDE = 4.0, 0.03, 48, 320


@pytest.mark.parametrize(("name", "heading"), [("population", "Population and divergence"), ("finding", "Finding F-01")])
def test_a_page_looks_as_it_was_approved(printed, tmp_path, name, heading):
    import io

    page = next(i for i, text in enumerate(printed.pages) if heading in text and "continued" not in text and i > 1)
    image = Image.open(io.BytesIO(png(printed.pdf, page, dpi=100))).convert("L")
    image = image.resize((WIDE, round(image.height * WIDE / image.width)), Image.Resampling.BOX)
    path = FOLDER / f"{name}.png"
    if os.environ.get("WORKBENCH_APPROVE"):
        FOLDER.mkdir(exist_ok=True)
        image.save(path, optimize=True)
    assert path.stat().st_size < 60_000
    kept = np.array(Image.open(path)).astype(float)
    apart = np.abs(np.array(image).astype(float) - kept)
    assert apart.mean() <= MEAN
    assert (apart > FAR).mean() <= SHARE
    assert np.abs(kept - 255.0).mean() > MEAN, "a blank page would be noticed"
