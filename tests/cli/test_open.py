"""workbench open hands over to the window's own process."""

import subprocess
import sys

import pytest

from workbench.cli import main as border
from workbench.cli.open import screenless


def test_bare_words_open_the_window(monkeypatch):
    started = []
    monkeypatch.setattr(subprocess, "run", lambda words, check: started.append(words) or subprocess.CompletedProcess(words, 7))
    assert border.main(["northfield.bessreview"]) == 7
    assert border.main([]) == 7
    assert started == [[sys.executable, "-m", "workbench.ui", "northfield.bessreview"], [sys.executable, "-m", "workbench.ui"]]


def test_without_a_screen_it_says_so_in_one_sentence(monkeypatch, capsys):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert border.main(["open"]) == 2
    said = capsys.readouterr().err
    assert "There is no screen to open the window on." in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("environment", "platform", "none"),
    [
        ({}, "linux", True),
        ({"DISPLAY": ""}, "linux", True),
        ({"DISPLAY": ":0"}, "linux", False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", False),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", False),
        ({}, "darwin", False),
        ({}, "win32", False),
    ],
)
def test_only_linux_names_its_screen(environment, platform, none):
    assert screenless(environment, platform) is none


def test_a_window_that_dies_is_a_fault_with_a_sentence(monkeypatch, capsys):
    monkeypatch.setattr(subprocess, "run", lambda words, check: subprocess.CompletedProcess(words, -6))
    assert border.main(["open"]) == 70
    assert "what was recorded is kept" in capsys.readouterr().err


def test_the_command_line_never_loads_qt():
    code = "import sys; from workbench.cli.main import main; main(['show', '--help']); sys.exit('PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
