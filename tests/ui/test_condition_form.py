"""The form of a condition."""

import pytest
from PySide6.QtWidgets import QWidget

from workbench.ui.condition_form import ConditionForm
from workbench.workflow.session import Condition


@pytest.fixture
def form(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    made = ConditionForm(parent)
    made.parent_kept = parent
    return made


def test_percent_becomes_a_share_and_empty_stays_open(form):
    form.direction.setCurrentText("rest")
    form.fields["soc_low"].setText("20")
    form.fields["temperature_high_degc"].setText("27,5")
    assert form.condition() == Condition(direction="rest", soc_low=0.2, temperature_high_degc=27.5)


def test_what_is_no_number_is_said(form):
    form.fields["current_max_a"].setText("much")
    form.use.click()
    assert "'much' is no number" in form.note.text()


def test_back_to_the_study(form, qtbot):
    with qtbot.waitSignal(form.accepted_condition) as caught:
        form.study.click()
    assert caught.args == [None]
