"""Stage Sign-off: what blocks, what will be signed, with which key, and the act itself. A disabled button says why beside it."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from workbench.review.edits import SetVerdict
from workbench.review.finding import Severity
from workbench.review.roles import Role
from workbench.review.stages import Stage
from workbench.review.verdict import AnswerWord, Recommendation, Verdict
from workbench.ui.desk import Desk
from workbench.ui.phrases import spoken
from workbench.ui.report_language import ReportLanguage
from workbench.ui.stage_views import refresh_on
from workbench.ui.text_field import TextField
from workbench.ui.widgets import Button, Card, Chip, Facts, Label, canvas_head, clear, column, row
from workbench.viewmodels import numbers

if TYPE_CHECKING:
    from workbench.workflow.sign_off import Credentials


WIDEST = 1640  # pixels: longer lines are not read
ASKED = {
    Stage.SUBMITTED: "what is missing",
    Stage.ISSUED: "what changes and why",
}


class SignOffView(QWidget):
    """Verdict, blocking points, key, signatures."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._shown: Verdict | None = None
        self._note = Label("", "small", "muted")
        self._blocking = column(gap=4)
        self._facts = Facts(150)
        body = QWidget()
        self._key_card = self._card("4  Key", self._key_form())
        self._seen, self._last = Label("3  What will be signed", "strong"), Label("5  Signatures", "strong")
        left = column(self._card("1  Blocking", self._blocking), self._card("2  Verdict", self._verdict_form()), None, gap=12)
        right = column(self._card(self._seen, column(self._facts)), self._key_card, self._card(self._last, self._acts()), None, gap=12)
        body.setLayout(row((left, 1), (right, 1), gap=12, margins=(16, 12, 16, 12)))
        body.setMaximumWidth(WIDEST)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(canvas_head(Label("Sign-off", "title"), self._note))
        box.addWidget(scroll, 1)
        desk.verdict_wanted.connect(self.reason.setFocus)
        refresh_on(self, self.refresh, desk.document_changed, desk.study_changed, desk.window_changed)
        self.refresh()

    @staticmethod
    def _card(title: str | Label, inner: QLayout) -> Card:
        head = Label(title, "strong") if isinstance(title, str) else title
        return Card(column(head, (inner, 1), gap=10, margins=(16, 12, 16, 14)))

    def _verdict_form(self) -> QLayout:
        self.answer, self.recommendation = QComboBox(), QComboBox()
        for answer in AnswerWord:
            self.answer.addItem(spoken(answer.value), answer.value)
        for advice in Recommendation:
            self.recommendation.addItem(spoken(advice.value), advice.value)
        self.answer.setAccessibleName("Answer")
        self.recommendation.setAccessibleName("Recommendation")
        self.answer.setCurrentIndex(
            self.answer.findData(AnswerWord.NOT_ESTABLISHED.value)
        )  # nobody's answer is yes before somebody has said so
        self.recommendation.setCurrentIndex(self.recommendation.findData(Recommendation.MONITOR.value))
        self.reason, self.conditions = TextField("Reason", 6), TextField("Conditions, one per line", 4)
        self.keep_verdict = Button("Keep verdict")
        self.keep_verdict.clicked.connect(self._keep_verdict)
        return column(
            row(Label("Answer", "small", "muted"), self.answer, Label("Recommendation", "small", "muted"), self.recommendation, None),
            row(Label("Reason, with the key figures", "caption", "muted"), None, ReportLanguage()), self.reason, Label("Conditions, one per line", "caption", "muted"), self.conditions,
            row(self.keep_verdict, None), gap=6,
        )  # fmt: skip

    def _key_form(self) -> QLayout:
        self.identity, self.firm, self.passphrase, self.firm_passphrase = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        rows = []
        for edit, name, secret in (
            (self.identity, "Identity (.p12)", False),
            (self.passphrase, "Passphrase", True),
            (self.firm, "Firm folder", False),
            (self.firm_passphrase, "Time-stamp passphrase", True),
        ):
            edit.setAccessibleName(name)
            if secret:
                edit.setEchoMode(QLineEdit.EchoMode.Password)
            edit.textChanged.connect(self._enable)
            label = Label(name, "small", "muted")
            label.setFixedWidth(150)
            browse = Button("…", "quiet")
            browse.setAccessibleName(f"Choose {name}")
            browse.clicked.connect(lambda _=False, target=edit, folder=name == "Firm folder": self._browse(target, folder=folder))
            rows.append(row(label, (edit, 1), *([] if secret else [browse])))
        return column(*rows, gap=6)

    def _acts(self) -> QLayout:
        self._reviewer, self._principal = Chip("reviewer: waiting", "none"), Chip("principal: waiting", "none")
        self.submit = Button("Submit: sign as reviewer", "primary", "stamp")
        self.approve = Button("Approve: sign as principal", "primary", "stamp")
        self.issue = Button("Issue", "primary", "file-check")
        self.comment = QLineEdit()
        self.comment.setAccessibleName("Comment of the return, reason of a revision")
        self.return_it = Button("Return to reviewer", icon="reply")
        self.revise = Button("Start a new revision", icon="reply")
        self._why = Label("", "small", "bad", wrap=True)
        self.submit.clicked.connect(self._submit)
        self.approve.clicked.connect(self._approve)
        self.issue.clicked.connect(self._issue)
        self.return_it.clicked.connect(self._return)
        self.revise.clicked.connect(self._revise)
        return column(
            row(self._reviewer, self._principal, None),
            row(self.submit, self.approve, self.issue, None),
            self._why,
            row((self.comment, 1), self.return_it, self.revise),
            gap=10,
        )

    def refresh(self) -> None:
        """Everything from the journalled document."""
        session = self._desk.session
        document = session.document
        self._note.setText(
            f"revision {document.revision} · {document.stage.value} · "
            + ("nothing can be changed" if document.stage is Stage.ISSUED else "nothing leaves the project before both signatures are made")
        )
        clear(self._blocking)
        left = session.blocking() if document.stage is Stage.DRAFT else ()
        for place, text in enumerate(left):
            self._blocking.addLayout(self._point(place, text))
        if document.return_comment:
            self._blocking.addLayout(row(Chip("returned", "warning"), (_beside(document.return_comment), 1)))
        if not left:
            self._blocking.addWidget(Chip("nothing blocks", "good"))
        self._show_verdict(document.verdict, editable=document.stage is Stage.DRAFT and not session.read_only)
        self._seen.setText("3  What was signed" if document.approved else "3  What will be signed")
        self._facts.show_facts(self._summary())
        for chip, signed, role in ((self._reviewer, document.submitted, "reviewer"), (self._principal, document.approved, "principal")):
            chip.show_status(f"{role}: {signed.name}" if signed else f"{role}: waiting", "good" if signed else "none")
        self._enable()

    def _summary(self) -> tuple[tuple[str, str], ...]:
        """What a name is put under, in the order in which a principal asks."""
        session, verdict = self._desk.session, self._desk.session.document.verdict
        document, entries = session.document, session.journal_status()[0]
        claims = session.claims(self._desk.window_id) if self._desk.study is not None else None
        counts = Counter(f.severity for f in document.findings)
        grave = ", ".join(f"{counts[s]} {s.value}" for s in Severity if counts[s])
        count = numbers.count(len(document.findings), "finding")
        roots = (f"{numbers.own_way(w.name)} {numbers.digest_groups(w.root, 2)} …" for w in document.windows)
        return (
            ("Answer", verdict.answer.value if verdict else "missing"),
            ("Recommendation", verdict.recommendation.value if verdict else "missing"),
            ("Usable energy", claims.waterfall.headline if claims else "not established"),
            ("Claims", claims.sentence.removesuffix(".") if claims else "not tested"),
            ("Findings", f"{count}: {grave}" if grave else count),
            ("Not examined", ", ".join(verdict.not_examined) if verdict and verdict.not_examined else "none stated"),
            ("Windows", "; ".join(roots) or "none"),
            ("Journal", numbers.count(entries, "entry", "entries")),
        )

    def _point(self, place: int, text: str) -> QLayout:
        """What blocks, and the way to where it is settled."""
        go = Button("Open", "quiet", "arrow-right")
        go.setAccessibleName(f"Open: {text}")
        go.clicked.connect(partial(self._desk.open_point, place))
        return row(Chip("blocks", "bad"), (_beside(text), 1), go)

    def _enable(self) -> None:
        stage, session = self._desk.session.document.stage, self._desk.session
        key = bool(self.identity.text() and self.firm.text() and self.passphrase.text() and self.firm_passphrase.text())
        left = session.blocking()
        self._key_card.setVisible(stage in (Stage.DRAFT, Stage.SUBMITTED))
        self._last.setText("5  Signatures" if stage in (Stage.DRAFT, Stage.SUBMITTED) else "4  Signatures")
        self.submit.setVisible(stage is Stage.DRAFT)
        self.approve.setVisible(stage is Stage.SUBMITTED)
        self.return_it.setVisible(stage is Stage.SUBMITTED)
        self.revise.setVisible(stage is Stage.ISSUED)
        self.comment.setVisible(stage in (Stage.SUBMITTED, Stage.ISSUED))
        self.comment.setPlaceholderText(ASKED.get(stage, ""))
        self.issue.setVisible(stage is Stage.APPROVED)
        self.submit.setEnabled(key and not left)
        self.approve.setEnabled(key)
        why = ""
        if stage is Stage.DRAFT and left:
            why = f"{numbers.count(len(left), 'point')} block{'s' if len(left) == 1 else ''} this button: {'; '.join(left)}"
        elif stage in (Stage.DRAFT, Stage.SUBMITTED) and not key:
            why = "a key is missing: choose identity and firm folder, and type both passphrases"
        elif stage is Stage.ISSUED:
            why = ""
        self._why.setText(why)

    def credentials(self) -> Credentials:
        """What was chosen and typed."""
        from workbench.workflow.sign_off import Credentials

        return Credentials(Path(self.identity.text()), self.passphrase.text(), Path(self.firm.text()), self.firm_passphrase.text())

    def _submit(self) -> None:
        from workbench.workflow.sign_off import submit

        given = self.credentials()
        self._desk.bridge.run("Submit", lambda progress: submit(self._desk.session, given, progress), lambda _: self._signed("submitted"))

    def _approve(self) -> None:
        from workbench.workflow.sign_off import approve

        given = self.credentials()
        self._desk.bridge.run("Approve", lambda progress: approve(self._desk.session, given, progress), lambda _: self._signed("approved"))

    def _issue(self) -> None:
        from workbench.workflow.sign_off import issue

        self._desk.bridge.run("Issue", partial(issue, self._desk.session), lambda path: self._desk.notice.emit(f"issued: {path}"))

    def _signed(self, word: str) -> None:
        self.passphrase.clear()
        self._desk.notice.emit(word)
        self.refresh()

    def _revise(self) -> None:
        from workbench.workflow.revision import start_revision

        start_revision(self._desk.session, self.comment.text())
        self.comment.clear()

    def _return(self) -> None:
        self._desk.session.as_role(Role.PRINCIPAL, self._desk.session.author).return_review(self.comment.text())
        self.comment.clear()

    def flush(self) -> None:
        """Journal what was typed, as leaving the stage does; a verdict without a reason is none yet."""
        if self.keep_verdict.isEnabled() and self.reason.toPlainText().strip():
            self._keep_verdict()

    def _keep_verdict(self) -> None:
        old = self._desk.session.document.verdict
        conditions = tuple(line.strip() for line in self.conditions.toPlainText().splitlines() if line.strip())
        verdict = Verdict(
            answer=AnswerWord(self.answer.currentData()), reason=self.reason.toPlainText().strip(), recommendation=Recommendation(self.recommendation.currentData()),
            conditions=conditions, next_tests=old.next_tests if old else (), not_examined=old.not_examined if old else (), downside=old.downside if old else "",
        )  # fmt: skip
        if verdict != old:
            self._shown = verdict
            self._desk.session.do(SetVerdict(verdict=verdict))

    def _show_verdict(self, verdict: Verdict | None, *, editable: bool) -> None:
        if verdict is not None and verdict != self._shown:  # what a person is typing is never overwritten by what the journal already holds
            self._shown = verdict
            self.answer.setCurrentIndex(self.answer.findData(verdict.answer.value))
            self.recommendation.setCurrentIndex(self.recommendation.findData(verdict.recommendation.value))
            self.reason.setPlainText(verdict.reason)
            self.conditions.setPlainText("\n".join(verdict.conditions))
        elif verdict is None and self._shown is not None:  # taken back: leaving the stage must not record it again
            self._shown = None
            self.reason.clear()
            self.conditions.clear()
        for widget in (self.answer, self.recommendation, self.keep_verdict):
            widget.setEnabled(editable)
        for edit in (self.reason, self.conditions):
            edit.setReadOnly(not editable)

    def _browse(self, target: QLineEdit, *, folder: bool) -> None:
        chosen = (
            QFileDialog.getExistingDirectory(self, spoken("Firm folder"))
            if folder
            else QFileDialog.getOpenFileName(self, spoken("Identity"), "", "PKCS#12 (*.p12 *.pfx)")[0]
        )
        if chosen:
            target.setText(chosen)


def _beside(text: str) -> Label:
    """Words of any length beside a chip, in the middle of its height where they are one line."""
    label = Label(text, "small", wrap=True)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return label
