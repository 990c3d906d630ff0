"""Stage Intake."""

import re

from builders.exports import Table
from builders.readouts import READOUT
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from workbench.ingest import mapping
from workbench.ui.intake_view import PARTS, IntakeView
from workbench.viewmodels.mapping_table import profile_of
from workbench.workflow import intake, reading
from workbench.workflow.mapping_choice import opposite


def test_repairs_of_the_window_are_listed(desk, shown):
    view = IntakeView(desk)
    shown(view)
    assert len(view.table.table.rows) == len(desk.facts.repairs)
    assert "all of them listed" in view._note.text()


def test_drop_look_import(empty_desk, shown, settled, tmp_path):
    view = IntakeView(empty_desk)
    shown(view)
    assert view._pages.currentIndex() == 0
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(Table().write(tmp_path / "a.csv")))])
    place = QPointF(20, 20)
    view.dropEvent(QDropEvent(place, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))
    settled()
    assert "nothing is written yet" in view._note.text()
    assert view.bring.isVisible()
    assert view.table.table.keys[0] == "Time"
    assert empty_desk.session.document.windows == ()
    view.bring.click()
    settled()
    assert [w.name for w in empty_desk.session.document.windows] == ["a"]
    assert not view.bring.isVisible()


def test_the_same_files_a_second_time_are_said(empty_desk, shown, settled, tmp_path):
    view, said = IntakeView(empty_desk), []
    shown(view)
    empty_desk.notice.connect(said.append)
    path = Table().write(tmp_path / "a.csv")
    for _ in range(2):
        view.inspect((path,))
        settled()
        view.bring.click()
        settled()
    assert [w.name for w in empty_desk.session.document.windows] == ["a", "a (2)"]
    assert [text for text in said if "imported before, as a;" in text] == said[-1:]


def test_leaving_a_proposal_changes_nothing(empty_desk, shown, settled, tmp_path):
    view = IntakeView(empty_desk)
    shown(view)
    view.inspect((Table().write(tmp_path / "a.csv"),))
    settled()
    view.forget.click()
    assert view.preview is None
    assert empty_desk.session.document.windows == ()


def test_a_changed_column_is_seen_at_once_and_imported(empty_desk, shown, settled, tmp_path):
    view = IntakeView(empty_desk)
    shown(view, 1280, 760)
    view.inspect((Table().write(tmp_path / "a.csv", sign=-1),))
    settled()
    view.table.choose("Current_A")
    QApplication.processEvents()
    assert view.editor.flip.isVisible()
    column = [c.title for c in view.rows.table.columns].index("Current_A")
    assert view.rows.table.rows[1][column].text == "-40 A"
    view.editor.flip.click()
    settled()
    assert view.table.current_key() == "Current_A"
    assert view.rows.table.rows[1][column].text == "40 A"
    assert "against this evidence" in view.editor.proof.text()
    view.bring.click()
    settled()
    entry = empty_desk.session.document.windows[0]
    assert empty_desk.session.views.reader(entry.id).series("R01").signal("rack_current_a")[0] == 40.0


def test_another_zone_reads_the_same_rows_anew(empty_desk, shown, settled, tmp_path):
    view = IntakeView(empty_desk)
    shown(view, 1280, 760)
    view.inspect((Table().write(tmp_path / "a.csv"),))
    settled()
    assert view.zone.text() == "Europe/Berlin"
    assert view.rows.table.rows[1][1].text == "2026-03-02 07:00:00 UTC"
    view.zone.setText("Asia/Shanghai")
    view.zone.returnPressed.emit()
    settled()
    assert view.rows.table.rows[1][1].text == "2026-03-02 00:00:00 UTC"
    view.zone.setText("Mars/Base")
    view.zone.returnPressed.emit()
    assert view.zone.text() == "Asia/Shanghai"
    assert "no time zone Mars/Base" in view._warning.text()


def test_a_mapping_is_saved_and_used_again(empty_desk, shown, settled, tmp_path, monkeypatch):
    view = IntakeView(empty_desk)
    shown(view, 1280, 760)
    path = Table().write(tmp_path / "a.csv", sign=-1)
    view.inspect((path,))
    settled()
    view.use(opposite(view.preview.profile, "Current_A"))
    settled()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "m.json"), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "m.json"), ""))
    view.save.click()
    kept = view.preview.profile
    view.inspect((path,))
    settled()
    assert view.preview.profile != kept
    view.load.click()
    settled()
    assert view.preview.profile == kept


