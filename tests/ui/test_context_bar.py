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
    bar._fact = lambda p, x, caption, value, *_: painted.append(caption)
    facts = [("Window · UTC", "March · 10 d"), ("Asset", "6 racks · 576 cells"), ("Selection", "R02 · C041 · 9 h"), ("Quantity", "deviation, mV"), ("Reduction", "worst"), ("Scale", "−90 … +90 mV")]  # fmt: skip
    bar.show_review("A site", "A question", "draft", facts)
    shown(bar, 1400, 52)
    assert [c for c in dict.fromkeys(painted) if c != "Jobs"] == [caption for caption, _ in facts]
    painted.clear()
    shown(bar, 1000, 52)
    assert {"Quantity", "Scale"} <= set(painted)
    assert "Asset" not in painted


PINNED = [("Window · Europe/Berlin", "March 2026 · 10 d every 20 s"), ("Asset", "6 racks · 576 cells"), ("Selection", "R02 · C041 · 9 h"), ("Pinned", "7 Mar 2026 18:32:00 +01:00"), ("Quantity", "deviation, mV"), ("Reduction", "worst"), ("Scale", "−90 … +90 mV")]  # fmt: skip


def test_beside_a_pinned_instant_the_window_stays(shown):
    bar = ContextBar()
    bar.show_review("Northfield, synthetic demonstration site", "Is the condition sufficient to size the loan?", "issued", PINNED)
    shown(bar, 1280, 52)
    assert bar.button("Window") is not None
    assert bar.button("Pinned") is not None
    assert bar.button("Scale") is not None
    assert bar.button("Reduction") is None


def test_a_window_with_a_long_name_is_cut_and_says_itself_whole(shown):
    bar = ContextBar()
    name = "telemetry of the whole site as exported by the owner for the second review · 26.9 d every 10 s"
    bar.show_review("Northfield, synthetic demonstration site", "A question", "issued", [("Window · UTC", name), *PINNED[1:]])
    shown(bar, 1280, 52)
    window, pinned = bar.button("Window"), bar.button("Pinned")
    assert window.toolTip() == window.accessibleName() == f"Window · UTC {name}"
    assert window.geometry().right() < pinned.geometry().left()
    assert pinned.geometry().right() < bar.jobs.geometry().left()
