"""The window: start page or one project, menus from the registry of acts, status line, handbook. One of the two borders for failures."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QStackedWidget, QWidget

from workbench import __version__
from workbench.ui import bar_acts, finding_acts, habit_acts, left_off, rack_folding, remembered, theme, view_history
from workbench.ui.actions import Actions
from workbench.ui.error_dialog import show_error
from workbench.ui.job_bridge import JobBridge
from workbench.ui.own_keys import own_keys
from workbench.ui.phrases import spoken, translate_tree
from workbench.ui.rail import STAGES
from workbench.ui.recent import remember
from workbench.ui.start_view import StartView
from workbench.ui.text_size import room_for
from workbench.ui.translation import tr

if TYPE_CHECKING:
    from workbench.asset.scope import Scope
    from workbench.ui.desk import Desk
    from workbench.ui.handbook_view import HandbookView
    from workbench.ui.inspector import Inspector
    from workbench.ui.job_log import JobLog
    from workbench.ui.population_view import PopulationView
    from workbench.ui.workspace import Workspace
    from workbench.workflow.session import Session

CANVAS_KEYS = (
    "In the heatmap: W S zoom   A D pan   F fit   R brush   Shift add   Alt take out   Ctrl+A rack   C fold   Shift+C fold others   Q quantity   V reduction   L lock   X cross-hair   P or a click pins the instant",
    "   . , candidates, with Shift of this rack   1-5 record as cell, rack, thermal, data, claim   N finding   M figures   Enter traces   Backspace back   Esc step back",
    "In the rack plot: W S A D F   P pin   B baseline   I isolate   L limit   M statistics   Enter cells of the rack   Esc all racks again",
    "In the list of findings, as principal: A accept   B return   E fix and accept   R replay",
)


def author() -> str:
    """Who edits: WORKBENCH_AUTHOR, else the name of the account."""
    import getpass

    return os.environ.get("WORKBENCH_AUTHOR") or getpass.getuser()


class MainWindow(QMainWindow):
    """Opens at most one project; closing lets go of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(tr("BESS review workbench"))
        self.resize(1440, 900)
        self.setMinimumSize(room_for(self.screen().availableSize()))
        self.setAcceptDrops(True)
        self.author = author()
        self.bridge = JobBridge(lambda error: show_error(self, error))
        self.start = StartView()
        self.workspace: Workspace | None = None
        self._opening: Session | None = None
        self._handbook: HandbookView | None = None
        self.jobs: JobLog | None = None  # from the first project on
        self._stack = QStackedWidget()
        self._stack.addWidget(self.start)
        self.setCentralWidget(self._stack)
        self._said, self._offline = QLabel(""), QLabel(spoken(f"Offline · workbench {__version__}"))
        for label in (self._said, self._offline):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setFont(theme.font("small"))
            label.setContentsMargins(10, 0, 10, 0)
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addWidget(self._said, 1)
        self.statusBar().addPermanentWidget(self._offline)
        self.actions_ = Actions(self)
        self._register()
        self.start.project_wanted.connect(self.open_project)
        self.start.new_wanted.connect(self.new_project)
        self.start.demo_wanted.connect(self.make_demo)
        self.start.handbook.clicked.connect(self.show_handbook)
        self._enable()
        translate_tree(self)

    def _register(self) -> None:
        add = self.actions_.add
        add("open", "&Project", "&Open a project …", "Ctrl+O", self.start.ask_open)
        add("close", "&Project", "&Close the project", "Ctrl+W", self.leave_project)
        add("quit", "&Project", "&Quit", "Ctrl+Q", self.close)
        add("undo", "&Edit", "&Undo", "Ctrl+Z", lambda: self._edit("undo"))
        add("redo", "&Edit", "&Redo", "Ctrl+Shift+Z", lambda: self._edit("redo"))
        for number, (stage, _) in enumerate(STAGES, 1):
            add(f"stage {stage}", "&Stage", stage, f"Ctrl+{number % 10}", partial(self.go, stage))
        add("study", "&Review", "&Run the study", "F5", lambda: self.on_workspace(lambda w: w.desk.run_study()))
        add("finding", "&Review", "New &finding from the selection", "Ctrl+N", lambda: self.on_workspace(lambda w: w.record()))
        add("next", "&Review", "Next candidate", "Ctrl+.", lambda: self.on_workspace(lambda w: w.population.candidates.walk(1)))
        add("previous", "&Review", "Previous candidate", "Ctrl+,", lambda: self.on_workspace(lambda w: w.population.candidates.walk(-1)))
        add("jobs", "&View", "Jobs of this session", "Ctrl+J", self.show_jobs)
        add("stop", "&Review", "Stop the running job", "Ctrl+Backspace", self.bridge.cancel)
        add("timeline", "&View", "Timeline", "Ctrl+T", lambda: self.on_workspace(lambda w: w.toggle("timeline")))
        add("inspector", "&View", "Inspector", "Ctrl+I", lambda: self.on_workspace(lambda w: w.toggle("inspector")))
        add("theme", "&View", "Light or dark", "Ctrl+D", self.switch_theme)
        add("palette", "&Help", "&Acts …", "Ctrl+Shift+P", self.show_palette)
        add("handbook", "&Help", "&Handbook", "F1", self.show_handbook)
        add("keys", "&Help", "&Keys", "Ctrl+/", self.show_keys)
        habit_acts.register(self)
        finding_acts.register(self)
        bar_acts.register(self)
        rack_folding.register(self)
        self.actions_.fill_menus()
        self.actions_.changed = lambda: self.start.show_keys({act.name: act.key for act in self.actions_.acts.values()})
        self.actions_.wear(own_keys())

    # ------------------------------------------------------------------ projects

    def open_project(self, path: Path) -> None:
        """Open a project; read-only where another program writes it."""
        from workbench.workflow.session import Session

        self._open(lambda: Session.open(path, author=self.author, wait_free=True))

    def new_project(self, path: Path, scope: Scope) -> None:
        """Make a project with its scope and open it."""
        from workbench.workflow.session import Session

        target = path if path.suffix == ".bessreview" else path.with_name(path.name + ".bessreview")
        self._open(lambda: Session.create(target, scope, author=self.author))

    def make_demo(self, folder: Path) -> None:
        """Run the whole main job on the built-in site, then open what it made."""
        from workbench.workflow import demo

        self.bridge.run(
            "Demo", lambda progress: demo.run(folder, progress, lambda line: None), lambda made: self.open_project(made.project)
        )
        self.say("the demo is being made: about half a minute")

    def _open(self, opened: Callable[[], Session]) -> None:
        if self.bridge.busy:
            self.say("a job is running: wait for it or stop it first")
            return
        session = opened()
        self.close_project()
        remember(session.path)
        if not session.document.windows:
            self._show_project(session)
            return
        self._opening = session
        self.say(f"opening {session.path.stem} …")
        self.bridge.fetch("opening", lambda progress: session.warm(), lambda _: self._opened(session))

    def _opened(self, session: Session) -> None:
        """The windows are open: from here on nothing of HDF5 is touched on this thread."""
        if self._opening is session:
            self.bridge.in_turns(self._parts(session))

    def _parts(self, session: Session) -> Generator[None]:
        """The workspace, made part by part, so that no turn of the event loop is long."""
        from workbench.ui.desk import Desk
        from workbench.ui.inspector import Inspector
        from workbench.ui.population_view import PopulationView

        desk = Desk(session, self.bridge)
        try:
            yield
            population = PopulationView(desk)
            yield
            inspector = Inspector(desk)
            yield
        except GeneratorExit:
            desk.leave()
            raise
        self._opening = None
        workspace = self._furnish(desk, self._stage_of(session), population, inspector)
        yield
        self._placed(workspace)

    def _show_project(self, session: Session) -> None:
        from workbench.ui.desk import Desk

        self._placed(self._furnish(Desk(session, self.bridge), self._stage_of(session)))

    def _stage_of(self, session: Session) -> str:
        return remembered.recalled(f"{remembered.place_of(session.path)}/stage")

    def _placed(self, workspace: Workspace) -> None:
        session = workspace.desk.session
        self._stack.addWidget(workspace)
        self._stack.setCurrentWidget(workspace)
        self._enable()
        self.setWindowTitle(f"{session.path.stem} · {tr('BESS review workbench')}")
        self._restore(session)
        if session.project.read_only:
            self.say("opened read-only: another program writes this project, or the medium cannot be written")

    def _restore(self, session: Session) -> None:
        """Where this person was, and what changed since."""
        if self.workspace is not None:
            text = remembered.recalled(f"{remembered.place_of(session.path)}/place")
            place = view_history.still_there(view_history.recalled(text), self.workspace.desk.facts)
            if place is not None and place.stage in self.workspace.views:
                self.workspace.show_place(place)
            self.workspace.looked = habit_acts.last_look(session.path, session.author)
            if self.workspace.views.existing("Findings") is not None:
                self.workspace.findings.looked(self.workspace.looked)

    def _furnish(
        self, desk: Desk, stage: str = "", population: PopulationView | None = None, inspector: Inspector | None = None
    ) -> Workspace:
        from workbench.ui.job_log import JobLog
        from workbench.ui.workspace import Workspace

        self.workspace = Workspace(desk, stage, population, inspector)
        if self.jobs is None:
            self.jobs = JobLog(self.bridge)
            self.jobs.changed.connect(self._jobs_changed)
        self.workspace.context.jobs_wanted.connect(self.show_jobs)
        self._jobs_changed()
        desk.notice.connect(self.say)
        self.workspace.moved.connect(lambda _: self.say(""))  # a word belongs to the stage it was said on
        desk.keys_wanted.connect(self.show_keys)
        desk.document_changed.connect(self._enable)
        torn = remembered.recalled(f"{remembered.place_of(desk.session.path)}/floating")
        self.workspace.floating.restore(torn, self.actions(), partial(QTimer.singleShot, 0, self.workspace))
        return self.workspace

    def _clear(self) -> Session | None:
        """Take the workspace away; the session stays open and is handed back."""
        if self.workspace is None:
            return None
        self.workspace.flush()
        self.bridge.settle()
        remembered.keep(f"{remembered.place_of(self.workspace.desk.session.path)}/floating", self.workspace.floating.kept())
        desk = self.workspace.desk
        desk.leave()
        self._stack.removeWidget(self.workspace)
        self.workspace.deleteLater()
        desk.deleteLater()
        self.workspace = None
        return desk.session

    def close_project(self) -> None:
        """Let go of the project and show the start page."""
        if self.workspace is not None:
            path, seen = self.workspace.desk.session.path, self.workspace.desk.session.journal_status()[0]
            remembered.keep(f"{remembered.place_of(path)}/stage", self.workspace.stage)
            remembered.keep(f"{remembered.place_of(path)}/place", view_history.kept(self.workspace.place()))
            habit_acts.keep_look(path, self.workspace.desk.session.author, seen)
            left_off.keep(self.workspace.desk.session)
        session = self._clear()
        if session is None and self._opening is not None:
            self.bridge.settle()
            session, self._opening = self._opening, None
        if session is None:
            return
        session.close()
        self.setWindowTitle(tr("BESS review workbench"))
        self.start.refresh()
        self._enable()

    def leave_project(self) -> None:
        """Close the project; a running job is worth a question."""
        if self._may_leave():
            self.close_project()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Edits are already kept; only a running job is worth a question."""
        if not self._may_leave():
            event.ignore()
            return
        remembered.keep_geometry(self.saveGeometry())
        self.close_project()
        self.bridge.close()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Projects and files may be dropped."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A project is opened, telemetry is inspected."""
        project, files = habit_acts.dropped(event.mimeData())
        event.acceptProposedAction()
        if project is not None:
            self.open_project(project)
        elif files:
            habit_acts.take_files(self, files)

    def _may_leave(self) -> bool:
        if not self.bridge.busy:
            return True
        from PySide6.QtWidgets import QMessageBox

        asked = QMessageBox.question(self, tr("Workbench"), tr("A job is running. Stop it and close? Everything recorded so far is kept."))
        return asked == QMessageBox.StandardButton.Yes

    # ------------------------------------------------------------------ acts

    def on_workspace(self, act: Callable[[Workspace], None]) -> None:
        """Do something with the open project; without one there is nothing to do."""
        if self.workspace is not None:
            act(self.workspace)

    def go(self, stage: str) -> None:
        """To a stage of the open project."""
        self.on_workspace(lambda w: w.go(stage))

    def _edit(self, which: str) -> None:
        if self.workspace is None:
            return
        session = self.workspace.desk.session
        label = session.undo_label if which == "undo" else session.redo_label
        if label is None:
            self.say(f"nothing to {which}")
            return
        session.undo() if which == "undo" else session.redo()
        self.say(f"{which}: {label}")

    def switch_theme(self) -> None:
        """Light to dark and back; the workspace is furnished anew, so that every picture takes its own table of colours."""
        from workbench.ui.desk import Desk

        app = QApplication.instance()
        if not isinstance(app, QApplication) or self.bridge.busy:
            self.say("a job is running: the theme changes when it is done")
            return
        theme.use(app, "light" if theme.is_night() else "dark")
        if self.workspace is not None:
            place = self.workspace.place()
            session = self._clear()
            if session is not None:
                workspace = self._furnish(Desk(session, self.bridge), place.stage)
                self._stack.addWidget(workspace)
                self._stack.setCurrentWidget(workspace)
                self._enable()
                workspace.show_place(place)
        for widget in (self, *self.findChildren(QWidget)):
            widget.update()

    def show_palette(self) -> None:
        """Type an act."""
        from workbench.ui.command_palette import CommandPalette

        palette = CommandPalette(self, self.actions_)
        palette.move(self.mapToGlobal(self.rect().center()) - palette.rect().center())
        palette.show()
        palette.line.setFocus()

    def show_handbook(self) -> None:
        """The handbook in a window of its own."""
        from workbench.ui.handbook_view import HandbookView

        if self._handbook is None:
            self._handbook = HandbookView()
        self._handbook.show()
        self._handbook.raise_()

    def show_keys(self) -> None:
        """Every key in one sheet, made from the registry; there a person may change them."""
        from workbench.ui.key_sheet import KeySheet

        sheet = KeySheet(self, self.actions_, tuple(spoken(line) for line in CANVAS_KEYS))
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.show()

    def show_jobs(self) -> None:
        """What ran in this session for more than a minute, or failed."""
        from workbench.ui.job_sheet import JobSheet

        if self.jobs is not None:
            sheet = JobSheet(self, self.jobs)
            sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            sheet.show()

    def _jobs_changed(self) -> None:
        if self.workspace is not None and self.jobs is not None:
            self.workspace.context.show_unread(self.jobs.unread)

    # ------------------------------------------------------------------ state

    def say(self, text: str) -> None:
        """A word in the status line; the journal's state when there is nothing to say."""
        text = spoken(text)
        if self.workspace is None:
            self._said.setText(text)
            return
        from workbench.viewmodels import numbers

        entries, last_ns = self.workspace.desk.session.journal_status()
        facts = self.workspace.desk.facts
        stamp = numbers.timestamp(last_ns, facts.time_zone if facts else "UTC") if last_ns else ""
        kept = f"Journal {numbers.count(entries, 'entry', 'entries')} · last edit {stamp} kept" if entries else "Journal empty"
        kept = spoken(kept)
        self._said.setText(f"{text}   ·   {kept}" if text else kept)

    def _enable(self) -> None:
        session = self.workspace.desk.session if self.workspace else None
        for name, item in self.actions_.items.items():
            if name not in ("open", "quit", "palette", "handbook", "keys") and not name.startswith(("theme", "language", "text", "start")):
                item.setEnabled(session is not None)
        if session is not None:
            for which, label in (("undo", session.undo_label), ("redo", session.redo_label)):
                item = self.actions_.items[which]
                item.setEnabled(label is not None and not session.read_only)
                item.setText(spoken(f"{which.capitalize()} {label}" if label else which.capitalize()))
        self.say("")
