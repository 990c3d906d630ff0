"""An import that is killed is said once, with the command that begins it again; one that ends in any other way leaves no note."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from builders.exports import Table

from workbench.errors import IngestError
from workbench.jobs.progress import Progress
from workbench.workflow import unfinished
from workbench.workflow.session import Session

ROOT = Path(__file__).resolve().parents[2]
KILLED = """
import os, sys
from pathlib import Path
from workbench.jobs.progress import Progress
from workbench.workflow import intake
from workbench.workflow.session import Session
intake.ask = lambda *_: os._exit(9)  # in the midst of it
with Session.open(Path(sys.argv[1]), author="Rita") as session:
    session.import_window([Path(sys.argv[2])], Progress(), name="March 2026", time_zone="Europe/Berlin", start_ns=1_772_438_400_000_000_000)
"""


def killed(project, source):
    child = subprocess.run(
        [sys.executable, "-c", KILLED, str(project), str(source)], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    )
    assert child.returncode == 9


def test_a_killed_import_is_said_once_with_its_command(project, tmp_path):
    source = Table().write(tmp_path / "a b.csv")
    killed(project, source)
    with Session.open(project, author="Rita") as session:
        (sentence,) = unfinished.said(session.project)
        assert unfinished.said(session.project) == []
    words = shlex.split(sentence.split(": ", 1)[1])
    assert words[:4] == ["workbench", "import", str(project), str(source)]
    assert words[4:] == ["--window", "March 2026", "--zone", "Europe/Berlin", "--start", "2026-03-02T08:00:00Z"]


def test_an_import_that_ends_leaves_no_note(session, tmp_path):
    session.import_window([Table().write(tmp_path / "a.csv")], Progress())
    (tmp_path / "b.csv").write_text("nothing\n")
    with pytest.raises(IngestError):
        session.import_window([tmp_path / "b.csv"], Progress())
    assert unfinished.said(session.project) == []


def test_a_note_that_is_none_is_swept_away(session):
    note = session.project.path / "derived" / ".x.begun"
    note.write_bytes(b"\xff{")
    assert unfinished.said(session.project) == []
    assert not note.exists()
