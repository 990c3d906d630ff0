"""Which samples may racks be compared at? A small form; empty fields leave a bound open."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialog, QGridLayout, QLineEdit, QWidget

from workbench.ui.phrases import spoken
from workbench.ui.widgets import Button, Label, column, row
from workbench.workflow.session import Condition

DIRECTIONS = ("any", "rest", "charge", "discharge")
FIELDS = (  # name, caption, unit shown, factor from what is typed to what is meant
    ("current_max_a", "Current up to", "A", 1.0), ("soc_low", "Reported SoC from", "%", 0.01), ("soc_high", "Reported SoC to", "%", 0.01),
    ("temperature_low_degc", "Mean probe from", "°C", 1.0), ("temperature_high_degc", "Mean probe to", "°C", 1.0),
)  # fmt: skip


class ConditionForm(QDialog):
    """accepted_condition: a Condition, or None for the study's own comparison."""

    accepted_condition = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(spoken("Compare racks at"))
        self.direction = QComboBox()
        for word in DIRECTIONS:
            self.direction.addItem(spoken(word), word)
        self.direction.setAccessibleName("Direction of the current")
        self.fields: dict[str, QLineEdit] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.addWidget(Label("Current", "small", "muted"), 0, 0)
        grid.addWidget(self.direction, 0, 1)
        for place, (name, caption, unit, _) in enumerate(FIELDS, 1):
            line = QLineEdit()
            line.setAccessibleName(f"{caption}, {unit}")
            line.setPlaceholderText("open")
            self.fields[name] = line
            grid.addWidget(Label(f"{caption}, {unit}", "small", "muted"), place, 0)
            grid.addWidget(line, place, 1)
        self.note = Label("", "small", "bad", wrap=True)
        self.use, self.study = Button("Compare", "primary"), Button("As the study does")
        self.use.clicked.connect(self._use)
        self.study.clicked.connect(lambda: self._done(None))
        self.setLayout(
            column(
                Label("Compare racks only at samples that meet all of this", "strong"),
                grid,
                self.note,
                row(self.use, self.study, None),
                gap=12,
                margins=(20, 16, 20, 16),
            )
        )

    def condition(self) -> Condition:
        """What the fields say. Raises ValueError with a sentence where one is no number."""
        values: dict[str, float | None] = {}
        for name, caption, _, factor in FIELDS:
            text = self.fields[name].text().strip().replace(",", ".")
            try:
                values[name] = float(text) * factor if text else None
            except ValueError:
                raise ValueError(f"{caption}: '{text}' is no number.") from None
        return Condition(direction=str(self.direction.currentData()), **values)

    def _use(self) -> None:
        try:
            self._done(self.condition())
        except ValueError as error:
            self.note.setText(str(error))

    def _done(self, condition: Condition | None) -> None:
        self.accepted_condition.emit(condition)
        self.accept()
