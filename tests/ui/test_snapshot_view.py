"""The site at an instant on screen."""

from dataclasses import replace
from itertools import groupby

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from workbench.jobs.progress import Progress
from workbench.ui.snapshot_view import SnapshotView


@pytest.fixture
def view(session, shown):
    made = SnapshotView()
    facts = session.windows()[0]
    made.show_window(facts.start_ns, facts.end_ns, facts.time_zone)
    made.instant = (facts.start_ns + facts.end_ns) // 2
    made.show_instant(made.instant)
    made.show_picture(session.snapshot(facts.id, made.instant, "deviation", None, Progress()))
    shown(made, 700, 420)
    return made


def test_a_click_chooses_the_cell_under_it(view, qtbot):
    box = view.canvas._box(4, 2)
    assert view.canvas.place_at(box.center()) == ("R03", 5)
    with qtbot.waitSignal(view.canvas.chosen) as caught:
        qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert caught.args == ["R03", 5]
    assert view.canvas.place_at(QPointF(5, 5)) is None


def test_the_scrubber_goes_from_the_first_to_the_last_instant(view, qtbot):
    assert view.scrubber.value() == 1000
    with qtbot.waitSignal(view.instant_wanted) as caught:
        view.scrubber.setValue(0)
    assert caught.args[0] == view._span[0]


def test_image_and_bar_share_one_scale(view):
    assert view.bar._picture is view.canvas.picture


def test_an_instant_in_a_gap_says_so_and_leads_to_the_nearest_samples(view, session, qtbot):
    full = view.canvas.picture
    assert not view.gap.isVisible()
    assert full.nearest_ns[0] <= view.instant < full.nearest_ns[1]
    facts = session.windows()[0]
    hour, start = 3_600_000_000_000, facts.start_ns
    before = session.snapshot(facts.id, start - hour, "deviation", None, Progress())
    assert before.nearest_ns == (None, start)
    view.show_picture(before)
    assert "lies in a gap" in view.gap.text()
    assert "60 min later" in view.gap.text().replace("\u202f", " ")
    assert not view.before.isVisible()
    with qtbot.waitSignal(view.instant_wanted) as caught:
        view.after.click()
    assert caught.args == [start]
    view.show_picture(full)
    assert not view.gap.isVisible()


def test_names_of_many_racks_do_not_run_into_each_other(view, shown):
    """48 racks on a small window were one black line of letters."""
    picture = view.canvas.picture
    names = tuple(f"R{k:02d}" for k in range(1, 49))
    wide = {name: np.repeat(getattr(picture, name), 16, axis=1) for name in ("value", "modules")}
    view.canvas.show_picture(replace(picture, racks=names, age_s=np.repeat(picture.age_s, 16), **wide))
    seen = shown(view.canvas, 700, 420)
    line = seen[420 - 24 + 4 :, 72:684].astype(int).max(axis=2)
    ink = (line < 128).any(axis=0)
    gaps = [len(list(run)) for dark, run in groupby(ink) if not dark]
    assert sum(gap >= 5 for gap in gaps) >= 10, "there is room between the names"
