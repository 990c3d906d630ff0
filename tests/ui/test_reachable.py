"""Everything that can be operated can be found by a screen reader, read by a person and reached without a mouse."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QSlider,
    QTableView,
    QWidget,
)

from workbench.jobs.progress import Progress
from workbench.ui.brush import Brush
from workbench.ui.command_palette import CommandPalette
from workbench.ui.condition_form import ConditionForm
from workbench.ui.go_to import GoTo
from workbench.ui.heatmap_controls import RESULT
from workbench.ui.key_sheet import KeySheet
from workbench.ui.main_window import CANVAS_KEYS, MainWindow
from workbench.ui.rail import STAGES
from workbench.workflow.findings import accept

OPERATED = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox, QSlider, QAbstractItemView)
HANDS = ("mousePressEvent", "mouseReleaseEvent", "keyPressEvent")


def own_hands(widget):
    """Whether one of our classes answers to hands."""
    ours = [cls for cls in type(widget).__mro__ if cls.__module__.startswith("workbench.ui")]
    return any(hand in vars(cls) for cls in ours for hand in HANDS)


def inside_another(widget):
    """Parts that the library puts into a control of its own: the list of a drop-down, the line of a spin box, heads and corners of tables."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QComboBox | QAbstractSpinBox | QHeaderView):
            return True
        if isinstance(parent, QAbstractItemView) and isinstance(widget, QAbstractButton):
            return True
        if type(parent).__name__ in ("QComboBoxPrivateContainer", "QKeySequenceEdit"):
            return True
        parent = parent.parentWidget()
    return False


def operated(root):
    for widget in (root, *root.findChildren(QWidget)):
        if isinstance(widget, QScrollBar | QHeaderView) or inside_another(widget):
            continue
        if widget.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents):
            continue  # marks over a picture: no hands before they are asked for
        if isinstance(widget, OPERATED) or own_hands(widget):
            yield widget


def name_of(widget):
    if isinstance(widget, QComboBox) or widget.accessibleName():
        return widget.accessibleName()  # what the library says of a drop-down on this system is its value
    found = QAccessible.queryAccessibleInterface(widget)
    return found.text(QAccessible.Text.Name) if found is not None else ""


def read_by_a_person(widget):
    """Own words, a tooltip, a hint inside, heads of columns, or a label near it that shares its name."""
    words = getattr(widget, "text", lambda: "")() if isinstance(widget, QAbstractButton) else ""
    hint = getattr(widget, "placeholderText", lambda: "")()
    heads = isinstance(widget, QTableView) and not widget.horizontalHeader().isHidden()
    if words or hint or heads or widget.toolTip():
        return True
    name, near = name_of(widget).lower(), widget.parentWidget()
    for _ in range(2):
        if near is None:
            return False
        labels = [label.text().lower() for label in near.findChildren(QLabel) if label.text()]
        if any(text in name or name in text or text.split(",")[0] in name for text in labels):
            return True
        near = near.parentWidget()
    return False


def described(widget):
    return f"{type(widget).__name__} '{widget.accessibleName()}' in {type(widget.parentWidget()).__name__}"


def told(widget):
    """What a picture says of itself where it is too large for a tooltip: what it is and how it is operated."""
    return not isinstance(widget, OPERATED) and len(name_of(widget)) > 12


def audit(root):
    found = []
    for widget in operated(root):
        if widget.isWindow() and isinstance(widget, QDialog):
            if not (widget.windowTitle() or widget.accessibleName()):
                found.append(f"a box without a name: {described(widget)}")
            continue
        if not name_of(widget).strip():
            found.append(f"no accessible name: {described(widget)}")
        elif not (read_by_a_person(widget) or told(widget)):
            found.append(f"no tooltip, words or label: {described(widget)}")
        if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(f"not reached by Tab: {described(widget)}")
    return sorted(set(found))


@pytest.fixture
def filled(workspace, desk, settled):
    """A project with findings and a selection, so that every part of every stage is there."""
    for candidate in desk.study.candidates:
        accept(desk.session, desk.window_id, candidate, Progress())
    desk.select(Brush("R01", 5, 6, desk.facts.start_ns, desk.facts.end_ns))
    settled()
    return workspace


@pytest.mark.parametrize("stage", [name for name, _ in STAGES])
def test_every_control_of_every_stage(filled, settled, stage):
    filled.go(stage)
    settled()
    assert audit(filled.views[stage]) == []


def test_the_frame_around_the_stages(filled):
    parts = (filled.context, filled.rail, filled.timeline, filled.side)
    assert [line for part in parts for line in audit(part)] == []


def test_other_shapes_of_population_and_cells(filled, settled):
    filled.go("Population")
    filled.population.controls.quantity.choose(RESULT)
    filled.population.controls.shape.choose(1)
    settled()
    assert audit(filled.population) == []
    filled.go("Cells")
    for shape in range(4):
        filled.cells.shape.choose(shape)
        settled()
        assert audit(filled.cells) == [], shape


def test_start_page_and_boxes(qtbot, filled):
    window = MainWindow()
    qtbot.addWidget(window)
    assert audit(window.start) == []
    assert audit(window.start.form) == []
    boxes = (
        KeySheet(window, window.actions_, CANVAS_KEYS),
        GoTo(window, filled.known_places(), print),
        CommandPalette(window, window.actions_),
        ConditionForm(window),
    )
    for box in boxes:
        qtbot.addWidget(box)
        assert audit(box) == []
    window.close()


def test_the_audit_itself_finds_what_is_wrong(qtbot):
    root = QWidget()
    qtbot.addWidget(root)
    bad = QLineEdit(root)
    bad.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    assert [line.split(":")[0] for line in audit(root)] == ["no accessible name", "not reached by Tab"]
    bad.setAccessibleName("Title")
    bad.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    assert [line.split(":")[0] for line in audit(root)] == ["no tooltip, words or label"]
    bad.setToolTip("the title")
    assert audit(root) == []
