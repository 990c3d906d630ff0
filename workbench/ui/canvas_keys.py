"""Which word does a key on the heatmap say to its stage? Single letters act only while the canvas has the focus."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

LETTERS = {
    Qt.Key.Key_N: "N", Qt.Key.Key_Q: "Q", Qt.Key.Key_L: "L", Qt.Key.Key_R: "R", Qt.Key.Key_V: "V", Qt.Key.Key_M: "M", Qt.Key.Key_X: "X", Qt.Key.Key_P: "P", Qt.Key.Key_C: "C", Qt.Key.Key_Escape: "esc",
    Qt.Key.Key_Period: ".", Qt.Key.Key_Comma: ",", Qt.Key.Key_Return: "enter", Qt.Key.Key_Enter: "enter", Qt.Key.Key_Question: "?",
    Qt.Key.Key_1: "1", Qt.Key.Key_2: "2", Qt.Key.Key_3: "3", Qt.Key.Key_4: "4", Qt.Key.Key_5: "5",
}  # fmt: skip
SHIFTED = {  # C, and full stop and comma with Shift, as keyboards of several countries send them
    Qt.Key.Key_C: "fold others", Qt.Key.Key_Greater: ">", Qt.Key.Key_Less: "<", Qt.Key.Key_Colon: ">", Qt.Key.Key_Semicolon: "<", Qt.Key.Key_Period: ">", Qt.Key.Key_Comma: "<",
}  # fmt: skip


def word_of(event: QKeyEvent) -> str:
    """The word for the stage, or empty where this key says none."""
    key, held = Qt.Key(event.key()), event.modifiers()
    if key == Qt.Key.Key_A and held == Qt.KeyboardModifier.ControlModifier:
        return "all"
    if held & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
        return ""
    if held & Qt.KeyboardModifier.ShiftModifier and key in SHIFTED:
        return SHIFTED[key]
    return LETTERS.get(key, "")
