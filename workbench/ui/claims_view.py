"""Stage Claims: what the study can say about charge and capacity today, and what it honestly cannot."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.ui.desk import Desk
from workbench.ui.table import PictureTable
from workbench.ui.widgets import Card, EmptyState, Label, canvas_head, column, row
from workbench.workflow.session import NotEstablished


class ClaimsView(QWidget):
    """Claims, charge balance, refusals with their settling tests."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._note = Label("", "small", "muted")
        self.claims, self.banks = PictureTable("Claims", 26), PictureTable("Charge balance", 26)
        self._refusals = column(gap=10)
        self._empty = EmptyState("No study yet", "Claims are tested against results of the study.", "Run the study")
        self._empty.acted.connect(desk.run_study)
        body = QWidget()
        heads = [
            Label(text, "strong")
            for text in ("Claims under review", "Charge balance per rack", "Not established, and the cheapest test that would settle it")
        ]
        self.claims.setMaximumHeight(120)
        self.banks.setMaximumHeight(240)
        body.setLayout(column(heads[0], self.claims, heads[1], self.banks, heads[2], self._refusals, None, gap=8, margins=(16, 12, 16, 12)))
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(body)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(canvas_head(Label("Claims", "title"), self._note))
        box.addWidget(self._pages, 1)
        for signal in (desk.study_changed, desk.window_changed, desk.document_changed):
            signal.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Tables of the present study."""
        study = self._desk.study
        self._pages.setCurrentIndex(1 if study else 0)
        if study is None:
            self._note.setText("not run yet")
            return
        self._note.setText("this version states charge and capacity; verdicts on single claims come with the independent read")
        self.claims.show_table(self._desk.session.table("claims"))
        self.banks.show_table(self._desk.session.table("banks", self._desk.window_id))
        while (item := self._refusals.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        answers = [a for b in study.balances for a in (b.charge_ah, b.offset_a, b.capacity_ah, b.efc)]
        for reason, refusal in sorted({a.reason: a for a in answers if isinstance(a, NotEstablished)}.items()):
            text = column(
                Label(reason.replace("-", " "), "small_strong"),
                Label(refusal.why, "small", wrap=True),
                row(Label("Settles it:", "small", "muted"), (Label(refusal.settles, "small", wrap=True), 1)),
                gap=3,
                margins=(14, 8, 12, 8),
            )
            self._refusals.addWidget(Card(text, "raised"))
