"""Texts of owners are shown, never obeyed: every label of the window is plain text, every tooltip spells what it says."""

import pytest
from builders.exports import Table
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QLabel, QTextBrowser, QTextEdit, QWidget

from workbench.jobs.progress import Progress
from workbench.ui.brush import Brush
from workbench.ui.main_window import MainWindow
from workbench.ui.rail import STAGES
from workbench.ui.widgets import Label, plain_tip
from workbench.ui.workspace import Workspace

EVIL = "<img src='file:///etc/passwd'><b>rack17</b>"


@pytest.fixture
def workspace(empty_desk, shown, settled, tmp_path):
    """A window whose names, columns and texts are markup, as far as an owner can put it there."""
    table = Table(rows=300)
    table.names = [f"<b>{name}</b>" if i > 2 else name for i, name in enumerate(table.names)]
    path = table.write(tmp_path / "a.csv", extra={EVIL: ["x", "1"] * 150, "Alarm_code": ["0", "7"] * 150, "State<u>": [EVIL] * 300})
    entry = empty_desk.session.import_window([path], Progress(), name=EVIL)
    empty_desk.session.run_study(entry.id, Progress())
    made = Workspace(empty_desk)
    shown(made, 1300, 800)
    settled()
    for name, _ in STAGES:
        made.go(name)
        settled()
    return made


def labels(root):
    return [w for w in root.findChildren(QLabel) if w.pixmap().isNull()]


def test_every_label_is_plain_text(workspace):
    found = labels(workspace)
    assert len(found) > 40
    assert [w.text() for w in found if w.textFormat() is not Qt.TextFormat.PlainText] == []


def test_markup_of_the_owner_is_on_screen_as_it_is(workspace):
    tables = workspace.findChildren(QAbstractItemView)
    texts = [w.text() for w in labels(workspace)]
    texts += [
        str(t.model().index(r, c).data() or "")
        for t in tables
        if t.model()
        for r in range(t.model().rowCount())
        for c in range(t.model().columnCount())
    ]
    assert any(EVIL in text for text in texts)
    assert any("a.csv, <img" in text for text in texts), "the repairs name the owner's column"


def test_no_tooltip_can_be_taken_for_markup_of_the_owner(workspace):
    tips = [w.toolTip() for w in workspace.findChildren(QWidget)]
    for view in workspace.findChildren(QAbstractItemView):
        model = view.model()
        if model is not None:
            tips += [
                model.index(r, c).data(Qt.ItemDataRole.ToolTipRole) or ""
                for r in range(model.rowCount())
                for c in range(model.columnCount())
            ]
    assert any("&lt;img" in tip for tip in tips), "a tooltip with the owner's markup was seen"
    assert [tip for tip in tips if "<b>" in tip or "<img" in tip] == []


def test_no_widget_renders_markup_but_the_handbook(workspace):
    assert workspace.findChildren(QTextBrowser) == []
    assert workspace.findChildren(QTextEdit) == []


def test_names_above_plots_are_spelled(workspace, settled):
    import pyqtgraph as pg

    facts = workspace.desk.facts
    workspace.desk.select(Brush("R01", 1, 2, facts.start_ns, facts.end_ns))
    workspace.go("Cells")
    settled()
    plots = workspace.findChildren(pg.PlotWidget)
    assert plots
    assert not any("<b>" in plot.getPlotItem().titleLabel.text or "<img" in plot.getPlotItem().titleLabel.text for plot in plots)


def test_the_status_line_is_plain_text(qtbot, qapp):
    window = MainWindow()
    try:
        assert {label.textFormat() for label in window.statusBar().findChildren(QLabel)} == {Qt.TextFormat.PlainText}
    finally:
        window.close()


def test_a_tooltip_spells_its_text(qtbot):
    label = Label(EVIL)
    qtbot.addWidget(label)
    assert plain_tip(EVIL) == "<qt>&lt;img src=&#x27;file:///etc/passwd&#x27;&gt;&lt;b&gt;rack17&lt;/b&gt;</qt>"
    assert plain_tip("a & b") == "a & b"
