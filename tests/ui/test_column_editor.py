"""One column of a proposal in the hands of the reviewer."""

import pyqtgraph as pg
import pytest
from builders.exports import Table

from workbench.jobs.progress import Progress
from workbench.ui.column_editor import EMPTY, ColumnEditor
from workbench.workflow import intake
from workbench.workflow.mapping_choice import choice_of


@pytest.fixture
def found(tmp_path):
    return intake.preview([Table().write(tmp_path / "a.csv", sign=-1)], Progress())


@pytest.fixture
def editor(qtbot, found):
    made = ColumnEditor()
    qtbot.addWidget(made)
    made.decisions = []
    made.decided.connect(made.decisions.append)
    made.resize(330, 700)
    made.show()
    return made


def show(editor, found, source):
    editor.show_column(found.profile, source, "because", found.proofs.get(source))


def test_nothing_chosen_and_time_offer_nothing(editor, found):
    assert editor.title.text() == EMPTY
    show(editor, found, "Time")
    assert not editor.form.isVisible()
    assert not editor.apply.isVisible()


def test_a_change_is_handed_on_as_a_mapping(editor, found):
    show(editor, found, "CellV002_mV")
    assert (editor.scale.text(), editor.element.text()) == ("0.001", "2")
    editor.apply.click()
    assert editor.decisions == [], "nothing was changed"
    editor.offset.setText("0,002")
    editor.apply.click()
    assert choice_of(editor.decisions[0], "CellV002_mV").offset == "0.002"


def test_what_cannot_be_is_said_beside_the_field(editor, found):
    show(editor, found, "CellV002_mV")
    editor.element.setText("1")
    editor.apply.click()
    assert "cannot both be number 1" in editor.trouble.text()
    editor.element.setText("one")
    editor.apply.click()
    assert "whole number" in editor.trouble.text()
    assert editor.trouble.isVisible()
    assert editor.decisions == []


def test_the_proof_of_a_sign_is_drawn_with_the_opposite_offered(editor, found):
    show(editor, found, "Current_A")
    assert "counts discharge as positive" in editor.proof.text()
    (plot,) = editor.findChildren(pg.PlotWidget)
    (cloud,) = [i for i in plot.getPlotItem().items if isinstance(i, pg.ScatterPlotItem)]
    assert len(cloud.points()) == len(found.proofs["Current_A"].points)
    editor.flip.click()
    assert choice_of(editor.decisions[0], "Current_A").sign == 1
    editor.keep.click()
    assert not editor.flip.isVisible()


def test_one_change_for_all_columns_read_alike(editor, found):
    show(editor, found, "CellV002_mV")
    assert "5 columns read alike" in editor.for_all.text()
    editor.scale.setText("0.0001")
    editor.for_all.setChecked(True)
    editor.apply.click()
    assert choice_of(editor.decisions[0], "CellV005_mV").scale == "0.0001"
    show(editor, found, "Current_A")
    assert not editor.for_all.isVisible()
    assert not editor.for_all.isChecked()
