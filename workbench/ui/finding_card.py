"""The card of one finding: what was seen, how sure, what decision it bears on, and the fields in which it is edited or answered. Holds no fact."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout

from workbench.review.finding import Bearing, Confidence, Finding, Severity
from workbench.ui.phrases import spoken
from workbench.ui.report_language import ReportLanguage
from workbench.ui.text_field import TextField
from workbench.ui.widgets import Button, Chip, Label, Panel, column, row

LEAST_LINES = 3  # of a field
TEXTS = (
    ("observation", "Observation"),
    ("meaning", "Meaning"),
    ("alternatives", "Other explanations considered"),
    ("settles", "What would settle it"),
)


class FindingCard(Panel):
    """Fields and buttons; the stage connects the buttons and decides what an edit is."""

    def __init__(self) -> None:
        self.head, self.where, self.state = Label("", "title"), Label("", "small", "muted"), Chip("draft", "none")
        self.severity, self.confidence = QComboBox(), QComboBox()
        for severity in Severity:
            self.severity.addItem(spoken(severity.value), severity.value)
        self.severity.setAccessibleName("Severity")
        self.confidence.addItem(spoken("not stated"), None)
        for sure in Confidence:
            self.confidence.addItem(spoken(sure.value), sure.value)
        self.confidence.setAccessibleName("Confidence")
        self.bears: dict[Bearing, Button] = {}
        for decision in Bearing:
            chip = self.bears[decision] = Button(decision.value.capitalize())
            chip.setCheckable(True)
            chip.setAccessibleName(f"Bears on {decision.value}")
        self.title = QLineEdit()
        self.title.setAccessibleName("Title")
        self.texts: dict[str, TextField] = {}
        self.keep, self.remove = Button("Keep changes", "primary", key="Ctrl+Enter"), Button("Remove", "quiet")
        self.replay = Button("Replay view", icon="play")
        self.accept, self.return_it = Button("Accept", icon="check", key="A"), Button("Return", icon="reply", key="B")
        self.fix = Button("Fix and accept", icon="pen-line", key="E")
        self.own = Label("", "small", "warning", wrap=True)
        self.comment = QLineEdit()
        self.comment.setPlaceholderText("comment for the reviewer (a return needs one)")
        self.comment.setAccessibleName("Comment")
        self.comments = Label("", "small", "warning", wrap=True)
        self.keep.setShortcut("Ctrl+Return")
        self.shown: Finding | None = None  # as journalled, or as it is being journalled
        super().__init__(self._laid_out(), "surface", "r")

    def _laid_out(self) -> QVBoxLayout:
        items: list[object] = [
            row(self.head, None, self.state),
            self.where,
            row(Label("Severity", "caption", "muted"), self.severity, Label("Confidence", "caption", "muted"), self.confidence, None),
            row(Label("Bears on", "caption", "muted"), *self.bears.values(), None, gap=6),
            row(Label("Title", "caption", "muted"), None, ReportLanguage()),
            self.title,
        ]
        for name, caption in TEXTS:
            self.texts[name] = TextField(caption, LEAST_LINES)
            items += [Label(caption, "caption", "muted"), self.texts[name]]
        items += [
            self.comments,
            row(self.keep, self.replay, None, self.remove),
            self.comment,
            row(self.accept, self.fix, self.return_it, None),
            self.own,
        ]
        return column(*items, None, gap=6, margins=(16, 12, 16, 12))  # type: ignore[arg-type]

    def show_finding(self, found: Finding, where: str, state: tuple[str, str], *, editable: bool, answering: bool, own: bool) -> None:
        """Another card, or the same one again: what a person is typing is never overwritten by what the journal already holds.

        editable: by the reviewer. answering: by the principal. own: the principal wrote it.
        """
        untouched, self.shown = found != self.shown, found
        self.head.setText(found.id)
        self.where.setText(where)
        self.state.show_status(*state)
        if untouched:
            self._fill(found)
        self.title.setReadOnly(not editable and not answering)
        for text in self.texts.values():
            text.setReadOnly(not editable and not answering)
        for choice in (self.severity, self.confidence, *self.bears.values()):
            choice.setEnabled(editable or answering)
        self.comments.setText("\n".join(f"{c.author}: {c.text}" for c in found.comments))
        for widget in (self.keep, self.remove):
            widget.setVisible(editable)
        for other in (self.accept, self.fix, self.return_it, self.comment):
            other.setVisible(answering)
        self.own.setVisible(own)
        self.own.setText("You wrote this finding yourself: accepting it needs a comment, which is printed." if own else "")

    def _fill(self, found: Finding) -> None:
        self.severity.setCurrentIndex(self.severity.findData(found.severity.value))
        self.confidence.setCurrentIndex(self.confidence.findData(found.confidence.value) if found.confidence else 0)
        for decision, chip in self.bears.items():
            chip.setChecked(decision in found.bears_on)
        self.title.setText(found.title)
        for name, edit in self.texts.items():
            if edit.toPlainText() != getattr(found, name):
                edit.setPlainText(getattr(found, name))

    def focus_unstated(self) -> None:
        """The first field that nobody has stated yet, under the keys; the title where all are."""
        names = self.shown.unstated() if self.shown is not None else ()
        fields = {"severity": self.severity, "confidence": self.confidence, **self.texts}
        (fields[names[0]] if names else self.title).setFocus()

    def edited(self, found: Finding) -> Finding:
        """The finding as the fields say."""
        texts = {name: edit.toPlainText().strip() for name, edit in self.texts.items()}
        sure = self.confidence.currentData()
        return replace(
            found, title=self.title.text().strip(), severity=Severity(self.severity.currentData()), confidence=Confidence(sure) if sure else None,
            bears_on=tuple(d for d, chip in self.bears.items() if chip.isChecked()), **texts,
        )  # fmt: skip

    def changed(self, found: Finding) -> tuple[str, ...]:
        """Names of the fields that say something else than the finding."""
        fixed = self.edited(found)
        names = ("title", "severity", "confidence", "bears_on", *self.texts)
        return tuple(name.replace("_", " ") for name in names if getattr(fixed, name) != getattr(found, name))
