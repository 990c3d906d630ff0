"""Pictures without a window."""

import pytest

from workbench.errors import UsageError
from workbench.jobs.progress import Progress
from workbench.workflow.render_picture import render_picture

WORDS = {"window": None, "rack": "", "cells": "", "raw": False}


@pytest.mark.parametrize("name", ["heatmap", "coverage", "divergence", "traces", "dqdv"])
def test_each_picture_is_a_pdf_with_a_stable_digest(session, tmp_path, name):
    digests = {render_picture(session, name, tmp_path / f"{i}.pdf", Progress(), **WORDS) for i in range(2)}
    assert len(digests) == 1
    assert (tmp_path / "0.pdf").read_bytes() == (tmp_path / "1.pdf").read_bytes()


@pytest.mark.parametrize("words", [{"rack": "R99"}, {"cells": "x"}, {"cells": "0"}, {"cells": "17", "rack": "R01"}])
def test_words_that_do_not_fit(session, tmp_path, words):
    with pytest.raises(UsageError):
        render_picture(session, "traces", tmp_path / "a.pdf", Progress(), **{**WORDS, **words})


def test_the_same_picture_as_pixels(session, tmp_path):
    digest = render_picture(session, "coverage", tmp_path / "a.png", Progress(), **WORDS)
    assert digest == render_picture(session, "coverage", tmp_path / "a.pdf", Progress(), **WORDS)
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_only_pdf_and_png(session, tmp_path):
    with pytest.raises(UsageError, match=r"\.pdf"):
        render_picture(session, "heatmap", tmp_path / "a.tif", Progress(), **WORDS)
