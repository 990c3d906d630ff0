"""Does the Qt binding keep its promises on this Python?

PySide6 6.12.0 on Python 3.11 drops one reference to None with every wrapped call that returns nothing, and one to True with every
emit: the process aborts after some thousand repaints. The pin is 6.11.3; these canaries, run on 3.11, tell whether a new pin may be tried.
From Python 3.12 on None, True and False are immortal: their count does not move, the fault does no harm, and there is nothing to see.
"""

import sys

import PySide6
import pytest
from PySide6 import QtCore, QtWidgets

MORTAL = pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="None, True and False are immortal here: only Python 3.11 can show the fault"
)
REPEATS = 500
SLACK = 5  # references that other machinery may take or drop meanwhile; the fault moves the count by REPEATS


class Bell(QtCore.QObject):
    rung = QtCore.Signal()


def drift(value, call) -> int:
    """How the reference count of a value moves over many calls."""
    call()
    before = sys.getrefcount(value)
    for _ in range(REPEATS):
        call()
    return sys.getrefcount(value) - before


@MORTAL
def test_a_call_that_returns_nothing_keeps_none_alive(qtbot):
    label = QtWidgets.QLabel("a")
    qtbot.addWidget(label)
    assert abs(drift(None, lambda: label.setText("b"))) <= SLACK


@MORTAL
def test_an_emit_keeps_true_alive(qapp):
    bell = Bell()
    bell.rung.connect(lambda: None)
    assert abs(drift(True, bell.rung.emit)) <= SLACK


@MORTAL
def test_a_call_that_returns_false_keeps_false_alive(qapp):
    bell = Bell()
    assert abs(drift(False, lambda: bell.blockSignals(False))) <= SLACK


def test_drift_sees_a_lost_reference():
    """The measure itself: a value that is kept once more per call must show."""
    value, kept = object(), []
    assert drift(value, lambda: kept.append(value)) == REPEATS


def test_the_binding_is_the_one_the_canaries_were_run_on():
    """A new pin first has to pass this file on Python 3.11."""
    assert PySide6.__version__ == "6.11.3"
