"""Failures in words."""

import sys
import traceback

from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from workbench.errors import ProjectError, Reason
from workbench.ui.error_dialog import describe, install_hook, show_error

FAILURE = ProjectError(Reason.DISK_FULL, "The disk is full; a.h5 was not written.", "Free some space.")


def test_our_failures_are_one_sentence_and_a_remedy():
    assert describe(FAILURE) == ("The disk is full; a.h5 was not written.", "Free some space.", "")


def test_faults_of_the_program_say_so_and_keep_the_details():
    message, _, details = describe(KeyError("x"))
    assert "your data and edits are safe" in message
    assert "KeyError" in details


def boxes(parent):
    """Dialogs of this window only: another test's may still be closing."""
    return parent.findChildren(QMessageBox)


def test_the_dialog_stops_nothing_and_prints_markup_as_it_is(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    show_error(parent, ProjectError(Reason.DISK_FULL, "<b>a</b> & b", "x"))
    box = boxes(parent)[0]
    assert box.text() == "<b>a</b> & b"
    assert box.isVisible()
    assert not box.isModal()
    box.close()
    QApplication.processEvents()


def test_an_exception_in_a_slot_is_shown_and_its_frames_are_cleared(qtbot, monkeypatch, capsys):
    parent = QWidget()
    qtbot.addWidget(parent)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    install_hook(parent)
    cleared = []
    monkeypatch.setattr(traceback, "clear_frames", cleared.append)
    try:
        raise FAILURE
    except ProjectError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert boxes(parent)
    assert len(cleared) == 1
    assert "The disk is full" in capsys.readouterr().err
    boxes(parent)[0].close()
    QApplication.processEvents()
