"""Pictures of every stage."""

import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage

from workbench.ui import screenshots
from workbench.ui.rail import STAGES


def test_every_stage_is_shot_and_none_is_blank(project, tmp_path, capsys):
    assert screenshots.main([str(tmp_path / "shots"), "--project", str(project), "--theme", "light", "--size", "1200x760"]) == 0
    made = {p.name for p in (tmp_path / "shots").glob("*.png")}
    assert {f"{i}-{name.lower()}-light.png" for i, (name, _) in enumerate(STAGES, 1)} <= made
    assert "0-start-light.png" in made
    for name in made:
        image = QImage(str(tmp_path / "shots" / name))
        assert (image.width(), image.height()) == (1200, 760)
        assert len({image.pixelColor(x, y).name() for x in range(0, 1200, 40) for y in range(0, 760, 40)}) > 3, name


def test_every_size_and_scale_of_every_project_is_asked_for_in_a_process_of_its_own(monkeypatch, tmp_path):
    asked = []

    def run(words, check):
        asked.append(words)
        return subprocess.CompletedProcess(words, 3 if "--scale 3" in " ".join(words) else 0)

    monkeypatch.setattr(subprocess, "run", run)
    projects = {"demo": Path("a.bessreview"), "telemetry": Path("b.bessreview")}
    assert screenshots.every(projects, tmp_path, "both") == 3, "the worst exit code is handed on"
    assert len(asked) == len(projects) * len(screenshots.EVERY)
    assert all(words[0] == sys.executable for words in asked)
    sizes = {(words[words.index("--size") + 1], words[words.index("--scale") + 1]) for words in asked}
    assert {("1280x800", "1"), ("1280x800", "2"), ("2560x1440", "1"), ("2560x1440", "2"), ("1280x800", "3")} == sizes
    assert len({words[3] for words in asked}) == len(asked), "no folder holds two sets of pictures"


def test_telemetry_becomes_a_project_with_its_study(small_site, tmp_path):
    from workbench.workflow.session import Session

    made = screenshots.study_of([small_site.export], tmp_path)
    with Session.open(made, author="Rita Example", wait_free=True) as session:
        assert session.study(session.document.windows[-1].id) is not None
