"""What one column of a proposal becomes, in the hands of the reviewer; for a current, the steps that prove its sign, with the opposite offered."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from workbench.errors import IngestError
from workbench.ui import plots
from workbench.ui.phrases import spoken
from workbench.ui.theme import colour, font
from workbench.ui.widgets import Button, Card, Label, clear, column, row
from workbench.workflow.mapping_choice import (
    SIGNS,
    Choice,
    MappingProfile,
    SignProof,
    alike,
    choice_of,
    chosen,
    opposite,
    proof_text,
    quantities,
)

PLOT_HEIGHT = 170
EMPTY = "Choose a column to see why it is read as it is, and to change it."


class ColumnEditor(QWidget):
    """Beside the table of columns. decided: another mapping was chosen; the preview is then made again from it."""

    decided = Signal(object)  # MappingProfile

    def __init__(self) -> None:
        super().__init__()
        self._profile: MappingProfile | None = None
        self._now: Choice | None = None
        self.title, self.why = Label(EMPTY, "strong", wrap=True), Label("", "small", "muted", wrap=True)
        self.trouble = Label("", "small", "warning", wrap=True)
        self.quantity, self.sign = QComboBox(), QComboBox()
        for name, meaning in quantities():
            self.quantity.addItem(spoken(f"{name}: {meaning}"), name)
        for sign, text in SIGNS.items():
            self.sign.addItem(spoken(text), sign)
        self.scale, self.offset, self.rack, self.element = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.form = QWidget()
        lines = QFormLayout(self.form)
        lines.setContentsMargins(0, 0, 0, 0)
        fields: tuple[tuple[str, QWidget], ...] = (
            ("Becomes", self.quantity), ("Times", self.scale), ("Plus", self.offset), ("Sign", self.sign), ("Rack", self.rack), ("Cell or probe", self.element),
        )  # fmt: skip
        for title, field in fields:
            field.setAccessibleName(title)
            lines.addRow(Label(title, "small", "muted"), field)
        self.quantity.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.quantity.setMinimumContentsLength(18)
        self.for_all = QCheckBox("")
        self.apply = Button("Read it like this", "primary")
        self.apply.clicked.connect(self._apply)
        self.proof, self.keep, self.flip = Label("", "small", wrap=True), Button("Keep the sign"), Button("The opposite")
        self.flip.clicked.connect(self._flip)
        self._plot = QWidget()
        self._plot.setLayout(column(gap=0))
        self._plot.setFixedHeight(PLOT_HEIGHT)
        self._proof_card = Card(
            column(
                Label("Sign of the current", "strong"),
                self.proof,
                self._plot,
                row(self.keep, self.flip, None),
                gap=8,
                margins=(12, 10, 12, 12),
            )
        )
        self.keep.clicked.connect(self._proof_card.hide)
        edit = Card(
            column(self.title, self.why, self.form, self.for_all, self.trouble, row(self.apply, None), gap=8, margins=(12, 10, 12, 12))
        )
        inside = QWidget()
        inside.setLayout(column(edit, self._proof_card, None, gap=10, margins=(10, 10, 10, 10)))
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(scroll)
        self.setFixedWidth(330)
        self.setFont(font())
        self.show_column(None, "", "", None)

    def show_column(self, profile: MappingProfile | None, source: str, evidence: str, proof: SignProof | None) -> None:
        """Another column, or none."""
        self._profile = profile
        self._now = choice_of(profile, source) if profile is not None and source else None
        self.title.setText(source or EMPTY)
        self.why.setText(evidence)
        self.trouble.setVisible(False)
        editable = self._now is not None
        self.form.setVisible(editable)
        self.apply.setVisible(editable)
        now = self._now
        others = len(alike(profile, source)) - 1 if now is not None and profile is not None else 0
        self.for_all.setText(f"Times, plus and sign also for the {others} columns read alike")
        self.for_all.setVisible(others > 0)
        self.for_all.setChecked(False)
        if now is not None:
            self.quantity.setCurrentIndex(self.quantity.findData(now.quantity))
            self.sign.setCurrentIndex(self.sign.findData(now.sign))
            for field, text in (
                (self.scale, now.scale),
                (self.offset, now.offset),
                (self.rack, str(now.rack)),
                (self.element, str(now.element)),
            ):
                field.setText(text)
        self._proof_card.setVisible(now is not None and proof is not None)
        if now is not None and proof is not None:
            self.proof.setText(proof_text(proof, now.sign))
            self._draw(proof)

    def _apply(self) -> None:
        profile, now = self._profile, self._now
        if profile is None or now is None:
            return
        whole = {"Rack": self.rack.text().strip() or "0", "Cell or probe": self.element.text().strip() or "0"}
        wrong = next((name for name, text in whole.items() if not text.isdecimal()), None)
        if wrong:
            self._say(f"{wrong} is a whole number, or 0 where there is none.")
            return
        choice = Choice(
            now.source, self.quantity.currentData(), self.scale.text(), self.offset.text(), self.sign.currentData(), *(int(t) for t in whole.values())
        )  # fmt: skip
        try:
            made = chosen(profile, choice, for_all=self.for_all.isChecked())
        except IngestError as error:
            self._say(str(error))
            return
        self.trouble.setVisible(False)
        if made is not profile:
            self.decided.emit(made)

    def _flip(self) -> None:
        if self._profile is not None and self._now is not None:
            self.decided.emit(opposite(self._profile, self._now.source))

    def _say(self, text: str) -> None:
        self.trouble.setText(text)
        self.trouble.setVisible(True)

    def _draw(self, proof: SignProof) -> None:
        """Steps of the cells against steps of the column: which way the cloud leans is the sign."""
        box = self._plot.layout()
        if box is not None:
            clear(box)
        if box is None or not proof.points:
            self._plot.setVisible(False)
            return
        widget = pg.PlotWidget(background=colour("surface"))
        widget.setFrameShape(widget.Shape.NoFrame)
        widget.setAccessibleName(f"Steps of cell voltage against steps of {proof.source}")
        widget.setAccessibleDescription(self.proof.text())
        item = widget.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setMouseEnabled(x=False, y=False)
        for side in ("left", "bottom"):
            axis = item.getAxis(side)
            axis.setStyle(tickFont=font("axis"), tickLength=0)
            axis.setTextPen(colour("muted"))
            axis.setPen(pg.mkPen(colour("line")))
            widget.addItem(pg.InfiniteLine(0, angle=90 if side == "bottom" else 0, pen=pg.mkPen(colour("line"))))
        points = np.array(proof.points)
        widget.addItem(pg.ScatterPlotItem(points[:, 0], points[:, 1], size=4, brush=colour("accent"), pen=None))
        plots.name_plot(widget, "cell step, mV, against step of this column")
        box.addWidget(widget)
        self._plot.setVisible(True)
