"""The start page: open, new, demo, recent projects with their state; a missing folder is shown, not hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QLayout, QStackedWidget, QVBoxLayout, QWidget

from workbench.ui import left_off
from workbench.ui.act_tile import ActTile
from workbench.ui.phrases import spoken
from workbench.ui.recent import recent
from workbench.ui.theme import icon_pixmap
from workbench.ui.widgets import Button, Card, Label, Rule, column, row

if TYPE_CHECKING:  # the first window shows before anything of a review is loaded
    from workbench.ui.scope_view import ScopeForm
    from workbench.ui.table import PictureTable

WAYS = 340  # pixels of the column of ways in
STATES = {"draft": "none", "submitted": "warning", "approved": "accent", "issued": "good"}
READ_ORDER = (
    ("shield-check", "Posture", "can this telemetry carry a conclusion"),
    ("chart-spline", "Weakest link", "which cell and rack limit the asset"),
    ("activity", "Stress", "resistance, heat, leakage, protection"),
    ("battery-medium", "Electrochemistry", "only where its gates are open"),
    ("scale", "Commercial", "claim by claim, with conditions"),
)


class StartView(QWidget):
    """Emits what the person wants to open or make."""

    project_wanted = Signal(object)  # Path
    demo_wanted = Signal(object)  # Path
    new_wanted = Signal(object, object)  # Path, Scope

    def __init__(self) -> None:
        super().__init__()
        self.open = ActTile("Open a project …", "a folder NAME.bessreview", "folder-open", chief=True)
        self.new = ActTile("New review …", "client, mandate and question come first", "plus")
        self.demo = ActTile("Make the demo …", "a synthetic site, half a minute, no files needed", "play")
        self.handbook = ActTile("Handbook", "methods, limits, words, keys", "info")
        self._none = Label(
            "No project was opened on this machine yet. The demo takes half a minute and shows a whole review.", "body", "muted"
        )
        self._recent, self._lately = QStackedWidget(), QWidget()
        nothing = QWidget()
        nothing.setLayout(column(self._none, None, margins=(0, 4, 0, 0)))
        self._recent.addWidget(nothing)
        self.make, self.back = Button("Make the project …", "primary"), Button("Back", "quiet")
        welcome = self._welcome()
        inside, first, second = QWidget(), QWidget(), QWidget()
        inside.setLayout(welcome)
        inside.setMaximumSize(1360, 900)
        first.setLayout(row(None, (inside, 60), None))  # as wide as it may be, in the middle
        self._second = second
        self._pages = QStackedWidget()
        self._pages.addWidget(first)
        self._pages.addWidget(second)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._pages)
        self.open.clicked.connect(self.ask_open)
        self.demo.clicked.connect(self._ask_demo)
        self.new.clicked.connect(self._begin)
        self.back.clicked.connect(lambda: self._pages.setCurrentIndex(0))
        self.make.clicked.connect(self._ask_new)
        self.refresh()

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """The keys that do what these buttons do. keys: name of an act -> key."""
        self.open.show_key(keys.get("open", ""))
        self.handbook.show_key(keys.get("handbook", ""))

    @cached_property
    def form(self) -> ScopeForm:
        """The scope of a new review, made when one is first begun."""
        from workbench.ui.scope_view import ScopeForm

        made = ScopeForm()
        card = Card(column(made, row(self.make, self.back, None), gap=8, margins=(12, 12, 24, 16)))
        self._second.setLayout(column(24, Label("New review: the scope comes first", "page"), card, None, margins=(48, 0, 48, 0)))
        return made

    @cached_property
    def table(self) -> PictureTable:
        """The recent projects, made when there are any."""
        from workbench.ui.table import PictureTable

        made = PictureTable("Recent projects", wrap=True)
        made.opened.connect(lambda key: self.project_wanted.emit(Path(key)))
        made.fitted.connect(self._fit_table)
        self._lately.setLayout(column((made, 1), (QWidget(), 0)))
        self._recent.addWidget(self._lately)
        return made

    def _fit_table(self) -> None:
        """As tall as its rows; a bar to scroll only where they do not fit."""
        tall = self.table.height_of(len(self.table.table.rows))
        self.table.setMaximumHeight(tall)
        policy = Qt.ScrollBarPolicy
        fits = tall <= self._recent.height()
        self.table.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOff if fits else policy.ScrollBarAsNeeded)

    def _begin(self) -> None:
        self.form.show()
        self._pages.setCurrentIndex(1)

    def _welcome(self) -> QLayout:
        """Ways in at the left, recent projects beside them, the order of reading below."""
        mark, drop = QLabel(), Label("or drop a project or telemetry files here", "small", "muted")
        mark.setPixmap(icon_pixmap("layers", "accent", 32))
        drop.setAlignment(Qt.AlignmentFlag.AlignCenter)
        names = column(
            Label("BESS review workbench", "page"),
            Label("Is the condition that the battery displays enough for the decision in front of you?", "body", "muted"),
            gap=2,
        )
        ways = QWidget()
        ways.setFixedWidth(WAYS)
        ways.setLayout(column(self.open, self.new, self.demo, self.handbook, 6, drop, None, gap=8))
        lately = column(Label("Recent projects", "title"), (self._recent, 1), gap=10)
        layers = [
            column(row(icon, Label(f"{number}  {title}", "small_strong"), None, gap=8), Label(words, "axis", "muted"), gap=2)
            for number, (icon, title, words) in enumerate(self._layers(), 1)
        ]
        read = row(*((one, 1) for one in layers), gap=16)
        return column(
            44, row(mark, names, None, gap=14), 20, (row(ways, (lately, 1), gap=28), 1), 16, Rule(), 8, read, 14, margins=(48, 0, 48, 0)
        )

    @staticmethod
    def _layers() -> Iterator[tuple[QWidget, str, str]]:
        """The layers of reading: each earns the next."""
        for icon, title, words in READ_ORDER:
            sign = QLabel()
            sign.setPixmap(icon_pixmap(icon, "muted"))
            yield sign, title, words

    def refresh(self) -> None:
        """The list as it is now."""
        paths = recent()
        if not paths:
            self._recent.setCurrentIndex(0)
            return
        from workbench.viewmodels import numbers
        from workbench.viewmodels.table_picture import TableCell, TableColumn, TablePicture

        rows, keys = [], []
        for path in paths:
            there, was = (path / "project.json").exists(), left_off.recalled(path)
            state = TableCell(was.state or "ready", STATES.get(was.state, "good")) if there else TableCell("folder is missing", "warning")
            left = (was.left or "–") if there else "moved or not mounted"
            seen = numbers.date(was.seen_ns) if was.seen_ns else "–"
            words = (was.mandate or "–", was.window or "–")
            rows.append((TableCell(path.stem), state, *(TableCell(text) for text in (*words, left, seen, str(path.parent)))))
            keys.append(str(path))
        titles = {
            "name": "Project",
            "state": "State",
            "mandate": "Mandate",
            "window": "Window",
            "left": "Left to do",
            "seen": "Closed",
            "folder": "Folder",
        }
        columns = tuple(TableColumn(key, title) for key, title in titles.items())
        self.table.show_table(TablePicture("Recent", columns, tuple(rows), tuple(keys)))
        self._recent.setCurrentWidget(self._lately)

    def ask_open(self) -> None:
        """Choose a project folder."""
        from PySide6.QtWidgets import QFileDialog

        chosen = QFileDialog.getExistingDirectory(self, spoken("Open a project (NAME.bessreview)"))
        if chosen:
            self.project_wanted.emit(Path(chosen))

    def _ask_demo(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        chosen = QFileDialog.getExistingDirectory(self, spoken("Empty folder for the demo"))
        if chosen:
            self.demo_wanted.emit(Path(chosen))

    def _ask_new(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        chosen, _ = QFileDialog.getSaveFileName(self, spoken("Name of the new project"), "review.bessreview")
        scope = self.form.scope()
        if chosen:
            self.new_wanted.emit(Path(chosen), scope)
