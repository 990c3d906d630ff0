"""The design record as a form: value and source of every field, meters and sensor map as lines."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QWidget

from workbench.asset.nameplate import DesignRecord
from workbench.ui.theme import font
from workbench.ui.translation import tr
from workbench.ui.widgets import Label
from workbench.viewmodels import numbers
from workbench.viewmodels.design_table import ENTRIES, value_text
from workbench.workflow.design_record import from_form, meters_text, probes_text


class _Lines(QPlainTextEdit):
    """A few lines of text."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(64)
        self.setTabChangesFocus(True)


class DesignForm(QWidget):
    """Everything methods may rely on. An empty field means nobody has declared it; a method that needs it then refuses."""

    def __init__(self) -> None:
        super().__init__()
        self._design = DesignRecord()
        self.values: dict[str, QLineEdit] = {}
        self.sources: dict[str, QLineEdit] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        for place, text in enumerate(("What", "Value", "Source")):
            grid.addWidget(Label(text, "caption", "muted"), 0, place)
        for line, entry in enumerate(ENTRIES, 1):
            title = f"{entry.title}, {numbers.unit_sign(entry.unit)}" if entry.unit else entry.title
            value, source = QLineEdit(), QLineEdit()
            value.setAccessibleName(title)
            value.setPlaceholderText(tr("not declared"))
            value.setToolTip(tr("a day, written like 2026-03-31") if entry.field.endswith("_on") else "")
            source.setAccessibleName(f"Source of {entry.title}")
            source.setPlaceholderText(tr("as below"))
            for place, widget in enumerate((Label(title, "small", "muted"), value, source)):
                grid.addWidget(widget, line, place)
            self.values[entry.field], self.sources[entry.field] = value, source
        self.source, self.meters, self.probes = QLineEdit(), _Lines(), _Lines()
        self.source.setPlaceholderText("data sheet, revision, date")
        self.meters.setPlaceholderText("id; boundary; accuracy in %; calibrated on; source")
        self.probes.setPlaceholderText("rack (may be empty); probe; cell, cell, ...")
        rest: tuple[tuple[str, QWidget], ...] = (
            ("Source of all others", self.source),
            ("Site meters", self.meters),
            ("Cells at each probe", self.probes),
        )
        for line, (title, field) in enumerate(rest, len(ENTRIES) + 1):
            field.setAccessibleName(title)
            grid.addWidget(Label(title, "small", "muted"), line, 0)
            grid.addWidget(field, line, 1, 1, 2)
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(2, 3)
        self.setFont(font())

    def show_design(self, design: DesignRecord) -> None:
        """Fill the fields."""
        self._design = design
        for entry in ENTRIES:
            self.values[entry.field].setText(value_text(design, entry))
            self.sources[entry.field].setText(design.sources.get(entry.field, ""))
        self.source.setText(design.source)
        self.meters.setPlainText(meters_text(design))
        self.probes.setPlainText(probes_text(design))

    @property
    def touched(self) -> bool:
        """Whether a field differs from what was shown."""
        shown = self._design
        return (
            any(self.values[e.field].text().strip() != value_text(shown, e) for e in ENTRIES)
            or any(self.sources[e.field].text().strip() != shown.sources.get(e.field, "") for e in ENTRIES)
            or self.source.text().strip() != shown.source
            or self.meters.toPlainText() != meters_text(shown)
            or self.probes.toPlainText() != probes_text(shown)
        )

    def design(self) -> DesignRecord:
        """What the fields say now. Raises ProjectError with the field that cannot be read."""
        return from_form(
            self._design,
            {name: field.text() for name, field in self.values.items()},
            {name: field.text() for name, field in self.sources.items()},
            self.meters.toPlainText(),
            self.probes.toPlainText(),
            self.source.text().strip(),
        )
