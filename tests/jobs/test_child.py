"""A child keeps its limits and does not outlive its parent."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from builders.processes import gone

from workbench.jobs import apart
from workbench.jobs.child import EXIT_ORPHAN

PROGRAM = Path(__file__).with_name("apart_child.py")
PARENT = """
import sys
from pathlib import Path
from workbench.jobs import apart
from workbench.jobs.child import EXIT_ORPHAN
from workbench.jobs.progress import Progress
limits = apart.Limits(memory_bytes=1 << 30)
apart.run([sys.executable, sys.argv[1], "endless"], b"", Progress(lambda r: print(r.stage, flush=True)), scratch=Path(sys.argv[2]), limits=limits)
"""
LIMITED = """
import json, os, resource, sys
from workbench.jobs import child
from workbench.jobs.apart import Limits
child._limit(Limits(memory_bytes=1 << 30, niceness=3))
names = ("RLIMIT_DATA", "RLIMIT_AS", "RLIMIT_CORE")
print(json.dumps({name: resource.getrlimit(getattr(resource, name)) for name in names} | {"nice": os.nice(0)}))
"""
POSIX = pytest.mark.skipif(os.name == "nt", reason="signals and limits are matters of POSIX")


@POSIX
def test_a_child_whose_parent_is_killed_ends_itself_and_takes_its_scratch_files_along(tmp_path):
    scratch = tmp_path / "scratch"
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(PROGRAM), str(scratch)], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        pid, started = (int(word) for word in parent.stdout.readline().split())
        assert (scratch / "scratch.rows").exists()
        parent.send_signal(signal.SIGKILL)
        parent.wait(10)
    deadline = time.monotonic() + 5
    while not gone(pid) or scratch.exists():
        assert time.monotonic() < deadline, "the child lives on"
        time.sleep(0.01)
    os.kill(started, signal.SIGKILL)  # what the child of this test started on purpose


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know these limits by name only")
def test_limits_of_memory_core_files_and_rank(tmp_path):
    import json

    environment = {**os.environ, "PYTHONPATH": str(Path.cwd()), "TMPDIR": str(tmp_path)}
    said = subprocess.run([sys.executable, "-c", LIMITED], capture_output=True, text=True, env=environment, check=True, timeout=60).stdout
    limits = json.loads(said)
    assert limits["RLIMIT_DATA"] == [1 << 30] * 2
    assert limits["RLIMIT_AS"][0] >= (1 << 30) + 8 * apart.GIB
    assert limits["RLIMIT_CORE"] == [0, 0]
    assert limits["nice"] == os.nice(0) + 3


@POSIX
def test_nothing_but_the_folder_that_was_made_for_it_is_ever_removed(tmp_path):
    """A child that was told no folder removes none, whatever the system takes for temporary."""
    (tmp_path / "mine.txt").write_text("x")
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd()), "TMPDIR": str(tmp_path)}
    bodies = (b'{"memory_bytes":1073741824}', b"")
    with subprocess.Popen(
        [sys.executable, str(PROGRAM), "endless"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as child:
        child.stdin.write(b"".join(apart.FRAME.pack(b"Q", len(body)) + body for body in bodies))
        child.stdin.flush()
        kind, size = apart.FRAME.unpack(child.stdout.read(apart.FRAME.size))
        assert kind == apart.STEP
        started = int(child.stdout.read(size).split(b'"stage":"')[1].split(b'"')[0].split()[1])
        child.stdin.close()
        assert child.wait(10) == EXIT_ORPHAN
        os.kill(started, signal.SIGKILL)
    assert (tmp_path / "mine.txt").read_text() == "x"
