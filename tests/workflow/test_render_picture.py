"""Pictures without a window."""

import numpy as np
import pytest

from workbench.errors import UsageError
from workbench.jobs.progress import Progress
from workbench.viewmodels.requests import CurvesRequest
from workbench.workflow.render_picture import Asked, pass_start, render_picture


@pytest.mark.parametrize("name", ["heatmap", "coverage", "divergence", "traces", "dqdv"])
def test_each_picture_is_a_pdf_with_a_stable_digest(session, tmp_path, name):
    digests = {render_picture(session, Asked(name), tmp_path / f"{i}.pdf", Progress()) for i in range(2)}
    assert len(digests) == 1
    assert (tmp_path / "0.pdf").read_bytes() == (tmp_path / "1.pdf").read_bytes()


@pytest.mark.parametrize("words", [{"rack": "R99"}, {"cells": "x"}, {"cells": "0"}, {"cells": "17", "rack": "R01"}])
def test_words_that_do_not_fit(session, tmp_path, words):
    with pytest.raises(UsageError):
        render_picture(session, Asked("traces", **words), tmp_path / "a.pdf", Progress())


def test_the_same_picture_as_pixels(session, tmp_path):
    digest = render_picture(session, Asked("coverage"), tmp_path / "a.png", Progress())
    assert digest == render_picture(session, Asked("coverage"), tmp_path / "a.pdf", Progress())
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_only_pdf_and_png(session, tmp_path):
    with pytest.raises(UsageError, match=r"\.pdf"):
        render_picture(session, Asked("heatmap"), tmp_path / "a.tif", Progress())


def test_a_pass_is_chosen_by_its_number_or_by_an_instant_inside_it(session, tmp_path):
    facts = session.windows()[0]
    curves = session.curves(CurvesRequest(window_id=facts.id, rack="R01", cells=(5,)), Progress())
    start = curves.passes[1][0]
    inside = str(np.datetime64((start + curves.pass_ends[1]) // 2 // 10**9, "s")) + "Z"
    assert pass_start(curves, "2", facts) == pass_start(curves, inside, facts) == start
    digests = {
        render_picture(session, Asked("dqdv", rack="R01", cells="5", chosen=chosen), tmp_path / "a.pdf", Progress())
        for chosen in ("2", inside, "")
    }
    assert len(digests) == 2, "the number and the instant name the same pass, which is not the fullest one"


def test_a_pass_that_is_none_is_answered_with_those_that_are(session, tmp_path):
    for chosen in ("99", "0", "yesterday"):
        with pytest.raises(UsageError) as caught:
            render_picture(session, Asked("dqdv", rack="R01", chosen=chosen), tmp_path / "a.pdf", Progress())
        assert "1 " in caught.value.remedy
        assert "charge" in caught.value.remedy
    with pytest.raises(UsageError, match="one pass"):
        render_picture(session, Asked("heatmap", chosen="2"), tmp_path / "a.pdf", Progress())
