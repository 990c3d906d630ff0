"""Racks fold to their median row by hand and by key, and the view remembers it."""

import pytest
from PySide6.QtCore import QPointF, Qt

from workbench.jobs.progress import Progress
from workbench.ui.brush import Brush
from workbench.ui.population_view import PopulationView
from workbench.ui.view_history import Place, kept, recalled


@pytest.fixture
def view(desk, shown, settled):
    made = PopulationView(desk)
    shown(made, 1000, 600)
    settled()
    return made


def place_of(view, number):
    """Middle of a rack's heading."""
    rack = view.canvas.picture.racks[number]
    return view.canvas._rack_box(rack).center()


def folded(view):
    return {r.rack: r.folded for r in view.canvas.picture.racks if r.folded}


def test_the_sign_beside_the_name_folds_and_opens(view, settled, qtbot):
    first = view.canvas.picture.racks[0].rack
    cells = len(view._desk.facts.plant.rack(first).cells)
    for expected in ({first: cells}, {}):
        qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=QPointF(9, place_of(view, 0).y()).toPoint())
        settled()
        assert folded(view) == expected
    assert view._desk.pointed.pin_ns is None, "a click on the sign pins nothing"


def test_c_folds_what_is_pointed_at_and_shift_c_all_others(view, settled, qtbot):
    racks = [r.rack for r in view.canvas.picture.racks]
    view.canvas.setFocus()
    qtbot.mouseMove(view.canvas, QPointF(500, place_of(view, 1).y()).toPoint())
    qtbot.keyClick(view.canvas, Qt.Key.Key_C)
    settled()
    assert set(folded(view)) == {racks[1]}
    qtbot.keyClick(view.canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)
    settled()
    assert folded(view) == {}, "where any is folded, all are opened"
    qtbot.keyClick(view.canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)
    settled()
    assert set(folded(view)) == {*racks} - {racks[1]}


def test_from_the_keyboard_alone_the_chosen_rack_is_the_one(view, desk, settled):
    said = []
    desk.notice.connect(said.append)
    view.folding.toggle()
    assert "choose cells" in said[-1]
    facts = desk.facts
    view.canvas.set_brush(Brush(facts.plant.racks[1].id, 2, 3, facts.start_ns, facts.end_ns))
    view.key("C")
    settled()
    assert set(folded(view)) == {facts.plant.racks[1].id}


def test_a_folded_rack_reads_out_as_a_rack_and_is_brushed_whole(view, desk, settled, qtbot):
    rack = view.canvas.picture.racks[0].rack
    view.folding.toggle(rack)
    settled()
    told = []
    view.canvas.hovered.connect(lambda *what: told.append(what))
    at = place_of(view, 0)
    qtbot.mouseMove(view.canvas, QPointF(500, at.y()).toPoint())
    assert told[-1][:2] == (rack, 0)
    found = desk.session.readout(desk.window_id, rack, 0, told[-1][2], Progress(), "deviation")
    assert found.title == f"{rack} · median of {len(desk.facts.plant.rack(rack).cells)} cells"
    assert [name for name, _ in found.lines][:4] == ["Time", "Median voltage", "Lowest cell", "Highest cell"]
    view.canvas.brush_mode = True
    qtbot.mousePress(view.canvas, Qt.MouseButton.LeftButton, pos=QPointF(300, at.y()).toPoint())
    qtbot.mouseMove(view.canvas, QPointF(600, at.y()).toPoint())
    qtbot.mouseRelease(view.canvas, Qt.MouseButton.LeftButton, pos=QPointF(600, at.y()).toPoint())
    assert desk.selection.cells == tuple(range(1, len(desk.facts.plant.rack(rack).cells) + 1))
    box = view.canvas.brush_box()
    assert box is not None
    assert box.center().y() == pytest.approx(at.y(), abs=1)


def test_cells_that_are_asked_for_open_their_rack(view, desk, settled):
    facts = desk.facts
    rack = facts.plant.racks[0].id
    view.folding.toggle(rack)
    view.show_selection(Brush(rack, 4, 4, facts.start_ns, facts.end_ns))
    settled()
    assert folded(view) == {}


def test_a_rack_alone_stays_open_and_coming_back_finds_it_folded(view, settled):
    rack, other = (r.rack for r in view.canvas.picture.racks[:2])
    view.folding.toggle(rack)
    view.drill(rack)
    settled()
    assert folded(view) == {}
    assert view.seen().folded == ()
    said = []
    view._desk.notice.connect(said.append)
    view.folding.toggle(rack)
    assert said == ["a rack that stands alone is not folded"]
    view.back()
    settled()
    assert set(folded(view)) == {rack}
    assert other not in folded(view)


def test_a_finding_replays_what_was_folded(view, desk, settled):
    rack = view.canvas.picture.racks[0].rack
    view.folding.toggle(rack)
    settled()
    asked = view.seen()
    assert asked.folded == (rack,)
    (evidence,) = desk.session.pin([asked], Progress())
    assert desk.session.evidence_picture(evidence, Progress()).racks[0].folded
    view.folding.toggle(rack)
    settled()
    assert folded(view) == {}
    view.replay(asked)
    settled()
    assert set(folded(view)) == {rack}


def test_a_remembered_place_knows_its_folds_and_older_ones_have_none(view):
    view.folding.toggle(view.canvas.picture.racks[0].rack)
    place = Place("Population", view.canvas.view)
    assert recalled(kept(place)) == place
    older = kept(place).replace(', "folded": ["R01"]', "")
    assert older != kept(place)
    assert recalled(older).view.folded == ()


def test_the_table_twin_has_one_line_for_a_folded_rack(view, desk, settled):
    rack = view.canvas.picture.racks[0].rack
    cells = len(desk.facts.plant.rack(rack).cells)
    view.folding.toggle(rack)
    settled()
    view.twin.setChecked(True)
    table = view.table.table
    assert table.rows[0][0].text == f"{rack} · {cells} folded"
    assert len(table.rows) == len(view.canvas.picture.value)
    heads = [column.title for column in table.columns]
    low, high = (heads.index(f"Median row, {end}") for end in ("lowest", "highest"))
    assert table.rows[0][low].text != "–"
    assert table.rows[1][low].text == table.rows[1][high].text == "–"
