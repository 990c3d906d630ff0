"""Same contents, same bytes; drafts cannot be mistaken for reports."""

from dataclasses import replace

import pytest

from workbench.errors import Cancelled
from workbench.jobs.progress import Progress
from workbench.report.pdf import render, stamp


def test_the_same_contents_give_the_same_bytes(contents):
    assert render(contents, Progress()) == render(contents, Progress())


def test_every_page_counts_to_the_last(contents, paper):
    made = paper(render(contents, Progress()))
    last = len(made.pages)
    assert all(f"{number} of {last}" in text or f"{number} / {last}" in text for number, text in enumerate(made.pages[1:], 2))


def test_a_draft_says_so_on_every_page(contents, paper):
    made = paper(render(replace(contents, draft=True), Progress()))
    assert all("not signed" in text for text in made.pages)
    assert not any("do not rely on any number" in text for text in paper(render(contents, Progress())).pages)


def test_rendering_can_be_stopped(contents):
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        render(contents, progress)


def test_a_stamp_names_person_and_role(paper):
    assert "Rita Example Reviewer today" in paper(stamp("Rita Example", "Reviewer", "today")).text
