"""Keys of several keyboards say the same."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from workbench.ui.canvas_keys import word_of

NONE, SHIFT, CONTROL, ALT = (getattr(Qt.KeyboardModifier, f"{name}Modifier") for name in ("No", "Shift", "Control", "Alt"))
K = Qt.Key


@pytest.mark.parametrize(
    ("key", "held", "word"),
    [
        (K.Key_Period, NONE, "."), (K.Key_Period, SHIFT, ">"), (K.Key_Greater, SHIFT, ">"), (K.Key_Colon, SHIFT, ">"), (K.Key_Semicolon, SHIFT, "<"),
        (K.Key_A, CONTROL, "all"), (K.Key_A, NONE, ""), (K.Key_N, CONTROL, ""), (K.Key_N, ALT, ""), (K.Key_N, NONE, "N"), (K.Key_N, SHIFT, "N"),
        (K.Key_Escape, NONE, "esc"), (K.Key_Question, SHIFT, "?"),
    ],
)  # fmt: skip
def test_words(key, held, word):
    assert word_of(QKeyEvent(QEvent.Type.KeyPress, key, held)) == word
