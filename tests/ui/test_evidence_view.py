"""Pictures made again, with their seals."""

from dataclasses import replace

from builders.site import record

from workbench.jobs.progress import Progress
from workbench.ui.evidence_view import EvidenceView, place_for_marks
from workbench.ui.widgets import Card, Chip, Facts
from workbench.viewmodels.requests import CurvesRequest, DivergenceRequest
from workbench.workflow.evidence_state import evidence_state


def test_each_picture_has_a_card_with_its_digests(session, shown):
    record(session)
    evidence = session.document.findings[0].evidence
    view = EvidenceView()
    view.show_states(tuple(evidence_state(session, e, Progress()) for e in evidence))
    pixels = shown(view, 600, 900)
    assert len(view.findChildren(Card)) == 2
    assert all(chip._text == "unchanged" for chip in view.findChildren(Chip))
    texts = " ".join(facts.accessibleName() for facts in view.findChildren(Facts))
    for one in evidence:
        assert one.picture_sha256[:4].upper() in texts
    assert len({tuple(p) for p in pixels[::20, ::20].reshape(-1, 3)}) > 5


def test_none_and_on_their_way(session, shown):
    view = EvidenceView()
    shown(view)
    view.begin(())
    assert view.findChildren(Card) == []


def stale_state(session):
    from msgspec.structs import replace

    evidence = session.document.findings[0].evidence[1]
    other = session.document.findings[1].evidence[1]
    return evidence_state(session, replace(evidence, picture_sha256="0" * 64, extract_sha256=other.extract_sha256), Progress())


def test_a_stale_picture_says_what_differs_and_can_be_pinned_again(session, shown, qtbot):
    record(session)
    view = EvidenceView()
    view.editable = True
    view.show_states((stale_state(session),))
    shown(view, 600, 900)
    assert "stale" in [chip._text for chip in view.findChildren(Chip)]
    button = next(b for b in view.findChildren(object) if getattr(b, "text", None) and callable(b.text) and b.text() == "Pin again")
    with qtbot.waitSignal(view.pin_wanted) as caught:
        button.click()
    assert caught.args == [0]


def test_a_box_is_kept_in_data_coordinates(session, shown, qtbot, monkeypatch):
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtWidgets import QInputDialog

    record(session)
    evidence = session.document.findings[0].evidence
    view = EvidenceView()
    view.editable = True
    view.show_states(tuple(evidence_state(session, e, Progress()) for e in evidence))
    shown(view, 700, 900)
    monkeypatch.setattr(QInputDialog, "getText", lambda *a: ("the dip", True))
    layer = view.layers[1]
    layer.begin("box")
    qtbot.mousePress(layer, Qt.MouseButton.LeftButton, pos=QPoint(200, 60))
    qtbot.mouseMove(layer, QPoint(300, 120))
    with qtbot.waitSignal(view.pointed) as caught:
        qtbot.mouseRelease(layer, Qt.MouseButton.LeftButton, pos=QPoint(300, 120))
    place, (pointer,) = caught.args
    assert (place, pointer.kind, pointer.text) == (1, "box", "the dip")
    one = layer._to_screen(pointer.start_ns, pointer.low)
    assert abs(one.x() - 200) < 1.5
    assert abs(one.y() - 60) < 1.5
    assert pointer.low < pointer.high


def test_curves_and_racks_take_marks_too_and_they_are_undone(session, shown, qtbot, monkeypatch):
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtWidgets import QInputDialog

    window = session.window_id()
    evidence = session.pin((CurvesRequest(window_id=window, rack="R01", cells=(5,)), DivergenceRequest(window_id=window)), Progress())
    view = EvidenceView()
    view.editable = True
    view.show_states(tuple(evidence_state(session, e, Progress()) for e in evidence))
    shown(view, 700, 1200)
    monkeypatch.setattr(QInputDialog, "getText", lambda *a: ("the knee", True))
    assert set(view.layers) == {0, 1}
    for place, layer in view.layers.items():
        layer.begin("arrow")
        qtbot.mousePress(layer, Qt.MouseButton.LeftButton, pos=QPoint(200, 60))
        with qtbot.waitSignal(view.pointed) as caught:
            qtbot.mouseRelease(layer, Qt.MouseButton.LeftButton, pos=QPoint(300, 110))
        number, (pointer,) = caught.args
        assert (number, pointer.kind, pointer.text) == (place, "arrow", "the knee")
        tail = layer._to_screen(pointer.start_ns, pointer.high)
        assert abs(tail.x() - 200) < 6, "to the nearest sample"
        assert abs(tail.y() - 60) < 1.5
        assert pointer.start_ns != pointer.end_ns


def test_a_refused_curve_takes_no_mark(session):
    picture = session.curves(CurvesRequest(window_id=session.window_id(), rack="R01", cells=(5,)), Progress())
    state = evidence_state(session, session.pin((DivergenceRequest(window_id=session.window_id()),), Progress())[0], Progress())
    assert place_for_marks(state)
    assert place_for_marks(replace(state, picture=picture))
    assert not place_for_marks(replace(state, picture=replace(picture, panels=())))
    assert not place_for_marks(replace(state, picture=None))
