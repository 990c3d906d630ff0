"""The same page as pixels."""

import io

import numpy as np
from PIL import Image

from workbench.report.pdf import single
from workbench.report.pixels import png


def test_a_page_becomes_an_image_of_its_size_that_shows_the_same(contents, paper):
    pdf = single(contents.coverage)
    image = Image.open(io.BytesIO(png(pdf, dpi=144)))
    assert image.format == "PNG"
    assert image.size == (1191, 1684)
    shown = np.asarray(image.convert("RGB"))[..., ::-1]
    assert (np.abs(shown.astype(int) - paper(pdf).pixels(scale=2.0)[: shown.shape[0], : shown.shape[1]]).max(axis=-1) > 8).mean() < 0.001
    assert png(pdf, dpi=144) == png(pdf, dpi=144)
