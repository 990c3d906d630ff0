"""Acts of habit: history of looking, copies, theme and language, the principal's hat, files dropped on the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from workbench.review.roles import Role
from workbench.ui import remembered, text_size, theme, translation
from workbench.ui.actions import Actions
from workbench.ui.phrases import spoken

if TYPE_CHECKING:
    from workbench.ui.workspace import Workspace


class Host(Protocol):
    """What these acts need of the window they belong to."""

    actions_: Actions
    author: str
    workspace: Workspace | None

    def on_workspace(self, act: Callable[[Workspace], None]) -> None:
        """Do something with the open project."""

    def say(self, text: str) -> None:
        """A word in the status line."""

    def switch_theme(self) -> None:
        """Light to dark and back."""

    def close(self) -> bool:
        """Let go of everything; False where the person wants to stay."""


def register(window: Host) -> None:
    """Add the acts to the window's registry."""
    add = window.actions_.add
    add("back", "&View", "View back", "Alt+Left", lambda: window.on_workspace(lambda w: w.travel(-1)))
    add("forward", "&View", "View forward", "Alt+Right", lambda: window.on_workspace(lambda w: w.travel(1)))
    add("go to", "&View", "&Go to …", "Ctrl+P", lambda: window.on_workspace(show_go_to))
    for number, (name, stage, panels) in enumerate(LAYOUTS, 1):
        act = partial(lay_out, stage=stage, panels=panels)
        add(f"layout {name}", "&View", f"Layout: {name}", f"Ctrl+Alt+{number}", partial(window.on_workspace, act))
    add(
        "tear off",
        "&View",
        "The picture in a window of its own, or back",
        "Ctrl+Shift+F",
        lambda: window.on_workspace(partial(tear_off, window)),
    )
    add("copy picture", "&Edit", "Copy the picture", "Ctrl+Shift+C", lambda: window.on_workspace(lambda w: copy_picture(window, w)))
    add("copy numbers", "&Edit", "Copy the numbers", "Ctrl+Alt+C", lambda: window.on_workspace(lambda w: copy_numbers(window, w)))
    for name in ("light", "dark", "system"):
        text = "Theme: as the system" if name == "system" else f"Theme: {name}"
        add(f"theme {name}", "&View", text, "", partial(choose_theme, window, name))
    for code, text in (("en", "Language: English"), ("de", "Language: German")):
        add(f"language {code}", "&View", text, "", partial(choose_language, window, code))
    text_size.register(window)
    add("baseline", "&View", "Racks: another baseline", "Ctrl+Shift+B", lambda: window.on_workspace(next_baseline))
    add("pin instant", "&View", "Pin the instant under the pointer", "Ctrl+Shift+T", lambda: window.on_workspace(lambda w: w.pin()))
    add("pin", "&Review", "Pin this view to a finding …", "Ctrl+Shift+S", lambda: window.on_workspace(lambda w: w.desk.pin_wanted.emit()))
    add(
        "dismiss",
        "&Review",
        "Dismiss the candidate …",
        "Ctrl+Delete",
        lambda: window.on_workspace(lambda w: w.inspector.dismissal_wanted.emit()),
    )
    add("principal", "&Review", "Review as principal", "Ctrl+Shift+R", lambda: window.on_workspace(lambda w: wear_principal(window, w)))
    add("reviewer", "&Review", "Back to reviewing", "", lambda: window.on_workspace(lambda w: wear_reviewer(window, w)))


def tear_off(window: Host, workspace: Workspace) -> None:
    """The picture of the stage in view into a window of its own, or back."""
    refused = workspace.floating.toggle(workspace.stage, list(window.actions_.items.values()))
    if refused:
        window.say(refused)


def next_baseline(workspace: Workspace) -> None:
    """The racks are read against the next baseline, in view."""
    workspace.go("Racks")
    workspace.racks.next_baseline()


LAYOUTS = (  # name, stage, and the panels beside it
    ("triage", "Population", ("timeline", "inspector")),
    ("drill-down", "Cells", ("timeline", "inspector")),
    ("write-up", "Findings", ()),
    ("one picture", "", ()),
    ("as new", "", ("timeline", "inspector")),
)


def lay_out(workspace: Workspace, *, stage: str, panels: Sequence[str]) -> None:
    """A stage with its panels; an empty stage stays where one is."""
    workspace.show_only(panels)
    if stage:
        workspace.go(stage)


