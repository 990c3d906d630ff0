"""Stage Intake: what the importer recognises, before anything is written; then the import; then every repair."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from workbench.ui.desk import Desk
from workbench.ui.table import PictureTable
from workbench.ui.widgets import Button, Chip, EmptyState, Label, Panel, canvas_head, column, row
from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import TablePicture
from workbench.workflow.intake import IntakePreview


class IntakeView(QWidget):
    """Files in, proposal shown, import on request; afterwards the repairs of the window."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self._desk = desk
        self._sources: tuple[Path, ...] = ()
        self.preview: IntakePreview | None = None
        self._title, self._note = Label("Intake", "title"), Label("", "small", "muted")
        self.choose = Button("Choose files …", icon="folder-open")
        self.bring = Button("Import as shown", "primary", "download")
        self.forget = Button("Leave it", "quiet")
        self.choose.clicked.connect(self._choose)
        self.bring.clicked.connect(self.start_import)
        self.forget.clicked.connect(self.refresh)
        self._facts = row(None, gap=18, margins=(16, 8, 16, 8))
        self._strip = Panel(self._facts, "raised", "b")
        self._strip.setFixedHeight(54)
        self._warning = Label("", "small", "warning")
        self.table = PictureTable("Columns and repairs")
        self._empty = EmptyState(
            "Nothing imported yet",
            "Drop CSV files or a zip of them here. They are only read; every repair is listed before and after import.",
            "Choose files …",
        )
        self._empty.acted.connect(self._choose)
        body = QWidget()
        body.setLayout(column(self._strip, self._warning, (self.table, 1), gap=0))
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(body)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(canvas_head(self._title, self._note, self.forget, self.choose, self.bring))
        box.addWidget(self._pages, 1)
        desk.window_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """What the project holds: sources and repairs of the window under review."""
        self.preview = None
        facts = self._desk.facts
        writable = not self._desk.session.read_only
        self.bring.setVisible(False)
        self.forget.setVisible(False)
        self.choose.setVisible(writable)
        self._pages.setCurrentIndex(1 if facts else 0)
        if facts is None:
            self._note.setText("no window yet")
            return
        self._note.setText(
            f"{facts.name} · {numbers.count(len(facts.sources), 'source file')} · {numbers.count(len(facts.repairs), 'repair')}, all of them listed here and in the report"
        )
        zone = facts.time_zone if facts.time_zone_known else f"{facts.time_zone}, assumed"
        self._show_facts(
            (
                ("Span", numbers.span(facts.start_ns, facts.end_ns, facts.time_zone), "good"),
                ("Period", numbers.duration(facts.nominal_period_s), "good"),
                ("Zone", zone, "good" if facts.time_zone_known else "warning"),
                ("Racks, cells", f"{len(facts.plant.racks)}, {facts.plant.n_cells}", "good"),
                ("Evidence root", numbers.digest_groups(self._desk.session.window_root(facts.id)), "good"),
            )
        )
        self._warning.setVisible(False)
        self._show(self._desk.session.table("repairs", facts.id), {"n": 50, "rule": 130, "place": 330, "count": 90, "first": 160})

    def inspect(self, sources: tuple[Path, ...]) -> None:
        """Recognise files as a job; nothing is written."""
        self._sources = sources
        self._desk.bridge.run("Recognising", lambda progress: self._desk.session.inspect(list(sources), progress), self.show_preview)

    def show_preview(self, preview: IntakePreview) -> None:
        """The proposal: facts with guesses marked, one row per column."""
        self.preview = preview
        self._pages.setCurrentIndex(1)
        self._note.setText(f"{', '.join(preview.members[:3])}{' …' if len(preview.members) > 3 else ''} · nothing is written yet")
        self._show_facts(preview.facts)
        self._warning.setVisible(bool(preview.warnings))
        self._warning.setText("    " + "  ".join(preview.warnings))
        self._show(preview.columns, {"column": 220, "first": 110, "last": 110, "becomes": 260, "read_as": 150, "verdict": 110})
        self.bring.setVisible(True)
        self.forget.setVisible(True)

    def start_import(self) -> None:
        """Import what is shown, as a job that can be stopped."""
        sources = list(self._sources)
        self._desk.bridge.run("Import", lambda progress: self._desk.session.import_window(sources, progress), lambda _: self.refresh())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files are welcome."""
        if _paths(event.mimeData()) and not self._desk.session.read_only:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at what was dropped."""
        self.inspect(_paths(event.mimeData()))

    def _choose(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, "Telemetry files", "", "Telemetry (*.csv *.zip *.txt *.tsv);;All files (*)")
        if names:
            self.inspect(tuple(Path(n) for n in names))

    def _show(self, table: TablePicture, widths: dict[str, int]) -> None:
        self._title.setText("Intake" if self.preview is None else "What was recognised")
        self.table.show_table(table, widths=widths)

    def _show_facts(self, facts: tuple[tuple[str, str, str], ...]) -> None:
        while (item := self._facts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for caption, value, status in facts:
            holder = QWidget()
            shown: QWidget = Chip(value, status) if status != "good" else Label(value, "body")
            holder.setLayout(column(Label(caption, "caption", "muted"), shown, gap=0))
            self._facts.addWidget(holder)
        self._facts.addStretch(1)


def _paths(data: QMimeData) -> tuple[Path, ...]:
    return tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
