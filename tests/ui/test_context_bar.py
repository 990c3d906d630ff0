"""What is on the desk, and the running job."""

from workbench.jobs.progress import Report
from workbench.ui.context_bar import ContextBar


def test_facts_are_read_out_and_a_job_can_be_stopped(shown):
    bar = ContextBar()
    bar.show_review("Site A", "Refinancing", "draft", [("Window", "March"), ("Asset", "3 racks")])
    shown(bar, 1200, 52)
    assert bar.accessibleName() == "Site A, Refinancing, draft; Window March; Asset 3 racks"
    assert not bar.stop.isVisible()
    plain = shown(bar, 1200, 52)
    bar.show_job("Import")
    bar.show_progress(Report("reading", 30, 100, 2.0))
    assert bar.stop.isVisible()
    assert (shown(bar, 1200, 52) != plain).any()
    bar.show_job("")
    assert not bar.stop.isVisible()


def test_a_long_name_does_not_push_the_job_out(shown):
    bar = ContextBar()
    bar.show_review("A very long name of a site " * 6, "x" * 300, "submitted", [(f"Fact {i}", "value " * 5) for i in range(9)])
    assert shown(bar, 900, 52).shape == (52, 900, 3)


def test_where_room_is_short_what_the_stage_says_itself_gives_way_first(shown):
    bar, painted = ContextBar(), []
    bar._fact = lambda p, x, caption, value: painted.append(caption)
    facts = [("Window · UTC", "March · 10 d"), ("Asset", "6 racks · 576 cells"), ("Selection", "R02 · C041 · 9 h"), ("Quantity", "deviation, mV"), ("Reduction", "worst"), ("Scale", "−90 … +90 mV")]  # fmt: skip
    bar.show_review("A site", "A question", "draft", facts)
    shown(bar, 1400, 52)
    assert [c for c in dict.fromkeys(painted) if c != "Jobs"] == [caption for caption, _ in facts]
    painted.clear()
    shown(bar, 1000, 52)
    assert {"Quantity", "Scale"} <= set(painted)
    assert "Asset" not in painted
