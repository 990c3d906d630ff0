"""Stage Claims: the answer the evidence allows, claim by claim, what energy is left, and which cells the data can speak about."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from workbench.review.stages import Stage
from workbench.ui.claim_cards import ClaimCardView
from workbench.ui.desk import Desk
from workbench.ui.identifiability_map import IdentifiabilityMap
from workbench.ui.stage_views import refresh_on
from workbench.ui.table import PictureTable
from workbench.ui.theme import SIZE
from workbench.ui.waterfall_plot import WaterfallPlot
from workbench.ui.widgets import Button, Card, Chip, EmptyState, Label, Panel, clear, column, row
from workbench.viewmodels.claim_pictures import ClaimsPicture
from workbench.workflow.session import NotEstablished

TABLES = (
    ("verdicts", "Claims and readings"), ("diagnosis", "Why cells stray, causes ranked"), ("estimates", "Racks"), ("banks", "Charge balance"),
    ("displayed-state", "Displayed state"),
)  # fmt: skip
MOST_ROWS = 8  # of a table that stands among others; it scrolls beyond
TALL, SHORT = 330, 220  # pixels of the energy: with bars, and with the reasons why there are none


class ClaimsView(QWidget):
    """Banner, cards, energy and identifiability, then the tables behind them and every refusal with its settling test."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._sentence, self._proposal = Label("", "title"), Label("", "strong")
        self._sentence.elide()
        self._question = Label("", "small", "muted")
        self._question.elide()
        self._status = Chip("", "none")
        self.draft = Button("Draft verdict", "primary", "pen-line")
        self.draft.clicked.connect(lambda: desk.stage_wanted.emit("Sign-off"))
        self._cards = row(gap=12)
        self.waterfall, self.cells = WaterfallPlot(), IdentifiabilityMap()
        self._energy, self._known = Label("", "small", "muted"), Label("", "small", "muted")
        self.tables = {name: PictureTable(title, SIZE["row_dense"]) for name, title in TABLES}
        self._heads = {name: Label(title, "strong") for name, title in TABLES}
        self._refusals = column(gap=10)
        self._empty = EmptyState("No study yet", "Claims are tested against results of the study.", "Run the study")
        self._empty.acted.connect(desk.run_study)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._body())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._banner())
        box.addWidget(self._pages, 1)
        refresh_on(self, self.refresh, desk.study_changed, desk.window_changed, desk.document_changed)
        self.refresh()

    def _banner(self) -> Panel:
        offered = column(Label("Proposed by the verdicts", "small", "muted"), self._proposal, gap=0)
        words = column(self._question, self._sentence, gap=2)
        banner = Panel(row(self._status, (words, 1), offered, 12, self.draft, gap=12, margins=(16, 6, 16, 6)), "surface", "b")
        banner.setFixedHeight(58)
        return banner

    def _body(self) -> QScrollArea:
        self._energy_card = energy = Card(
            column(row(Label("Usable energy today", "strong"), (self._energy, 1)), (self.waterfall, 1), gap=4, margins=(14, 10, 12, 10))
        )
        known = Card(
            column(
                row(Label("Which cells the data can speak about", "strong"), (self._known, 1)),
                (self.cells, 1),
                gap=8,
                margins=(14, 10, 12, 10),
            )
        )
        heads = [(self._heads[name], self.tables[name]) for name, _ in TABLES]
        settles = Label("Not established, and the cheapest test that would settle it", "strong")
        inside = QWidget()
        inside.setLayout(
            column(
                self._cards,
                row((energy, 3), (known, 2), gap=12),
                *(part for pair in heads for part in pair),
                settles,
                self._refusals,
                None,
                gap=10,
                margins=(16, 12, 16, 12),
            )
        )
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        return area

    def refresh(self) -> None:
        """Everything of the present study."""
        study, scope = self._desk.study, self._desk.session.document.scope
        self._pages.setCurrentIndex(1 if study else 0)
        self._question.setText(scope.question if scope else "")
        picture = self._desk.session.claims(self._desk.window_id) if study else None
        session = self._desk.session
        self.draft.setVisible(picture is not None and session.document.stage is Stage.DRAFT and not session.read_only)
        if study is None or picture is None:
            self._show_answer("No study has been run yet.", "none", "–")
            return
        self._show_picture(picture)
        for name, table in self.tables.items():
            shown = self._desk.session.table(name, self._desk.window_id)
            table.show_table(shown)
            for widget in (table, self._heads[name]):
                widget.setVisible(bool(shown.rows))  # a head without a row says nothing
            table.setFixedHeight(SIZE["row_head"] + SIZE["row_dense"] * min(max(len(shown.rows), 1), MOST_ROWS) + 12)
        answers = [a for b in study.balances for a in (b.charge_ah, b.offset_a, b.capacity_ah, b.efc)]
        self._show_refusals({a.reason: a for a in answers if isinstance(a, NotEstablished)})

    def _show_answer(self, sentence: str, status: str, recommendation: str) -> None:
        self._sentence.setText(sentence)
        self._proposal.setText(recommendation)
        self._status.show_status({"good": "supported", "warning": "open", "bad": "contradicted", "none": "not tested"}[status], status)

    def _show_picture(self, picture: ClaimsPicture) -> None:
        self._show_answer(picture.sentence, picture.status, picture.recommendation or "–")
        clear(self._cards)
        for card in picture.cards:
            self._cards.addWidget(ClaimCardView(card), 1)
        self._cards.addStretch(0)
        self.waterfall.show_picture(picture.waterfall)
        known = any(bar.kind != "unknown" for bar in picture.waterfall.bars)
        self._energy_card.setMinimumHeight(TALL if known else SHORT)
        self._energy.setText(f"{picture.waterfall.headline} · {picture.waterfall.caption.condition}")
        self._energy.elide()
        self.cells.show_picture(picture.identifiability)
        self._known.setText("cell capacity · measured")

    def _show_refusals(self, refusals: dict[str, NotEstablished]) -> None:
        clear(self._refusals)
        for reason, refusal in sorted(refusals.items()):
            text = column(
                Label(reason.replace("-", " "), "small_strong"),
                Label(refusal.why, "small", wrap=True),
                row(Label("Settles it:", "small", "muted"), (Label(refusal.settles, "small", wrap=True), 1)),
                gap=3,
                margins=(14, 8, 12, 8),
            )
            self._refusals.addWidget(Card(text, "raised"))
