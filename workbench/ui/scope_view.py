"""Stage Scope: what was asked, fixed before the data are judged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtWidgets import QComboBox, QFileDialog, QFormLayout, QLineEdit, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from workbench.asset.nameplate import DesignRecord
from workbench.asset.scope import Mandate, Scope
from workbench.errors import ProjectError
from workbench.jobs.progress import Progress
from workbench.review.edits import LockScope, SetDesign, SetScope
from workbench.review.stages import Stage
from workbench.ui.design_form import DesignForm
from workbench.ui.phrases import spoken
from workbench.ui.stage_views import refresh_on
from workbench.ui.table import PictureTable
from workbench.ui.theme import font
from workbench.ui.widgets import Button, Card, Label, canvas_head, column, row
from workbench.workflow.design_record import read_design

if TYPE_CHECKING:
    from workbench.ui.desk import Desk

TEXTS = (
    ("client", "Client"), ("asset", "Asset"), ("boundary", "Boundary"), ("materiality", "Materiality"), ("firm", "Firm"), ("reference", "Report number"),
    ("time_zone", "Site time zone"),
)  # fmt: skip
BLANK = Scope(client="", mandate=Mandate.VALUATION, question="")
CLAIMS = 12  # rows of claims that are shown without a bar to scroll


class ScopeForm(QWidget):
    """The fields of a scope. What the form does not show (claims, design record) is kept as it is."""

    def __init__(self) -> None:
        super().__init__()
        self._scope = BLANK
        self.fields: dict[str, QLineEdit] = {}
        form = QFormLayout(self)
        form.setContentsMargins(24, 0, 24, 0)
        form.setHorizontalSpacing(24)
        form.setVerticalSpacing(10)
        self.mandate = QComboBox()
        for mandate in Mandate:
            self.mandate.addItem(spoken(mandate.value), mandate.value)
        self.mandate.setAccessibleName("Mandate")
        self.question = QPlainTextEdit()
        self.question.setFixedHeight(72)
        self.question.setTabChangesFocus(True)
        self.question.setAccessibleName("Question in one sentence")
        for name, label in TEXTS:
            self.fields[name] = QLineEdit()
            self.fields[name].setAccessibleName(label)
            form.addRow(Label(label, "small", "muted"), self.fields[name])
            if name == "client":
                form.addRow(Label("Mandate", "small", "muted"), self.mandate)
                form.addRow(Label("Question", "small", "muted"), self.question)
        self.excluded = QPlainTextEdit()
        self.excluded.setFixedHeight(54)  # two lines: what is not examined is read by a lender, and never cut
        self.excluded.setTabChangesFocus(True)
        self.excluded.setAccessibleName("Not examined, separated by semicolons")
        self.excluded.setToolTip("Not examined, separated by semicolons")
        form.addRow(Label("Not examined (a; b; c)", "small", "muted"), self.excluded)
        self.setMaximumWidth(820)
        self.setFont(font())

    def show_scope(self, scope: Scope) -> None:
        """Fill the fields."""
        self._scope = scope
        for name, field in self.fields.items():
            field.setText(str(getattr(scope, name)))
        self.mandate.setCurrentIndex(self.mandate.findData(scope.mandate.value))
        self.question.setPlainText(scope.question)
        self.excluded.setPlainText("; ".join(scope.excluded))

    def scope(self) -> Scope:
        """What the fields say now."""
        texts = {name: field.text().strip() for name, field in self.fields.items()}
        excluded = tuple(part.strip() for part in self.excluded.toPlainText().replace("\n", " ").split(";") if part.strip())
        texts["time_zone"] = texts["time_zone"] or "UTC"
        return replace(
            self._scope,
            mandate=Mandate(self.mandate.currentData()),
            question=self.question.toPlainText().strip(),
            excluded=excluded,
            **texts,
        )


class ScopeView(QWidget):
    """The form of the project; locking it is an edit like any other and can be undone."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._shown: Scope | None = None
        self._shown_design: DesignRecord | None = None
        self._note = Label("", "small", "muted")
        self.form = ScopeForm()
        self.keep, self.lock = Button("Keep changes"), Button("Lock scope", "primary", "lock")
        self.keep.clicked.connect(self.flush)
        self.lock.clicked.connect(self._lock)
        self.load = Button("From a file …", icon="folder-open")
        self.load.clicked.connect(self._load)
        self.design, self._claims = DesignForm(), PictureTable("Claims under review", 26, wrap=True)
        self.keep_design, self.load_design = Button("Keep design record"), Button("From a file …", icon="folder-open")
        self.keep_design.clicked.connect(self._keep_design)
        self.load_design.clicked.connect(self._load_design)
        self._design_note = Label("", "small", "warning", wrap=True)
        self._claims.fitted.connect(lambda: self._claims.setFixedHeight(self._claims.height_of(CLAIMS)))
        self._no_claims = Label("none stated yet", "small", "muted")
        beside = column(
            Card(column(row((Label("Design record", "strong"), 1), self.load_design, self.keep_design), self._design_note, self.design, gap=8, margins=(14, 10, 14, 12))),
            Card(column(Label("Claims under review", "strong"), self._claims, self._no_claims, gap=8, margins=(14, 10, 14, 12))),
            Label("Claims come from a scope file (TOML); the handbook shows one.", "small", "muted", wrap=True),
            None, gap=12,
        )  # fmt: skip
        body = QWidget()
        self._unprinted = Label("", "small", "warning", wrap=True)
        self._unprinted.setContentsMargins(24, 0, 24, 0)
        body.setLayout(row((column(self.form, self._unprinted, None), 1), (beside, 1), gap=12, margins=(0, 16, 16, 16)))
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(canvas_head(Label("Scope", "title"), self._note, self.load, self.keep, self.lock))
        box.addWidget(scroll, 1)
        refresh_on(self, self.refresh, desk.document_changed)
        self.refresh()

    def refresh(self) -> None:
        """The scope as journalled."""
        document = self._desk.session.document
        scope = document.scope or BLANK
        if scope != self._shown:  # what a person is typing is never overwritten by what the journal already holds
            self.form.show_scope(scope)
            self._shown = scope
        fixed = document.scope_locked or document.stage is not Stage.DRAFT or self._desk.session.read_only
        self.form.setEnabled(not fixed)
        self.keep.setVisible(not fixed)
        self.load.setVisible(not fixed)
        if scope.design != self._shown_design:
            self.design.show_design(scope.design)
            self._shown_design = scope.design
        drafting = document.scope is not None and document.stage is Stage.DRAFT and not self._desk.session.read_only
        self.design.setEnabled(drafting)
        self.keep_design.setVisible(drafting)
        self.load_design.setVisible(drafting)
        late = "The scope is locked. A change here is journalled, and every study is run anew." if fixed and drafting else ""
        self._design_note.setText(late)
        self._design_note.setVisible(bool(late))
        self._claims.show_table(self._desk.session.table("claims"))
        self._claims.setVisible(bool(scope.claims))
        self._no_claims.setVisible(not scope.claims)
        self.lock.setVisible(not fixed)
        missing = scope.missing()
        self.lock.setEnabled(not missing)
        words = (
            "locked: the question cannot be bent to the answer"
            if fixed
            else f"before it can be locked it needs: {', '.join(missing)}"
            if missing
            else "complete; lock it before judging"
        )
        self._note.setText(words)
        self._ask_letters()

    def _ask_letters(self) -> None:
        """Letters that the report cannot print are said here, where they are written."""
        document, facts = self._desk.session.document, self._desk.facts

        def look(progress: Progress) -> str:
            from workbench.workflow.unprinted import unprinted

            return unprinted(document, facts)

        self._desk.bridge.fetch("letters", look, self._unprinted.setText)

    def flush(self) -> None:
        """Journal what was typed, as leaving the stage does."""
        self._flush_scope()
        if self.design.isEnabled() and self.design.touched:
            self._keep_design()

    def _flush_scope(self) -> None:
        if self.form.isEnabled() and self.form.scope() != (self._desk.session.document.scope or BLANK):
            self._shown = self.form.scope()
            self._desk.session.do(SetScope(scope=self._shown))

    def _keep_design(self) -> None:
        """What cannot be read is said above the fields, which stay as typed."""
        self._flush_scope()
        try:
            design = self.design.design()
        except ProjectError as error:
            self._design_note.setText(str(error))
            self._design_note.setVisible(True)
            return
        scope = self._desk.session.document.scope
        if scope is not None and design != scope.design:
            self._desk.session.do(SetDesign(design=design))

    def _load_design(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, spoken("Design file"), "", "Design record (*.toml)")
        if chosen:
            self._flush_scope()
            self._desk.session.do(SetDesign(design=read_design(Path(chosen))))

    def _load(self) -> None:
        from workbench.workflow.scope_file import read_scope

        chosen, _ = QFileDialog.getOpenFileName(self, spoken("Scope file"), "", "Scope (*.toml)")
        if chosen:
            self._desk.session.do(SetScope(scope=read_scope(Path(chosen))))

    def _lock(self) -> None:
        self.flush()
        self._desk.session.do(LockScope())
