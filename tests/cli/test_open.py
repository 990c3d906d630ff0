"""workbench open hands over to the window's own process."""

import subprocess
import sys

from workbench.cli import main as border


def test_bare_words_open_the_window(monkeypatch):
    started = []
    monkeypatch.setattr(subprocess, "run", lambda words, check: started.append(words) or subprocess.CompletedProcess(words, 7))
    assert border.main(["northfield.bessreview"]) == 7
    assert border.main([]) == 7
    assert started == [[sys.executable, "-m", "workbench.ui", "northfield.bessreview"], [sys.executable, "-m", "workbench.ui"]]


def test_the_command_line_never_loads_qt():
    code = "import sys; from workbench.cli.main import main; main(['show', '--help']); sys.exit('PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