def test_a_running_import_says_how_far_it_is_and_stops(empty_desk, shown, qtbot, settled, tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "ask", reading.apart)
    view = IntakeView(empty_desk)
    shown(view, 1280, 760)
    said = []
    view.inspect((Table(rows=60_000, cells=24).write(tmp_path / "a.csv"),))
    settled(60)
    empty_desk.bridge.progressed.connect(lambda _: said.append(view._job.text()))
    empty_desk.bridge.progressed.connect(lambda report: view.stop.click() if report.stage == "reading" and report.done else None)
    view.bring.click()
    qtbot.waitUntil(lambda: not empty_desk.bridge.busy, timeout=60_000)  # draining the lane would keep the window from hearing
    assert any(text.startswith("reading, ") and "%" in text for text in said)
    assert not view._running.isVisible()
    assert empty_desk.session.document.windows == ()
    assert list((empty_desk.session.path / "windows").iterdir()) == []
    assert list((empty_desk.session.path / "derived").iterdir()) == []


def chosen(view, part, settled):
    view.part.choose(PARTS.index(part))
    settled()
    return [[cell.text for cell in row] for row in view.table.table.rows]


def test_the_mapping_of_an_imported_window_is_seen_and_saved(desk, shown, settled, tmp_path, monkeypatch):
    view = IntakeView(desk)
    shown(view, 1280, 760)
    assert not view.save.isVisible()
    rows = chosen(view, "Mapping", settled)
    profile = profile_of(desk.facts)
    assert {rule.source for rule in profile.columns if not rule.element} < {row[0] for row in rows}
    assert any("…" in row[0] and f"[{len(desk.facts.plant.racks[0].cells)}]" in row[1] for row in rows)
    assert any("sign reversed" in row[2] and "sign" in row[3] for row in rows)
    path = tmp_path / "kept.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *words: (str(path), ""))
    view.save.click()
    assert mapping.load(path) == profile
    assert "kept.json" in view._note.text()
    chosen(view, "Repairs", settled)
    assert not view.save.isVisible()


def test_marks_of_the_samples_are_counted(desk, shown, settled):
    view = IntakeView(desk)
    shown(view, 1280, 760)
    rows = chosen(view, "Samples", settled)
    held = [row[3] for row in rows if row[1:3] == ["cell voltages", "received"]]
    assert len(held) == len(desk.facts.plant.racks)
    assert 0 < sum(int(re.sub(r"\D", "", text)) for text in held) <= desk.facts.samples
    assert {row[0] for row in rows} == {rack.id for rack in desk.facts.plant.racks}
    assert "sentinel" in {row[2] for row in rows}


def counters_file(path):
    path.write_text(READOUT.format(year=2018, serial="M-1"))
    return path


def test_lifetime_counters_come_in_without_a_window(empty_desk, shown, settled, tmp_path):
    view = IntakeView(empty_desk)
    shown(view, 1280, 760)
    view.inspect((counters_file(tmp_path / "2018.csv"),))
    settled()
    assert "no time axis" in view._note.text()
    assert "nothing is written yet" in view._note.text()
    assert empty_desk.session.document.counters == ()
    assert view.bring.isVisible()
    assert not view.editor.isVisible()
    view.bring.click()
    settled()
    assert [entry.name for entry in empty_desk.session.document.counters] == ["2018.csv"]
    assert empty_desk.session.document.windows == ()
    assert "1 read-out" in view._note.text()
    assert "retrieved" in {row[2].text for row in view.table.table.rows}


def test_counters_beside_telemetry_come_in_together_and_can_be_left(empty_desk, shown, settled, tmp_path):
    counters_file(tmp_path / "2018.csv")
    Table().write(tmp_path / "a.csv")
    view = IntakeView(empty_desk)
    shown(view, 1280, 760)
    view.inspect((tmp_path,))
    settled()
    assert view.editor.isVisible()
    assert "kept beside the windows" in view._warning.text()
    view.forget.click()
    assert (view.preview, view.counters) == (None, None)
    view.inspect((tmp_path,))
    settled()
    view.bring.click()
    settled()
    document = empty_desk.session.document
    assert (len(document.windows), len(document.counters)) == (1, 1)
    assert any(row[2] == "retrieved" for row in chosen(view, "Counters", settled))
