"""Stage Population."""

from dataclasses import replace

import pytest

from workbench.errors import Reason
from workbench.store.overviews import OverviewDamagedError
from workbench.ui.heatmap_controls import NAMES, RESULT
from workbench.ui.population_view import PopulationView


@pytest.fixture
def view(desk, shown, settled):
    made = PopulationView(desk)
    shown(made, 1000, 600)
    settled()
    return made


def test_head_bar_and_counts_come_from_one_picture(view):
    picture = view.canvas.picture
    assert picture is not None
    assert "48 cells" in view._note.text()
    assert picture.caption.reduction in view._note.text()
    assert view.bar._picture is picture


def test_q_walks_every_quantity_and_each_says_what_it_is(view, settled):
    seen = []
    for _ in range(7):
        view.key("Q")
        settled()
        seen.append((view.canvas.picture.caption.quantity, view.canvas.picture.colour_map))
        assert view._title.text() == view.canvas.picture.caption.title
    assert seen == [
        ("baseline", "diverging"),
        ("z", "diverging"),
        ("temperature", "sequential"),
        ("balancing", "sequential"),
        ("identifiability", "states"),
        ("voltage", "sequential"),
        ("deviation", "diverging"),
    ]


def test_every_reduction_says_itself(view, settled):
    words = []
    for _ in range(5):
        view.key("V")
        settled()
        words.append(view.canvas.picture.caption.reduction.split(": ")[1].split(" of")[0])
    assert words == ["lowest", "highest", "mean", "samples received", "worst"]


def test_a_scale_taken_in_hand_recolours_without_fetching(view, desk):
    before = view.canvas.picture
    asked = []
    desk.bridge.fetch = lambda *a: asked.append(a[0])
    view.bar.limits_wanted.emit(-30.0, 30.0)
    assert asked == []
    assert (view.canvas.picture.limit_high, view.bar._picture.limit_high) == (30.0, 30.0)
    assert view.canvas.picture.value is before.value
    assert view.lock.isChecked()


def test_the_scale_of_the_whole_window_is_kept_while_zooming(view, settled):
    whole = view.canvas.picture.limit_high
    view.controls.scale.choose("project")
    settled()
    view.canvas.zoom_time(0.02)
    settled()
    settled()
    assert view.canvas.picture.limit_high == pytest.approx(whole, rel=0.5)
    assert view.request().limits is not None


def test_the_site_at_an_instant_has_its_own_scrubber(view, settled, desk):
    view.controls.shape.choose(1)
    settled()
    picture = view.snapshot.canvas.picture
    assert picture.value.shape == (16, 3)
    view.snapshot.scrubber.setValue(100)
    settled()
    assert view.snapshot.canvas.picture.time_ns < picture.time_ns
    view.snapshot.canvas.chosen.emit("R02", 9)
    assert (desk.selection.rack, desk.selection.cells) == ("R02", (9,))


def test_a_locked_scale_stays_while_zooming(view, settled):
    limit = view.canvas.picture.limit_high
    view.lock.click()
    settled()
    view.canvas.zoom_time(0.1)
    settled()
    assert view.canvas.picture.limit_high == limit
    assert view.request().limits == (-limit, limit)


def test_worst_first(view, settled):
    view.order.choose("deviation")
    settled()
    assert view.canvas.picture.racks[0].cells[0] == 5


def test_drill_and_back(view, settled):
    view.drill("R02")
    settled()
    assert [r.rack for r in view.canvas.picture.racks] == ["R02"]
    assert len(view.canvas.picture.value) == 16
    view.back()
    settled()
    assert len(view.canvas.picture.racks) == 3


def test_walking_the_candidates_in_their_fixed_order(view, desk):
    seen = []
    for _ in range(3):
        view.key(".")
        seen.append((desk.selection.rack, desk.selection.first_cell))
    first, second = [(c.rack, c.cells[0]) for c in desk.study.candidates]
    assert seen == [first, second, first]
    view.key(",")
    assert (desk.selection.rack, desk.selection.first_cell) == second


def test_escape_goes_back_one_step_at_a_time(view, desk):
    view.key(".")
    view.key("R")
    assert view.canvas.brush_mode
    view.key("esc")
    assert not view.canvas.brush_mode
    assert desk.selection is not None
    view.key("esc")
    assert desk.selection is None
    view.key("esc")


def test_the_table_twin_shows_the_same_cells(view, settled):
    view.twin.click()
    assert len(view.table.table.rows) == 48
    assert view._pages.currentIndex() == 3
    view.twin.click()
    assert view._pages.currentIndex() == 1


def test_n_wants_a_finding(view, qtbot):
    with qtbot.waitSignal(view.finding_wanted):
        view.key("N")


def test_without_a_window_it_says_where_to_go(empty_desk, shown, qtbot):
    view = PopulationView(empty_desk)
    shown(view)
    assert view._pages.currentIndex() == 0
    with qtbot.waitSignal(empty_desk.stage_wanted) as caught:
        view._empty.button.click()
    assert caught.args == ["Intake"]
    view.key(".")


def test_a_result_colours_canvas_site_and_table(view, desk, settled):
    view.controls.quantity.choose(RESULT)
    view.controls.result.choose("known:leakage")
    settled()
    assert view.canvas.picture.colour_map == "states"
    assert view.beyond.accessibleName().startswith("measured: ")
    assert desk.quantity == "known:leakage"
    view.lock.setChecked(True)
    assert view.locked is None, "words have no ends to hold"
    view.controls.shape.choose(1)
    settled()
    assert view.snapshot.canvas.picture.caption.title == "Identifiability of leakage"
    assert "measured: " in view._note.text()
    view.twin.setChecked(True)
    assert view.table.table.title == "Identifiability of leakage"
    view.controls.quantity.choose(0)
    assert view.table.table.title != "Identifiability of leakage", "the table follows what is chosen"


def test_balancing_that_nobody_recorded_is_said_and_hatched(view, settled):
    view.controls.quantity.choose(NAMES.index("balancing"))
    settled()
    assert "not recorded" in view._title.text()
    assert view.canvas.picture.missing_share == 1.0
    view.twin.setChecked(True)
    assert {row[1].text for row in view.table.table.rows} == {"no data"}
    view.twin.setChecked(False)
    view.controls.shape.choose(1)
    settled()
    assert "not recorded" in view.snapshot.canvas.picture.caption.title


def test_the_read_out_says_the_result_that_colours_the_cells(view, desk, session, settled):
    from workbench.ui.inspector import Inspector

    view.controls.quantity.choose(RESULT)
    settled()
    said = []
    inspector = Inspector(desk)
    inspector.show_readout = said.append
    inspector.hover("R01", 5, desk.facts.end_ns - 1)
    settled()
    assert said[-1].lines[-1][0] == "Identifiability of capacity"
    inspector.deleteLater()


def test_a_first_picture_that_cannot_be_proven_is_taken_back(view, desk, settled, failures, monkeypatch):
    true = desk.session.heatmap

    def altered(request, progress, *, first=False):
        if first:
            return replace(true(request, progress), coarse=True)
        raise OverviewDamagedError(Reason.PROJECT_DAMAGED, "It is not what was made of the window.", "Open the project for writing once.")

    monkeypatch.setattr(desk.session, "heatmap", altered)
    view.fetch()
    settled()
    settled()
    assert [type(failure) for failure in failures] == [OverviewDamagedError]
    failures.clear()
    assert view.canvas.picture is None
    assert view._note.text() == ""
    monkeypatch.undo()
    view.fetch()
    settled()
    assert view.canvas.picture is not None
