"""The start page: open, new, demo, recent projects with their state; a missing folder is shown, not hidden."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from workbench.asset.scope import Scope
from workbench.ui.recent import recent
from workbench.ui.scope_view import ScopeForm
from workbench.ui.table import PictureTable
from workbench.ui.widgets import Button, Card, Label, column, row
from workbench.viewmodels.pictures import TableCell, TableColumn, TablePicture


class StartView(QWidget):
    """Emits what the person wants to open or make."""

    project_wanted = Signal(object)  # Path
    demo_wanted = Signal(object)  # Path
    new_wanted = Signal(object, object)  # Path, Scope

    def __init__(self) -> None:
        super().__init__()
        self.open, self.new, self.demo = (
            Button("Open a project …", "primary", "folder-open"),
            Button("New review …", icon="plus"),
            Button("Make the demo …", icon="play"),
        )
        self.handbook = Button("Handbook", "quiet", "info")
        self.table = PictureTable("Recent projects")
        self._none = Label(
            "No project was opened on this machine yet. The demo takes half a minute and shows a whole review.", "body", "muted"
        )
        self._recent = QStackedWidget()
        nothing = QWidget()
        nothing.setLayout(column(self._none, None, margins=(0, 4, 0, 0)))
        self._recent.addWidget(nothing)
        self._recent.addWidget(self.table)
        self.form = ScopeForm()
        self.make, self.back = Button("Make the project …", "primary"), Button("Back", "quiet")
        order = "Read order: scope, posture, weakest link, stress, electrochemistry, commercial meaning; each layer earns the next."
        welcome = column(
            40, Label("BESS review workbench", "page"), Label("Does the displayed state of a battery match the physical asset? Offline, in one room with the data.", "body", "muted"), 8,
            row(self.open, self.new, self.demo, self.handbook, None), 16, Label("Recent projects", "strong"), (self._recent, 1), Label(order, "small", "muted"), 12, margins=(48, 0, 48, 0),
        )  # fmt: skip
        first, second = QWidget(), QWidget()
        first.setLayout(welcome)
        card = Card(column(self.form, row(self.make, self.back, None), gap=8, margins=(12, 12, 24, 16)))
        second.setLayout(column(24, Label("New review: the scope comes first", "page"), card, None, margins=(48, 0, 48, 0)))
        self._pages = QStackedWidget()
        self._pages.addWidget(first)
        self._pages.addWidget(second)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._pages)
        self.open.clicked.connect(self.ask_open)
        self.demo.clicked.connect(self._ask_demo)
        self.new.clicked.connect(lambda: self._pages.setCurrentIndex(1))
        self.back.clicked.connect(lambda: self._pages.setCurrentIndex(0))
        self.make.clicked.connect(self._ask_new)
        self.table.opened.connect(lambda key: self.project_wanted.emit(Path(key)))
        self.refresh()

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """The keys that do what these buttons do. keys: name of an act -> key."""
        self.open.show_key(keys.get("open", ""))
        self.handbook.show_key(keys.get("handbook", ""))

    def refresh(self) -> None:
        """The list as it is now."""
        rows, keys = [], []
        for path in recent():
            there = (path / "project.json").exists()
            rows.append(
                (
                    TableCell(path.stem),
                    TableCell("ready" if there else "folder is missing", "good" if there else "warning"),
                    TableCell(str(path.parent)),
                )
            )
            keys.append(str(path))
        self._recent.setCurrentIndex(1 if rows else 0)
        columns = (TableColumn("name", "Project"), TableColumn("state", "State"), TableColumn("folder", "Folder"))
        self.table.show_table(TablePicture("Recent", columns, tuple(rows), tuple(keys)), widths={"name": 260, "state": 160})

    def ask_open(self) -> None:
        """Choose a project folder."""
        chosen = QFileDialog.getExistingDirectory(self, "Open a project (NAME.bessreview)")
        if chosen:
            self.project_wanted.emit(Path(chosen))

    def _ask_demo(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Empty folder for the demo")
        if chosen:
            self.demo_wanted.emit(Path(chosen))

    def _ask_new(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, "Name of the new project", "review.bessreview")
        scope: Scope = self.form.scope()
        if chosen:
            self.new_wanted.emit(Path(chosen), scope)
