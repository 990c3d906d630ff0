"""Stage Findings: the list, the card being edited, its evidence made again and proved. Edits keep themselves."""

from __future__ import annotations

import time

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from workbench.jobs.progress import Progress
from workbench.review.edits import AnswerFinding, RecordFinding, RemoveFinding, ReviseFinding
from workbench.review.finding import Comment, Evidence, Finding, Selection, Severity
from workbench.review.roles import Role
from workbench.review.stages import Stage
from workbench.ui.desk import Desk
from workbench.ui.evidence_view import EvidenceView
from workbench.ui.heatmap_canvas import Brush
from workbench.ui.table import PictureTable
from workbench.ui.widgets import Button, Chip, EmptyState, Label, Panel, canvas_head, column, row
from workbench.viewmodels import numbers, tables
from workbench.workflow.findings import accept, finding_of, open_candidates, requests_of
from workbench.workflow.session import Candidate

TEXTS = (
    ("observation", "Observation"),
    ("meaning", "Meaning"),
    ("alternatives", "Other explanations considered"),
    ("settles", "What would settle it"),
)


class FindingsView(QWidget):
    """Findings of the review; the principal answers, the reviewer edits."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._shown: Finding | None = None
        self._editable = False
        self._note = Label("", "small", "muted")
        self.candidates = Button("Record open candidates", icon="plus")
        self.candidates.clicked.connect(self.record_candidates)
        self.table = PictureTable("Findings")
        self.table.setMinimumHeight(120)
        self.table.chosen.connect(self.show_finding)
        self._editor = self._build_editor()
        self.evidence = EvidenceView()
        below = QSplitter(Qt.Orientation.Horizontal)
        scroll = QScrollArea()
        scroll.setWidget(self._editor)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        below.addWidget(scroll)
        below.addWidget(self.evidence)
        below.setSizes([560, 560])
        body = QSplitter(Qt.Orientation.Vertical)
        body.addWidget(self.table)
        body.addWidget(below)
        body.setSizes([200, 560])
        self._empty = EmptyState(
            "No finding yet",
            "Brush cells in the population and press N, or record what the study proposes. Sign-off needs a verdict even when nothing adverse was found.",
            "Go to Population",
        )
        self._empty.acted.connect(lambda: desk.stage_wanted.emit("Population"))
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(body)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(canvas_head(Label("Findings", "title"), self._note, self.candidates))
        box.addWidget(self._pages, 1)
        desk.document_changed.connect(self.refresh)
        desk.study_changed.connect(self.refresh)
        self.refresh()

    def _build_editor(self) -> QWidget:
        self._head = Label("", "title")
        self._where = Label("", "small", "muted")
        self.severity = QComboBox()
        self.severity.addItems([s.value for s in Severity])
        self.severity.setAccessibleName("Severity")
        self.title = QLineEdit()
        self.title.setAccessibleName("Title")
        self.texts: dict[str, QPlainTextEdit] = {}
        self._state = Chip("draft", "none")
        self.keep, self.remove, self.replay = (
            Button("Keep changes", "primary", key="Ctrl+Enter"),
            Button("Remove", "quiet"),
            Button("Replay view", icon="play"),
        )
        self.accept, self.return_it = Button("Accept", icon="check"), Button("Return", icon="reply")
        self.comment = QLineEdit()
        self.comment.setPlaceholderText("comment for the reviewer (a return needs one)")
        self.comment.setAccessibleName("Comment")
        self._comments = Label("", "small", "warning", wrap=True)
        items: list[object] = [
            row(self._head, None, self._state),
            self._where,
            row(Label("Severity", "caption", "muted"), self.severity, None),
            Label("Title", "caption", "muted"),
            self.title,
        ]
        for name, caption in TEXTS:
            edit = QPlainTextEdit()
            edit.setTabChangesFocus(True)
            edit.setMinimumHeight(64)
            edit.setAccessibleName(caption)
            self.texts[name] = edit
            items += [Label(caption, "caption", "muted"), edit]
        items += [self._comments, row(self.keep, self.replay, None, self.remove), row((self.comment, 1), self.accept, self.return_it)]
        self.keep.clicked.connect(self.flush)
        self.remove.clicked.connect(self._remove)
        self.replay.clicked.connect(self._replay)
        self.accept.clicked.connect(lambda: self._answer(accepted=True))
        self.return_it.clicked.connect(lambda: self._answer(accepted=False))
        self.keep.setShortcut("Ctrl+Return")
        return Panel(column(*items, None, gap=6, margins=(16, 12, 16, 12)), "surface", "r")  # type: ignore[arg-type]

    def refresh(self) -> None:
        """The list as journalled; the chosen card stays chosen."""
        document = self._desk.session.document
        writable = document.stage is Stage.DRAFT and not self._desk.session.read_only
        self.candidates.setVisible(writable and bool(self._open()))
        self._pages.setCurrentIndex(1 if document.findings else 0)
        table = self._desk.session.table("findings")
        states = [row[5].text for row in table.rows]
        counts = " · ".join(f"{states.count(state)} {state}" for state in sorted(set(states)))
        self._note.setText(f"{numbers.count(len(document.findings), 'finding')}" + (f" · {counts}" if counts else ""))
        self.table.show_table(table, widths={"id": 70, "severity": 120, "where": 190, "claim": 80, "state": 120, "evidence": 110})
        if document.findings:
            key = self.table.current_key() or self.table.table.keys[0]
            self.table.choose(key)
            self.show_finding(key)

    def show_finding(self, key: str) -> None:
        """One card and its evidence."""
        if self._shown is not None and self._shown.id != key:
            self.flush()
        found = self._desk.session.document.finding(key)
        if found is None:
            return
        untouched = found != self._shown  # what a person is typing is never overwritten by what the journal already holds
        again = self._shown is not None and self._shown.id == found.id and self._shown.evidence == found.evidence
        self._shown = found
        principal = self._desk.session.role is Role.PRINCIPAL
        editable = self._desk.session.document.stage is Stage.DRAFT and not self._desk.session.read_only and not principal
        self._head.setText(found.id)
        self._where.setText(f"{tables.where(found.selection, self._desk.facts)} · {found.author}, {numbers.timestamp(found.created_ns)}")
        listed = self.table.table.rows[self.table.table.keys.index(key)][5]  # the word of the list: signed where the review is
        self._state.show_status(listed.text, listed.status or "none")
        if untouched:
            self.severity.setCurrentText(found.severity.value)
            self.title.setText(found.title)
            for name, _ in TEXTS:
                if self.texts[name].toPlainText() != getattr(found, name):
                    self.texts[name].setPlainText(getattr(found, name))
        self._editable = editable
        for name, _ in TEXTS:
            self.texts[name].setReadOnly(not editable)
        self.title.setReadOnly(not editable)
        self.severity.setEnabled(editable)
        self._comments.setText("\n".join(f"{c.author}: {c.text}" for c in found.comments))
        for widget in (self.keep, self.remove):
            widget.setVisible(editable)
        for other in (self.accept, self.return_it, self.comment):
            other.setVisible(principal and not self._desk.session.read_only)
        if not again:
            self._fetch_evidence(found)

    def _fetch_evidence(self, found: Finding) -> None:
        self.evidence.begin(found.evidence)

        def made(progress: Progress) -> tuple[tuple[Evidence, object], ...]:
            return tuple((e, self._desk.session.evidence_picture(e, progress)) for e in found.evidence)

        self._desk.bridge.fetch("evidence", made, self.evidence.show_pictures)

    def edited(self) -> Finding | None:
        """The card as the fields say."""
        if self._shown is None:
            return None
        texts = {name: edit.toPlainText().strip() for name, edit in self.texts.items()}
        return replace(self._shown, title=self.title.text().strip(), severity=Severity(self.severity.currentText()), **texts)

    def keep_changes(self) -> None:
        """Journal the card if it changed."""
        finding = self.edited()
        if finding is not None and finding != self._shown and self._editable:
            self._shown = replace(finding, changed_ns=time.time_ns())
            self._desk.session.do(ReviseFinding(finding=self._shown))
            self._desk.notice.emit(f"{finding.id} kept")

    def flush(self) -> None:
        """Journal what was typed, as leaving the card does; a title that was emptied goes back to what it was."""
        if self._shown is not None and not self.title.text().strip():
            self.title.setText(self._shown.title)
        if self._shown is not None and self._desk.session.document.finding(self._shown.id) is not None:
            self.keep_changes()

    def record_selection(self, brush: Brush) -> None:
        """A new finding from what is brushed, evidence pinned first; it can be undone."""
        facts = self._desk.facts
        if facts is None:
            return
        cells = brush.cells
        selection = Selection(window_id=facts.id, start_ns=brush.start_ns, end_ns=brush.end_ns, rack=brush.rack, cells=cells)
        session = self._desk.session
        place = tables.where(selection, facts)

        def pin(progress: Progress) -> tuple[Evidence, ...]:
            return session.pin(requests_of(selection), progress)

        def record(evidence: tuple[Evidence, ...]) -> None:
            finding = finding_of(
                session, selection, title=f"Observation at {place}", observation="", meaning="", severity=Severity.MINOR, evidence=evidence
            )
            session.do(RecordFinding(finding=finding))
            self.table.choose(finding.id)
            self._desk.stage_wanted.emit("Findings")
            self.title.setFocus()
            self.title.selectAll()

        self._desk.bridge.run("Pinning evidence", pin, record)

    def record_candidates(self) -> None:
        """Every open candidate becomes a finding, one journal entry each."""
        window, session, open_ones = self._desk.window_id, self._desk.session, self._open()
        self._desk.bridge.run(
            "Recording", lambda progress: [accept(session, window, c, progress) for c in open_ones], lambda _: self.refresh()
        )

    def _open(self) -> tuple[Candidate, ...]:
        study = self._desk.study
        return open_candidates(self._desk.session.document, study) if study else ()

    def _remove(self) -> None:
        if self._shown is not None:
            self._desk.session.do(RemoveFinding(finding_id=self._shown.id))
            self._desk.notice.emit(f"{self._shown.id} removed; Ctrl+Z brings it back")

    def _replay(self) -> None:
        if self._shown is not None and self._shown.selection.cells:
            s = self._shown.selection
            self._desk.select(Brush(s.rack, s.cells[0], s.cells[-1], s.start_ns, s.end_ns))
            self._desk.stage_wanted.emit("Population")

    def _answer(self, *, accepted: bool) -> None:
        if self._shown is None:
            return
        session, text = self._desk.session, self.comment.text().strip()
        comment = Comment(author=session.author, role=session.role.value, time_ns=time.time_ns(), text=text) if text else None
        session.do(AnswerFinding(finding_id=self._shown.id, accepted=accepted, comment=comment))
        self.comment.clear()