def show_go_to(workspace: Workspace) -> None:
    """Type where to be: a cell, rack, instant, finding or alarm."""
    from workbench.ui.go_to import GoTo  # knows candidates and findings; the first window does not wait for them

    box = GoTo(workspace, workspace.known_places(), workspace.reach)
    box.move(workspace.mapToGlobal(workspace.rect().center()) - box.rect().center())
    box.show()
    box.line.setFocus()


def system_theme() -> str:
    """light or dark, as the system says; light where it says nothing."""
    app = QGuiApplication.instance()
    dark = isinstance(app, QGuiApplication) and app.styleHints().colorScheme().name == "Dark"
    return "dark" if dark else "light"


def wanted_theme() -> str:
    """The theme a person chose, or that of the system."""
    chosen = remembered.recalled("theme", "system")
    return chosen if chosen in ("light", "dark") else system_theme()


def choose_theme(window: Host, name: str) -> None:
    """Remember the choice and wear it."""
    remembered.keep("theme", name)
    wanted = system_theme() if name == "system" else name
    if wanted != theme.theme_name():
        window.switch_theme()


def choose_language(window: Host, code: str) -> None:
    """Remember the language; the words of the open window change with the next start, so that nothing half-translated is worked in."""
    remembered.keep("language", code)
    window.say(f"{translation.LANGUAGES[code]}: from the next start of the program")


def copy_picture(window: Host, workspace: Workspace) -> None:
    """What is in view goes to the clipboard as an image."""
    QGuiApplication.clipboard().setPixmap(workspace.views[workspace.stage].grab())
    window.say("the picture is in the clipboard; a finding pins a picture with its recipe")


def copy_numbers(window: Host, workspace: Workspace) -> None:
    """The table in view goes to the clipboard as tab-separated text."""
    from workbench.ui.table import PictureTable

    tables = [t for t in workspace.views[workspace.stage].findChildren(PictureTable) if t.isVisible() and t.table.rows]
    if not tables:
        window.say("no table is in view here: the table button of a picture shows one")
        return
    focused = QApplication.focusWidget()
    table = focused if isinstance(focused, PictureTable) else tables[0]
    QGuiApplication.clipboard().setText(table.copied())
    window.say(f"{len(table.table.rows)} rows are in the clipboard")


def wear_principal(window: Host, workspace: Workspace) -> None:
    """Answer findings as the principal. A declared hat, as in the journal; the certificate proves it when the report is signed."""
    from PySide6.QtWidgets import QInputDialog

    session = workspace.desk.session
    name, given = QInputDialog.getText(
        workspace, spoken("Review as principal"), spoken("Name of the principal, as in the certificate"), text=session.author
    )
    if not given or not name.strip():
        return
    workspace.flush()
    session.as_role(Role.PRINCIPAL, name.strip())
    workspace.findings.looked(last_look(session.path, name.strip()))
    workspace.go("Findings")
    workspace.findings.refresh()
    workspace.findings.table.setFocus()
    window.say(f"{name.strip()} answers as principal: A accept, B return, E fix and accept, R replay")


def wear_reviewer(window: Host, workspace: Workspace) -> None:
    """Back to the reviewer's hat."""
    session = workspace.desk.session
    keep_look(session.path, session.author, session.journal_status()[0])
    session.as_role(Role.REVIEWER, window.author)
    workspace.findings.refresh()
    window.say(f"{window.author} reviews")


def keep_look(project: Path, author: str, entries: int) -> None:
    """Remember how far somebody has looked at a project."""
    remembered.keep(f"{remembered.place_of(project)}/looked-{author}", str(entries))


def last_look(project: Path, author: str) -> int:
    """How many journal entries there were when somebody last looked; 0 if never."""
    text = remembered.recalled(f"{remembered.place_of(project)}/looked-{author}", "0")
    return int(text) if text.isdigit() else 0


def dropped(data: QMimeData) -> tuple[Path | None, tuple[Path, ...]]:
    """A project folder that was dropped, else the files and folders of telemetry."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    projects = [p for p in paths if p.suffix == ".bessreview"]
    return (projects[0], ()) if projects else (None, tuple(paths))


def take_files(window: Host, files: Sequence[Path]) -> None:
    """Dropped telemetry is inspected on the Intake stage; nothing is written before the person says so."""
    workspace = window.workspace
    if workspace is None:
        window.say("open or make a project first, then drop its telemetry")
        return
    workspace.go("Intake")
    intake: QWidget = workspace.views["Intake"]
    inspect = getattr(intake, "inspect", None)
    if callable(inspect):
        inspect(tuple(files))
