"""Stage Findings: the list, the card being edited, its evidence made again and proved. Edits keep themselves."""

from __future__ import annotations

import time
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from workbench.jobs.progress import Progress
from workbench.review.edits import AnswerFinding, RecordFinding, RemoveFinding, ReviseFinding
from workbench.review.finding import Comment, Evidence, Finding, FindingState, Pointer, Selection, Severity
from workbench.review.roles import Role
from workbench.review.stages import Stage
from workbench.ui.desk import Desk
from workbench.ui.evidence_view import EvidenceView
from workbench.ui.finding_card import FindingCard
from workbench.ui.heatmap_canvas import Brush
from workbench.ui.stage_views import refresh_on
from workbench.ui.stale_watch import StaleWatch
from workbench.ui.table import PictureTable
from workbench.ui.widgets import Button, EmptyState, Label, Panel, canvas_head
from workbench.viewmodels import numbers, tables
from workbench.viewmodels.pictures import TablePicture
from workbench.viewmodels.requests import Request
from workbench.viewmodels.table_order import matching
from workbench.workflow.changes import changes_since
from workbench.workflow.evidence_state import EvidenceState, evidence_state
from workbench.workflow.findings import accept, chosen_candidate, finding_of, open_candidates, views_of, worded
from workbench.workflow.pinning import recipe_of
from workbench.workflow.session import Candidate

LEAST_LIST, ALL_ROWS = 120, 10_000  # pixels of the list; more rows than anybody has findings
WIDTHS = {"id": 54, "bears": 150, "where": 130, "claim": 64}  # the others are as wide as their words


