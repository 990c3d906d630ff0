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

PROGRAM = Path(__file__).with_name("apart_child.py")
PARENT = """
import sys
from pathlib import Path
from workbench.jobs import apart
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
