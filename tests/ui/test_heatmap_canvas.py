"""Zoom, pan, hover, brush, keys: the hands on the picture."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from workbench.jobs.progress import Progress
from workbench.ui.heatmap_canvas import Brush, HeatmapCanvas, View
from workbench.ui.theme import colour

NO, SHIFT, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def canvas(session, shown):
    made = HeatmapCanvas()
    facts = session.windows()[0]
    made.show_window(facts.start_ns, facts.end_ns, facts.time_zone)
    made.resize(800, 400)
    rows, columns = made.device_size()
    made.show_picture(session.heatmap(session.views.full_request(facts.id, max_rows=rows, max_columns=columns), Progress()))
    made.first = shown(made, 800, 400)
    return made


def cell_at(canvas, rack, cell):
    """Where a cell of a rack stands on screen, in the middle of the window."""
    rows = next(r for r in canvas.picture.racks if r.rack == rack)
    box = canvas.plot_box()
    y = box.top() + box.height() * (rows.first_row + cell - 0.5) / len(canvas.picture.value)
    return QPoint(int(box.center().x()), int(y))


def test_something_is_painted_and_racks_are_named(canvas):
    assert len({tuple(p) for p in canvas.first[50:350:10, 100:780:10].reshape(-1, 3)}) > 4
    assert canvas.place_at(cell_at(canvas, "R02", 9).y())[0].rack == "R02"
    assert canvas.place_at(cell_at(canvas, "R02", 9).y())[1] == 9


def test_hovering_tells_cell_and_instant(canvas, qtbot):
    with qtbot.waitSignal(canvas.hovered) as caught:
        qtbot.mouseMove(canvas, cell_at(canvas, "R02", 9))
    rack, cell, time_ns = caught.args
    assert (rack, cell) == ("R02", 9)
    assert abs(time_ns - sum(canvas.limits) // 2) < (canvas.limits[1] - canvas.limits[0]) * 0.01


def wheel(canvas, at, delta, modifiers=NO):
    place = QPointF(at)
    QApplication.sendEvent(
        canvas,
        QWheelEvent(
            place,
            QPointF(canvas.mapToGlobal(at)),
            QPoint(),
            QPoint(0, delta),
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )


def test_the_wheel_zooms_about_the_pointer_and_never_beyond_the_data(canvas):
    at = cell_at(canvas, "R01", 3)
    under = canvas.time_at(at.x())
    wheel(canvas, at, 120)
    assert canvas.view.end_ns - canvas.view.start_ns == pytest.approx(0.8 * (canvas.limits[1] - canvas.limits[0]), rel=1e-6)
    assert canvas.time_at(at.x()) == pytest.approx(under, abs=2e9)
    for _ in range(20):
        wheel(canvas, at, -120)
    assert (canvas.view.start_ns, canvas.view.end_ns) == canvas.limits
    for _ in range(200):
        wheel(canvas, at, 120)
    assert canvas.view.end_ns - canvas.view.start_ns == 60_000_000_000


def test_dragging_pans_only_inside_the_data(canvas, qtbot):
    canvas.set_view(View(canvas.limits[0], canvas.limits[0] + (canvas.limits[1] - canvas.limits[0]) // 4))
    start = canvas.view.start_ns
    at = cell_at(canvas, "R01", 3)
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(canvas, at - QPoint(100, 0))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at - QPoint(100, 0))
    assert canvas.view.start_ns > start
    canvas.pan_time(-100)
    assert canvas.view.start_ns == canvas.limits[0]


def brush(canvas, qtbot, one, two):
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, SHIFT, one)
    qtbot.mouseMove(canvas, two)
    with qtbot.waitSignal(canvas.brushed) as caught:
        qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, SHIFT, two)
    return caught.args[0]


def test_shift_drag_brushes_cells_times_interval(canvas, qtbot):
    one, two = cell_at(canvas, "R02", 9) - QPoint(50, 0), cell_at(canvas, "R02", 12) + QPoint(50, 0)
    made = brush(canvas, qtbot, one, two)
    assert (made.rack, made.first_cell, made.last_cell) == ("R02", 9, 12)
    assert canvas.x_of(made.start_ns) == pytest.approx(one.x(), abs=1.5)
    assert canvas.x_of(made.end_ns) == pytest.approx(two.x(), abs=1.5)
    box = canvas.brush_box()
    assert box.top() == pytest.approx(cell_at(canvas, "R02", 9).y(), abs=9)


def test_a_brush_stays_inside_one_rack_and_goes_both_ways(canvas, qtbot):
    one, two = cell_at(canvas, "R02", 4), cell_at(canvas, "R03", 4) - QPoint(80, 0)
    made = brush(canvas, qtbot, one, two)
    assert (made.rack, made.first_cell, made.last_cell) == ("R02", 4, 16)
    assert made.start_ns < made.end_ns


@pytest.mark.parametrize(("key", "letter"), [("N", "N"), ("Q", "Q"), ("L", "L"), ("R", "R"), (".", "."), (",", ",")])
def test_letters_are_for_the_stage(canvas, qtbot, key, letter):
    with qtbot.waitSignal(canvas.keyed) as caught:
        qtbot.keyClicks(canvas, key)
    assert caught.args == [letter]


def test_keys_zoom_pan_and_fit(canvas, qtbot):
    qtbot.keyClick(canvas, Qt.Key.Key_W)
    qtbot.keyClick(canvas, Qt.Key.Key_D)
    assert canvas.view.end_ns == canvas.limits[1]
    qtbot.keyClick(canvas, Qt.Key.Key_F)
    assert (canvas.view.start_ns, canvas.view.end_ns) == canvas.limits
    canvas.set_brush(Brush("R02", 9, 9, canvas.limits[0], canvas.limits[0] + 3_600_000_000_000))
    qtbot.keyClick(canvas, Qt.Key.Key_F)
    assert canvas.view.end_ns - canvas.view.start_ns < (canvas.limits[1] - canvas.limits[0]) / 2, "the selection first"
    with qtbot.waitSignal(canvas.backed):
        qtbot.keyClick(canvas, Qt.Key.Key_Backspace)


def test_a_double_click_drills_into_the_rack(canvas, qtbot):
    with qtbot.waitSignal(canvas.drilled) as caught:
        qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=cell_at(canvas, "R03", 2))
    assert caught.args == ["R03"]


def test_cursor_and_brush_are_drawn(canvas, shown):
    canvas.set_cursor(sum(canvas.limits) // 2)
    canvas.set_brush(Brush("R02", 9, 12, canvas.limits[0] + 10**14, canvas.limits[0] + 2 * 10**14))
    pixels = canvas.grab().toImage()
    mark = colour("selection").name()
    box = canvas.brush_box()
    assert any(pixels.pixelColor(int(x), int(box.top())).name() == mark for x in range(int(box.left()), int(box.right())))


def test_an_old_picture_answers_at_once_in_the_new_view(canvas):
    canvas.zoom_time(0.5)
    image = canvas.grab().toImage()
    assert image.width() == 800
