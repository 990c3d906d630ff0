"""A picture in words."""

import pytest

from workbench.jobs.progress import Progress
from workbench.ui.picture_words import bar_facts, heatmap_words, scale_words, snapshot_words


@pytest.fixture
def heat(session):
    def made(quantity):
        return session.heatmap(session.views.full_request(session.window_id(), quantity=quantity), Progress())

    return made


def test_a_scale_has_two_ends_and_a_unit_or_names_its_states(heat):
    signed = heat("deviation")
    assert scale_words(signed).startswith("−")
    assert scale_words(signed).endswith("mV")
    assert "+" in scale_words(signed)
    assert scale_words(heat("known:capacity")) == "nothing … bounded … measured"


def test_the_caption_says_cells_time_reduction_and_steps(heat):
    picture = heat("deviation")
    words = heatmap_words(picture, "cell", 5 * 86_400_000_000_000)
    assert words.startswith("48 cells × ")
    assert picture.caption.reduction in words
    assert "steps of" in words
    assert "steps of" not in heatmap_words(heat("known:capacity"), "cell", 1_000_000_000)


def test_an_instant_counts_what_is_beyond_or_known(session):
    facts = session.windows()[0]
    shot = session.snapshot(facts.id, facts.end_ns - 1, "raw", (3.0, 3.1), Progress())
    assert f"{shot.over_count} above it" in snapshot_words(shot)
    assert "measured: " in snapshot_words(session.snapshot(facts.id, facts.end_ns - 1, "known:capacity", None, Progress()))


def test_the_bar_says_when_a_scale_is_held(heat):
    assert dict(bar_facts(heat("deviation"), "worst", locked=True))["Scale, locked"]
    assert dict(bar_facts(heat("deviation"), "worst", locked=False))["Reduction"] == "worst"
