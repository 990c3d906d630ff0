"""The selection as numbers that can be typed: cells and both instants, taken over with Enter, refused in words."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from workbench.ui.brush import Brush, made_of
from workbench.ui.widgets import Label
from workbench.viewmodels import numbers

CLOCK = "%Y-%m-%d %H:%M:%S"


class _Line(QLineEdit):
    """Esc puts back what stands in the journal of the selection; it goes no further."""

    restored = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc restores."""
        if event.key() == Qt.Key.Key_Escape:
            self.restored.emit()
        else:
            super().keyPressEvent(event)


class SelectionEditor(QWidget):
    """edited: a Brush was typed. Cells read as "41", "41-44" or "41-44, 50"."""

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._brush: Brush | None = None
        self._zone, self._cells_in_rack, self._limits = "UTC", 0, (0, 1)
        self.cells, self.start, self.end = _Line(), _Line(), _Line()
        self.note = Label("", "axis", "bad", wrap=True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        for place, (caption, line) in enumerate((("Cells", self.cells), ("From", self.start), ("To", self.end))):
            line.setAccessibleName(f"Selection, {caption.lower()}")
            line.setFixedHeight(26)
            line.editingFinished.connect(self.take)
            line.restored.connect(self._restore)
            grid.addWidget(Label(caption, "small", "muted"), place, 0)
            grid.addWidget(line, place, 1)
        grid.addWidget(self.note, 3, 0, 1, 2)
        self.setMinimumHeight(3 * 26 + 2 * 4)
        self.note.hide()

    def show_brush(self, brush: Brush, zone: str, cells_in_rack: int, limits: tuple[int, int]) -> None:
        """Another selection. limits: start and end of the window."""
        self._brush, self._zone, self._cells_in_rack, self._limits = brush, zone, cells_in_rack, limits
        self._restore()

    def _restore(self) -> None:
        if self._brush is None:
            return
        self.cells.setText(spelled(self._brush.cells))
        self.start.setText(numbers.moment(self._brush.start_ns, self._zone).strftime(CLOCK))
        self.end.setText(numbers.moment(self._brush.end_ns, self._zone).strftime(CLOCK))
        self.note.hide()

    def take(self) -> None:
        """Take over what was typed, or say in one line why not."""
        if self._brush is None:
            return
        untouched = (
            numbers.moment(self._brush.start_ns, self._zone).strftime(CLOCK),
            numbers.moment(self._brush.end_ns, self._zone).strftime(CLOCK),
        )
        try:
            cells = parsed_cells(self.cells.text(), self._cells_in_rack)
            start = self._brush.start_ns if self.start.text() == untouched[0] else parsed_time(self.start.text(), self._zone)
            end = self._brush.end_ns if self.end.text() == untouched[1] else parsed_time(self.end.text(), self._zone)
            if not self._limits[0] <= start < end <= self._limits[1] + 1:
                raise ValueError("the interval must lie inside the window, its end after its beginning")
        except ValueError as error:
            self.note.setText(str(error))
            self.note.show()
            return
        self.note.hide()
        brush = made_of(self._brush.rack, cells, start, end)
        if brush is not None and brush != self._brush:
            self._brush = brush
            self.edited.emit(brush)


def spelled(cells: tuple[int, ...]) -> str:
    """``41-44, 50``."""
    runs: list[list[int]] = []
    for cell in cells:
        if runs and cell == runs[-1][1] + 1:
            runs[-1][1] = cell
        else:
            runs.append([cell, cell])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def parsed_cells(text: str, most: int) -> set[int]:
    """Cells from their spelling. Raises ValueError with a sentence for the person."""
    cells: set[int] = set()
    for part in text.replace("–", "-").replace("C", "").split(","):
        first, _, last = part.strip().partition("-")
        if not first.strip().isdigit() or (last and not last.strip().isdigit()):
            raise ValueError(f"'{part.strip()}' is no cell: write 41, 41-44 or 41-44, 50")
        cells |= set(range(int(first), int(last or first) + 1))
    if not cells or min(cells) < 1 or max(cells) > most:
        raise ValueError(f"cells of this rack go from 1 to {most}")
    return cells


def parsed_time(text: str, zone: str) -> int:
    """UTC nanoseconds from the clock on site. Raises ValueError with a sentence for the person."""
    for form in (CLOCK, "%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            return int(datetime.strptime(text.strip(), form).replace(tzinfo=numbers.zone_of(zone)).timestamp()) * 1_000_000_000
        except ValueError:
            continue
    raise ValueError(f"'{text}' is no time: write 2026-03-07 14:02:20")
