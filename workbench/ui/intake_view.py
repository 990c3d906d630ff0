"""Stage Intake: what the importer recognises, before anything is written and as the reviewer changes it; then the import; then every repair."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from workbench.errors import IngestError
from workbench.jobs.progress import Progress, Report
from workbench.ui.column_editor import ColumnEditor
from workbench.ui.desk import Desk
from workbench.ui.phrases import spoken
from workbench.ui.segments import Segments
from workbench.ui.table import PictureTable
from workbench.ui.widgets import Button, Chip, EmptyState, Label, Panel, canvas_head, clear, column, row
from workbench.viewmodels import numbers
from workbench.viewmodels.job_text import job_text
from workbench.viewmodels.pictures import TablePicture
from workbench.workflow import counter_sheets
from workbench.workflow.intake import IntakePreview, Mapping, save_profile, save_profile_of
from workbench.workflow.mapping_choice import MappingProfile, in_zone

PREVIEW_HEIGHT = 270
PARTS = ("Repairs", "Samples", "Mapping", "Counters")  # of a window that is imported
TABLES = ("repairs", "quality", "mapping", "counters")
WIDTHS = (
    {"n": 50, "rule": 130, "place": 330, "count": 90, "first": 160},
    {"rack": 80, "mark": 130, "samples": 130, "share": 90, "cells": 90, "first": 210},
    {"column": 400, "becomes": 210, "read_as": 230, "repair": 130},
    {"readout": 220, "part": 120, "what": 260, "value": 420},
)
FILES = "Telemetry (*.csv *.tsv *.txt *.log *.zip *.xlsx *.xls *.parquet *.mat *.h5 *.hdf5 *.mf4 *.sqlite *.db);;All files (*)"
Looked = tuple[IntakePreview | None, TablePicture | None]  # a window, read-outs of counters, or both


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
        self.load, self.save = Button("Use a profile …"), Button("Save profile …")
        self.part = Segments(PARTS, "What the import holds: repairs, marks of the samples, mapping, counters")
        self.part.chosen_changed.connect(lambda _: self._show_part())
        self.counters: TablePicture | None = None
        self.load.clicked.connect(self._load)
        self.save.clicked.connect(self._save)
        self.choose.clicked.connect(self._choose)
        self.bring.clicked.connect(self.start_import)
        self.forget.clicked.connect(self.refresh)
        self._facts = row(None, gap=18, margins=(16, 8, 16, 8))
        self.zone = QLineEdit()
        self.zone.setFixedWidth(150)
        self.zone.setAccessibleName("Time zone of the files")
        self.zone.setToolTip("Time zone of the files, for example Europe/Berlin")
        self.zone.returnPressed.connect(self._zone)
        self._zone_box = QWidget()
        self._zone_box.setLayout(column(Label("Read in zone", "caption", "muted"), self.zone, gap=0, margins=(0, 4, 16, 4)))
        self._strip = Panel(row((self._facts, 1), self._zone_box, gap=0), "raised", "b")
        self._strip.setFixedHeight(54)
        self._warning = Label("", "small", "warning")
        self.table = PictureTable("Columns and repairs")
        self.table.chosen.connect(self._show_column)
        self.rows = PictureTable("First and last rows, as file and as read", 24)
        self.rows.setFixedHeight(PREVIEW_HEIGHT)
        self._rows_title = Label("    Preview: the same rows as received and as read", "small", "muted")
        self.editor = ColumnEditor()
        self.editor.decided.connect(self.use)
        self._job, self.stop = Label("", "small", "muted"), Button("Stop", "quiet", "x")
        self.stop.clicked.connect(desk.bridge.cancel)
        self._running = Panel(row(self._job, None, self.stop, margins=(16, 6, 16, 6)), "raised", "b")
        self._running.setVisible(False)
        desk.bridge.busy_changed.connect(self._job_began)
        desk.bridge.progressed.connect(self._job_moved)
        self._empty = EmptyState(
            "Nothing imported yet",
            "Drop the owner's files, a folder or a zip of them here. They are only read; every repair is listed before and after import.",
            "Choose files …",
        )
        self._empty.acted.connect(self._choose)
        body = QWidget()
        left = column((self.table, 1), self._rows_title, self.rows, gap=0)
        body.setLayout(column(self._strip, self._warning, (row((left, 1), self.editor, gap=0), 1), gap=0))
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(body)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(canvas_head(self._title, self._note, self.part, 6, self.forget, self.load, self.save, self.choose, self.bring))
        box.addWidget(self._running)
        box.addWidget(self._pages, 1)
        desk.window_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """What the project holds: sources and repairs of the window under review."""
        self.preview = self.counters = None
        facts, readouts = self._desk.facts, self._desk.session.document.counters
        writable = not self._desk.session.read_only
        self._proposing(False)
        self.choose.setVisible(writable)
        self._pages.setCurrentIndex(1 if facts or readouts else 0)
        self.part.setVisible(facts is not None)
        kept = numbers.count(len(readouts), "read-out") + " of counters"
        if facts is None:
            self._note.setText(f"no window yet · {kept}" if readouts else "no window yet")
            if readouts:
                self._show_facts((("Counters", kept, "good"),))
                self._show(self._desk.session.table("counters"), WIDTHS[-1])
            return
        self._note.setText(
            f"{facts.name} · {numbers.count(len(facts.sources), 'source file')} · {numbers.count(len(facts.repairs), 'repair')}, all of them listed here and in the report{f' · {kept}' if readouts else ''}"
        )
        zone = facts.time_zone if facts.time_zone_known else f"{facts.time_zone}, assumed"
        self._show_facts(
            (
                ("Span", numbers.span(facts.start_ns, facts.end_ns, facts.time_zone), "good"),
                ("Sampled", numbers.every(facts), "good" if facts.sampling == "periodic" else "warning"),
                ("Zone", zone, "good" if facts.time_zone_known else "warning"),
                ("Racks, cells", f"{len(facts.plant.racks)}, {facts.plant.n_cells}", "good"),
                ("Evidence root", numbers.digest_groups(self._desk.session.window_root(facts.id)), "good"),
            )
        )
        self._warning.setVisible(False)
        self.table.wrap_lines(True)
        self._show_part()

    def _show_part(self) -> None:
        """The chosen table of the window; the marks of the samples are counted first."""
        facts, chosen = self._desk.facts, self.part.chosen
        if facts is None or self.preview is not None or self.counters is not None:
            return
        self.save.setVisible(PARTS[chosen] == "Mapping")
        name, widths = TABLES[chosen], WIDTHS[chosen]
        if name == "quality":
            self._desk.bridge.fetch("marks", lambda progress: self._marks(facts.id, progress), self._show_marks)
            return
        self._show(self._desk.session.table(name, facts.id), widths)

    def _marks(self, window_id: str, progress: Progress) -> TablePicture:
        self._desk.session.views.quality(window_id, progress)
        return self._desk.session.table("quality", window_id)

    def _show_marks(self, table: TablePicture) -> None:
        if self.preview is None and PARTS[self.part.chosen] == "Samples":
            self._show(table, WIDTHS[1])

    def inspect(self, sources: tuple[Path, ...], mapping: Mapping = None) -> None:
        """Recognise files as a job; nothing is written. mapping: as a person chose, instead of what would be proposed."""
        self._sources = sources

        def look(progress: Progress) -> Looked:
            readouts, alone = counter_sheets.looked_at(sources, progress)
            return (None if alone else self._desk.session.inspect(list(sources), progress, mapping=mapping)), readouts

        self._desk.bridge.run("Recognising", look, self.show_found)

    def show_found(self, found: Looked) -> None:
        """What files hold: a window to be, read-outs of counters, or both."""
        preview, self.counters = found
        if preview is not None:
            self.show_preview(preview)
        elif self.counters is not None:
            self.preview = None
            self._pages.setCurrentIndex(1)
            self._note.setText("lifetime counters: they have no time axis and are kept beside the windows · nothing is written yet")
            self._show_facts((("Read-outs", str(len({row_[0].text for row_ in self.counters.rows})), "good"), ("Rows", str(len(self.counters.rows)), "good")))  # fmt: skip
            self._warning.setVisible(False)
            self._show(self.counters, WIDTHS[-1])
            self._proposing(True)

    def use(self, mapping: MappingProfile) -> None:
        """Show the same files by another mapping."""
        self.inspect(self._sources, mapping)

    def show_preview(self, preview: IntakePreview) -> None:
        """The proposal: facts with guesses marked, one row per column."""
        self.preview = preview
        self._pages.setCurrentIndex(1)
        self._note.setText(f"{', '.join(preview.members[:3])}{' …' if len(preview.members) > 3 else ''} · nothing is written yet")
        self._show_facts(preview.facts)
        self._warning.setVisible(bool(preview.warnings))
        self._warning.setText("    " + "  ".join(preview.warnings))
        column_ = self.table.current_key()
        self.table.wrap_lines(False)
        self._show(preview.columns, {"column": 190, "first": 110, "last": 110, "becomes": 220, "read_as": 130, "verdict": 100})
        self.rows.show_table(preview.rows, widths={"row": 60, "c0": 190} | {c.key: 120 for c in preview.rows.columns[2:]})
        self.zone.setText(preview.profile.time_zone)
        self._proposing(True)
        if column_ in preview.columns.keys:
            self.table.choose(column_)
        self._show_column(self.table.current_key())

    def start_import(self) -> None:
        """Import what is shown, as a job that can be stopped: the window first, then the counters beside it."""
        sources, preview, counters = list(self._sources), self.preview, self.counters

        def bring(progress: Progress) -> tuple[str, ...]:
            from workbench.workflow.importable import read_before

            session, before = self._desk.session, tuple[str, ...]()
            if preview is not None:
                entry = session.import_window(sources, progress, mapping=preview.profile)
                before = read_before(session.windows(), entry.id)
            if counters is not None:
                session.import_counters(sources, progress)
            return before

        self._desk.bridge.run("Import", bring, lambda before: self._imported(preview is None, before))

    def _imported(self, counters: bool, before: tuple[str, ...]) -> None:
        self.refresh()
        if before:
            self._desk.notice.emit(f"the same files were imported before, as {', '.join(before)}; a report is made of the newest window")
        self.part.choose(PARTS.index("Counters" if counters else "Repairs"))

    def _proposing(self, proposing: bool) -> None:
        """What only a proposal has."""
        self.bring.setVisible(proposing)
        self.forget.setVisible(proposing)
        for widget in (self.load, self.save, self.rows, self._rows_title, self.editor):
            widget.setVisible(proposing and self.preview is not None)
        self.part.setVisible(not proposing)
        self._zone_box.setVisible(proposing and self.preview is not None and not self.preview.profile.time_zone_known)

    def _show_column(self, source: str) -> None:
        found = self.preview
        if found is None:
            return
        evidence = next((row_[-1].text for row_, key in zip(found.columns.rows, found.columns.keys, strict=True) if key == source), "")
        self.editor.show_column(found.profile, source, evidence, found.proofs.get(source))

    def _zone(self) -> None:
        found = self.preview
        if found is not None and self.zone.text().strip() != found.profile.time_zone:
            try:
                self.use(in_zone(found.profile, self.zone.text().strip()))
            except IngestError as error:
                self.zone.setText(found.profile.time_zone)
                self._warning.setText(f"    {error}")
                self._warning.setVisible(True)

    def _save(self) -> None:
        facts = self._desk.facts
        name, _ = QFileDialog.getSaveFileName(self, spoken("Keep the mapping"), "mapping.json", "Mapping (*.json)")
        if not name:
            return
        if self.preview is not None:
            save_profile(self.preview, Path(name))
        elif facts is not None:
            save_profile_of(facts, Path(name))
        self._note.setText(f"mapping kept in {Path(name).name}")

    def _load(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, spoken("Mapping profile"), "", "Mapping (*.json)")
        if name:
            self.inspect(self._sources, Path(name))

    def _job_began(self, name: str) -> None:
        self._running.setVisible(bool(name))
        self._job.setText(f"{name} …" if name else "")

    def _job_moved(self, report: Report) -> None:
        self._job.setText(job_text(report))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files are welcome."""
        if _paths(event.mimeData()) and not self._desk.session.read_only:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at what was dropped."""
        self.inspect(_paths(event.mimeData()))

    def _choose(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, spoken("Telemetry files"), "", FILES)
        if names:
            self.inspect(tuple(Path(n) for n in names))

    def _show(self, table: TablePicture, widths: dict[str, int]) -> None:
        self._title.setText("Intake" if self.preview is None else "What was recognised")
        self.table.show_table(table, widths=widths)

    def _show_facts(self, facts: tuple[tuple[str, str, str], ...]) -> None:
        clear(self._facts)
        for caption, value, status in facts:
            holder = QWidget()
            shown: QWidget = Chip(value, status) if status != "good" else Label(value, "body")
            shown.setFixedHeight(22)  # a chip and a word stand on one line
            holder.setLayout(column(Label(caption, "caption", "muted"), shown, None, gap=0))
            self._facts.addWidget(holder)
        self._facts.addStretch(1)


def _paths(data: QMimeData) -> tuple[Path, ...]:
    return tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
