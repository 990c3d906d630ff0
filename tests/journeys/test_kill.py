"""kill -9 at any moment: no acknowledged edit or window is lost, and every project opens. WORKBENCH_KILLS=50 for the long loop."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from builders.exports import Table

from workbench.jobs.progress import Progress
from workbench.store.journal import Journal
from workbench.workflow.session import Session

KILLS = int(os.environ.get("WORKBENCH_KILLS", "5"))
WORKER = Path(__file__).with_name("killed_worker.py")
ROOT = Path(__file__).resolve().parents[2]


def killed(what, project, source, chance):
    """Start the worker, kill it after a moment of its work, and return what it had acknowledged."""
    child = subprocess.Popen(
        [sys.executable, str(WORKER), what, str(project), str(source)], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )  # fmt: skip
    with child:
        assert child.stdout.readline() == "ready\n"
        os.set_blocking(child.stdout.fileno(), True)
        try:
            child.wait(chance.uniform(0.0, 0.35 if what == "edits" else 2.5))  # an import starts a process of its own
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
        said = child.stdout.read().splitlines()
        child.wait(10)
    return [line for line in said if line]


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a matter of POSIX")
@pytest.mark.slow
@pytest.mark.parametrize("what", ["edits", "import"])
def test_nothing_acknowledged_is_lost(project, tmp_path, what):
    chance = random.Random(what)
    source = Table(rows=4000, cells=24).write(tmp_path / "a.csv")
    acknowledged = 0
    for _ in range(KILLS):
        said = killed(what, project, source, chance)
        acknowledged += len(said)
        with Session.open(project, author="Rita") as session:
            journal = Journal(project / "review.db", read_only=True)
            journal.verify()
            journal.close()
            if what == "edits":
                held = session.document.verdict
                assert not said or int(held.reason.split()[1]) >= int(said[-1])
            else:
                assert set(said) <= {w.id for w in session.document.windows}
            for entry in session.document.windows[-2:]:
                assert session.views.reader(entry.id).verify_root(Progress()) == ()
            known = {f"{w.id}.h5" for w in session.document.windows}
            left = {p.name for p in (project / "windows").iterdir()} - known
            assert not {name for name in left if name.startswith(".")}, "scratch files are swept"
    assert acknowledged, "the worker was killed before it did anything: the loop proves nothing"