class FindingsView(QWidget):
    """Findings of the review; the principal answers, the reviewer edits."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._editable = False
        self._note = Label("", "small", "muted")
        self._listed = TablePicture("Findings", (), (), ())
        self._watch = StaleWatch(desk, self._fill_list)
        self._looked = -1  # journal entries when this person last looked; below 0: never
        head = self._head()
        self.table = PictureTable("Findings")
        self.table.setMinimumHeight(LEAST_LIST)
        self.table.chosen.connect(self.show_finding)
        card = self.card = FindingCard()
        card.keep.clicked.connect(self.flush)
        card.remove.clicked.connect(self._remove)
        card.replay.clicked.connect(self._replay)
        card.accept.clicked.connect(lambda: self._answer(accepted=True))
        card.fix.clicked.connect(self._fix)
        card.return_it.clicked.connect(lambda: self._answer(accepted=False))
        self.table.setAccessibleDescription("as principal: A accepts, B returns with the comment, E accepts with what you changed")
        self.table.installEventFilter(self)
        self.evidence = EvidenceView()
        self.evidence.pointed.connect(self._point)
        self.evidence.pin_wanted.connect(self._pin_again)
        self.evidence.replay_wanted.connect(self._replay_view)
        self.evidence.off_wanted.connect(self._take_off)
        below = QSplitter(Qt.Orientation.Horizontal)
        scroll = QScrollArea()
        scroll.setWidget(card)
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
        self._pages.addWidget(self.changed_table)
        self._same = EmptyState(
            "Nothing changed since you last looked",
            "Every edit of a finding, of the verdict and of the scope would stand here, field by field.",
            "Back to the findings",
        )
        self._same.acted.connect(lambda: self.changes.setChecked(False))
        self._pages.addWidget(self._same)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(head)
        box.addWidget(self._pages, 1)
        desk.card_wanted.connect(self.open_card)
        refresh_on(self, self.refresh, desk.document_changed, desk.study_changed)
        self.refresh()

    def _head(self) -> Panel:
        """What is listed, the filter, and what concerns the whole list."""
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("filter: text, rack, state")
        self.filter.setAccessibleName("Filter of the list")
        self.filter.setFixedWidth(190)
        self.filter.textChanged.connect(lambda _: self._fill_list())
        self.changes = Button("Changes", icon="history")
        self.changes.setCheckable(True)
        self.changes.setAccessibleName("Changes since I last looked")
        self.changes.toggled.connect(self._show_changes)
        self.changed_table = PictureTable("Changes since you last looked", wrap=True)
        self.candidates = Button("Record open candidates", icon="plus")
        self.candidates.clicked.connect(self.record_candidates)
        return canvas_head(Label("Findings", "title"), self._note, self.filter, self.changes, self.candidates)

    def refresh(self) -> None:
        """The list as journalled; the chosen card stays chosen."""
        document = self._desk.session.document
        writable = document.stage is Stage.DRAFT and not self._desk.session.read_only
        self.candidates.setVisible(writable and bool(self._open()))
        if not self.changes.isChecked():
            self._pages.setCurrentIndex(1 if document.findings else 0)
        self._listed = self._desk.session.table("findings")
        place = [column.key for column in self._listed.columns].index("state")
        states = [row[place].text for row in self._listed.rows]
        counts = " · ".join(f"{states.count(state)} {state}" for state in sorted(set(states)))
        self._note.setText(f"{numbers.count(len(document.findings), 'finding')}" + (f" · {counts}" if counts else ""))
        self._fill_list()
        self._watch.check(document.findings)
        if document.findings:
            key = self.table.current_key() or (self.table.table.keys or (document.findings[0].id,))[0]
            self.table.choose(key)
            self.show_finding(key)

    def open_card(self, key: str) -> None:
        """The card of a finding, its first field that says nothing yet under the keys."""
        self.filter.clear()
        self.table.choose(key)
        self.show_finding(key)
        self.card.focus_unstated()

    def _fill_list(self) -> None:
        """The list with what was typed applied; stale evidence shows in it."""
        table = matching(tables.with_stale(self._listed, self._watch.stale), self.filter.text())
        self.table.blockSignals(True)
        self.table.show_table(table, widths=WIDTHS)
        self.table.blockSignals(False)
        self.table.setMaximumHeight(max(self.table.height_of(ALL_ROWS), LEAST_LIST))  # a short list leaves the room to the card

    def looked(self, entries: int) -> None:
        """How many journal entries there were when this person last looked."""
        self._looked = entries

    def _show_changes(self, on: bool) -> None:
        if on:
            table = changes_since(self._desk.session, max(self._looked, 0))
            self.changed_table.show_table(table)
            self._note.setText(table.note or f"{numbers.count(len(table.rows), 'change')} since you last looked")
            self._pages.setCurrentIndex(2 if table.rows else 3)
        else:
            self.refresh()

    def show_finding(self, key: str) -> None:
        """One card and its evidence."""
        if self.card.shown is not None and self.card.shown.id != key:
            self.flush()
        found = self._desk.session.document.finding(key)
        if found is None:
            return
        again = self.card.shown is not None and self.card.shown.id == found.id and self.card.shown.evidence == found.evidence
        session, facts = self._desk.session, self._desk.facts
        principal, stage = session.role is Role.PRINCIPAL, session.document.stage
        editable = self._editable = stage is Stage.DRAFT and not session.read_only and not principal
        answering = principal and not session.read_only
        made = numbers.timestamp(found.created_ns, facts.time_zone if facts else "UTC")
        signed = stage in (Stage.APPROVED, Stage.ISSUED)
        state = ("signed", "good") if signed else (found.state.value, tables.STATE_STATUS[found.state])
        self.card.show_finding(
            found, f"{tables.where(found.selection, facts)} · {found.author} · {made}", state, editable=editable, answering=answering,
            own=answering and found.author == session.author,
        )  # fmt: skip
        self.evidence.editable = editable
        if not again:
            self._fetch_evidence(found)

    def _fetch_evidence(self, found: Finding) -> None:
        self.evidence.begin(found.evidence)

        def made(progress: Progress) -> tuple[EvidenceState, ...]:
            return tuple(evidence_state(self._desk.session, e, progress) for e in found.evidence)

        self._desk.bridge.fetch("evidence", made, self.evidence.show_states)

    def _point(self, place: int, pointers: tuple[Pointer, ...]) -> None:
        """Boxes and arrows are part of the card: journalled, undoable."""
        if self.card.shown is None:
            return
        evidence = tuple(replace(e, pointers=tuple(pointers)) if i == place else e for i, e in enumerate(self.card.shown.evidence))
        self._desk.session.do(ReviseFinding(finding=replace(self.card.shown, evidence=evidence, changed_ns=time.time_ns())))

    def _pin_again(self, place: int) -> None:
        """What is made today takes the place of what was pinned; the journal keeps both."""
        shown, session = self.card.shown, self._desk.session
        if shown is None:
            return

        def pin(progress: Progress) -> tuple[Evidence, ...]:
            return session.pin((recipe_of(shown.evidence[place]),), progress)

        def keep(made: tuple[Evidence, ...]) -> None:
            renewed = replace(made[0], pointers=shown.evidence[place].pointers)
            evidence = tuple(renewed if i == place else e for i, e in enumerate(shown.evidence))
            session.do(ReviseFinding(finding=replace(shown, evidence=evidence, changed_ns=time.time_ns())))

        self._desk.bridge.run("Pinning evidence", pin, keep)

    def edited(self) -> Finding | None:
        """The card as the fields say."""
        return self.card.edited(self.card.shown) if self.card.shown is not None else None

    def keep_changes(self) -> None:
        """Journal the card if it changed."""
        finding = self.edited()
        if finding is not None and finding != self.card.shown and self._editable:
            self.card.shown = replace(finding, changed_ns=time.time_ns())
            self._desk.session.do(ReviseFinding(finding=self.card.shown))
            self._desk.notice.emit(f"{finding.id} kept")

    def flush(self) -> None:
        """Journal what was typed, as leaving the card does; a title that was emptied goes back to what it was."""
        if self._desk.session.role is Role.PRINCIPAL:
            if self.card.shown is not None and self.edited() != self.card.shown:
                self._desk.notice.emit(f"changes to {self.card.shown.id} were not recorded: fix and accept (E) does that")
            return  # a principal's words are recorded by an answer, never on the way out
        if self.card.shown is not None and not self.card.title.text().strip():
            self.card.title.setText(self.card.shown.title)
        if self.card.shown is not None and self._desk.session.document.finding(self.card.shown.id) is not None:
            self.keep_changes()

    def record_selection(self, brush: Brush, seen: tuple[Request, ...] = ()) -> None:
        """A new finding from what is brushed, evidence pinned first; it can be undone. seen: views to pin besides."""
        facts = self._desk.facts
        if facts is None:
            return
        cells = brush.cells
        selection = Selection(window_id=facts.id, start_ns=brush.start_ns, end_ns=brush.end_ns, rack=brush.rack, cells=cells)
        session = self._desk.session
        place, candidate = tables.where(selection, facts), chosen_candidate(selection, session.document, self._desk.study)

        def pin(progress: Progress) -> tuple[Evidence, ...]:
            return session.pin((*seen, *views_of(selection, candidate)), progress)

        def record(evidence: tuple[Evidence, ...]) -> None:
            blank = partial(finding_of, session, selection, observation="", meaning="", severity=Severity.UNSTATED)
            own = worded(session, selection, candidate, evidence) if candidate is not None else None
            finding = own or blank(title=f"Observation at {place}", evidence=evidence)
            session.do(RecordFinding(finding=finding))
            self._desk.stage_wanted.emit("Findings")
            self.table.choose(finding.id)
            self.card.title.setFocus()
            self.card.title.selectAll()

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
        if self.card.shown is not None:
            self._desk.session.do(RemoveFinding(finding_id=self.card.shown.id))
            self._desk.notice.emit(f"{self.card.shown.id} removed; undo brings it back")

    @property
    def shown_id(self) -> str:
        """The card in view, or empty."""
        return self.card.shown.id if self.card.shown is not None else ""

    def _replay(self) -> None:
        """Its first view exactly as it was pinned; without one, its cells and interval."""
        if self.card.shown is not None and self.card.shown.evidence:
            self._replay_view(0)
        elif self.card.shown is not None and self.card.shown.selection.cells:
            s = self.card.shown.selection
            self._desk.select(Brush(s.rack, s.cells[0], s.cells[-1], s.start_ns, s.end_ns))
            self._desk.stage_wanted.emit("Population")

    def _replay_view(self, place: int) -> None:
        if self.card.shown is not None:
            chosen = self.card.shown.selection
            if chosen.rack and chosen.cells:
                self._desk.select(Brush(chosen.rack, chosen.cells[0], chosen.cells[-1], chosen.start_ns, chosen.end_ns))
            self._desk.view_wanted.emit(recipe_of(self.card.shown.evidence[place]))

    def _take_off(self, place: int) -> None:
        """One view less on the card; undo brings it back."""
        if self.card.shown is not None:
            evidence = tuple(e for i, e in enumerate(self.card.shown.evidence) if i != place)
            self._desk.session.do(ReviseFinding(finding=replace(self.card.shown, evidence=evidence, changed_ns=time.time_ns())))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Single letters of the principal act only while the list has the focus."""
        if watched is self.table and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self.card.accept.isVisible():
            acts = {
                Qt.Key.Key_A: self.card.accept,
                Qt.Key.Key_B: self.card.return_it,
                Qt.Key.Key_E: self.card.fix,
                Qt.Key.Key_R: self.card.replay,
            }
            button = acts.get(Qt.Key(event.key()))
            if button is not None and not event.modifiers():
                button.click()
                return True
        return False

    def _comment(self, text: str) -> Comment | None:
        session = self._desk.session
        return Comment(author=session.author, role=session.role.value, time_ns=time.time_ns(), text=text) if text else None

    def _answer(self, *, accepted: bool) -> None:
        """Accept or return, then on to the next that waits for an answer. What was changed in the fields is never dropped silently."""
        shown, text = self.card.shown, self.card.comment.text().strip()
        if shown is None:
            return
        if accepted and self.edited() != shown:
            self._desk.notice.emit(f"{shown.id} was changed: fix and accept (E) records that, or leave the fields as they were")
        elif accepted and shown.unstated():
            self._desk.notice.emit(
                f"{shown.id}: {' and '.join(shown.unstated())} not stated: state it and fix and accept (E), or return it (B)"
            )
        elif not text and (not accepted or shown.author == self._desk.session.author):
            self._desk.notice.emit(
                "a return needs a comment" if not accepted else "your own finding: say in the comment why nobody else answers it"
            )
            self.card.comment.setFocus()
        else:
            self._record(AnswerFinding(finding_id=shown.id, accepted=accepted, comment=self._comment(text)))

    def _fix(self) -> None:
        """Accept with the principal's words; both names stand in the card."""
        shown, fixed = self.card.shown, self.edited()
        if shown is None or fixed is None:
            return
        if fixed == shown:
            self._desk.notice.emit("nothing was changed: accept it (A), or change the words first")
            return
        if fixed.unstated():
            self._desk.notice.emit(f"{shown.id}: {' and '.join(fixed.unstated())} not stated")
            return
        changed = self.card.changed(shown)
        text = self.card.comment.text().strip() or f"accepted with changes to {', '.join(changed)}"
        self._record(AnswerFinding(finding_id=shown.id, accepted=True, comment=self._comment(text), fixed=fixed))

    def _record(self, answer: AnswerFinding) -> None:
        self.card.shown = None  # the fields show what is journalled, not what was typed
        self.card.comment.clear()
        self._desk.session.do(answer)
        waiting = [f.id for f in self._desk.session.document.findings if f.state is FindingState.DRAFT]
        keys = [key for key in self.table.table.keys if key in waiting]
        if keys:
            self.table.choose(keys[0])
        self._desk.notice.emit(f"{answer.label} · {numbers.count(len(waiting), 'finding')} waiting")
