"""Pictures of every stage, taken from the real window: python -m workbench.ui.screenshots FOLDER [--project PATH] [--theme both] [--size 1440x900] [--scale 2] [--language de].

With --every, all that is looked at before a release: the demo and, with --telemetry, a project made of those files; 1280x800 and 2560x1440, at 100 %
and 200 %, and one size at 300 %; one folder per project, size and scale.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QMouseEvent
from PySide6.QtWidgets import QApplication

from workbench.asset.scope import Mandate, Scope
from workbench.jobs.progress import Progress
from workbench.ui.app import make_app
from workbench.ui.heatmap_canvas import Brush, HeatmapCanvas, View
from workbench.ui.main_window import MainWindow
from workbench.ui.rail import STAGES
from workbench.ui.theme import is_night
from workbench.ui.translation import LANGUAGES, use_language
from workbench.workflow import demo
from workbench.workflow.session import Session

PATIENCE_S = 30.0
EVERY = (("1280x800", "1"), ("1280x800", "2"), ("2560x1440", "1"), ("2560x1440", "2"), ("1280x800", "3"))


def settle(window: MainWindow) -> None:
    """Let every picture that was asked for arrive: two quiet rounds in a row."""
    deadline, quiet = time.monotonic() + PATIENCE_S, 0
    while quiet < 3 and time.monotonic() < deadline:
        window.bridge.drain()
        QCoreApplication.processEvents()
        quiet = 0 if window.bridge.waiting or window.bridge.busy else quiet + 1


def hover(canvas: HeatmapCanvas, brush: Brush) -> None:
    """Put the pointer on the middle of a selection, as a reviewer would."""
    box = canvas.brush_box()
    if box is None:
        return
    place = QPointF(canvas.x_of((brush.start_ns + brush.end_ns) // 2), box.center().y())
    outer = QPointF(canvas.mapToGlobal(place.toPoint()))
    QApplication.sendEvent(canvas, QEnterEvent(place, place, outer))
    none = Qt.MouseButton.NoButton
    QApplication.sendEvent(canvas, QMouseEvent(QEvent.Type.MouseMove, place, outer, none, none, Qt.KeyboardModifier.NoModifier))


def shoot(window: MainWindow, folder: Path) -> list[Path]:
    """Every stage in turn, with the first candidate chosen. Returns the files."""
    made: list[Path] = []
    theme_name = "dark" if is_night() else "light"

    def keep(name: str) -> None:
        settle(window)
        path = folder / f"{name}-{theme_name}.png"
        window.grab().save(str(path))
        made.append(path)

    workspace = window.workspace
    if workspace is None:
        keep("0-start")
        return made
    settle(window)
    workspace.go("Population")
    workspace.desk.select(None)  # not where the last pictures left the project: the same pictures every time
    canvas = workspace.population.canvas
    canvas.set_view(View(*canvas.limits))
    settle(window)
    keep("4-population-whole")
    workspace.population.controls.shape.choose(1)
    keep("4-population-instant")
    workspace.population.controls.shape.choose(0)
    study = workspace.desk.study
    if study is not None and study.candidates:
        workspace.population.candidates.walk(1)
        settle(window)
        brush = workspace.desk.selection
        if brush is not None:
            hover(workspace.population.canvas, brush)
    for number, (stage, _) in enumerate(STAGES, 1):
        workspace.go(stage)
        if stage == "Report":
            workspace.report.preview()
        keep(f"{number}-{stage.lower()}")
    return made


def study_of(telemetry: list[Path], folder: Path) -> Path:
    """A project of telemetry files with its study, as somebody has it who knows nothing of the asset yet. Returns its path."""
    scope = Scope(
        client="",
        mandate=Mandate.VALUATION,
        question="Is the condition that is displayed the condition of the pack?",
        asset=telemetry[0].stem,
    )
    with Session.create(folder / f"{telemetry[0].stem}.bessreview", scope, author="Screenshots") as session:
        entry = session.import_window(telemetry, Progress(), name=telemetry[0].stem)
        session.run_study(entry.id, Progress())
        return session.path


def every(projects: dict[str, Path], folder: Path, theme: str) -> int:
    """All sizes and scales of all projects, each in a process of its own: Qt reads the scale once. Returns the worst exit code."""
    worst = 0
    for name, project in projects.items():
        for size, scale in EVERY:
            place = folder / f"{name}-{size}-{int(scale) * 100}"
            words = [str(place), "--project", str(project), "--theme", theme, "--size", size, "--scale", scale]
            worst = max(worst, subprocess.run([sys.executable, "-m", "workbench.ui.screenshots", *words], check=False).returncode)
    return worst


def taken(project: Path, folder: Path, themes: tuple[str, ...], size: str, language: str) -> list[Path]:
    """The start page and every stage of a project, in each theme. Returns the files."""
    wide, tall = (int(v) for v in size.split("x"))
    made: list[Path] = []
    for name in themes:
        make_app(sys.argv[:1], name)
        use_language(language)
        window = MainWindow()
        window.resize(wide, tall)
        window.show()
        made += shoot(window, folder)
        window.open_project(project)
        settle(window)
        made += shoot(window, folder)
        window.close()
    return made


def main(words: list[str] | None = None) -> int:
    """Parse, open, shoot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--project", type=Path, help="default: the demo, made for this purpose")
    parser.add_argument("--telemetry", type=Path, nargs="+", default=[], help="files of which a project is made and shown besides")
    parser.add_argument("--every", action="store_true", help="both sizes, 100 to 300 %%")
    parser.add_argument("--theme", choices=("light", "dark", "both"), default="both")
    parser.add_argument("--size", default="1440x900")
    parser.add_argument("--scale", default="1", help="1 to 3: device pixels per pixel")
    parser.add_argument("--language", choices=tuple(LANGUAGES), default="en")
    given = parser.parse_args(words)
    given.folder.mkdir(parents=True, exist_ok=True)
    os.environ["QT_SCALE_FACTOR"] = given.scale  # read once, when the application is made
    themes = ("light", "dark") if given.theme == "both" else (given.theme,)
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["XDG_CONFIG_HOME"] = os.environ["APPDATA"] = scratch  # the start page shows nobody's own projects
        projects = {"demo": given.project or demo.run(Path(scratch) / "demo", Progress(), lambda line: None).project}
        if given.telemetry:
            projects["telemetry"] = study_of(given.telemetry, Path(scratch))
        if given.every:
            return every(projects, given.folder, given.theme)
        for name, project in projects.items():
            place = given.folder if len(projects) == 1 else given.folder / name
            place.mkdir(exist_ok=True)
            print(*taken(project, place, themes, given.size, given.language), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
