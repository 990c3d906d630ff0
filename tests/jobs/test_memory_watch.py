"""A process that holds too much is seen; one that only maps large files is not."""

import mmap
import subprocess
import sys
import time

import psutil
import pytest

from workbench.jobs.memory_watch import MemoryWatch, private_bytes

HOLD = "import sys; kept = bytearray(int(sys.argv[1]) << 20); print(flush=True); sys.stdin.read()"


@pytest.fixture
def holding():
    started = []

    def start(megabytes):
        child = subprocess.Popen([sys.executable, "-c", HOLD, str(megabytes)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        started.append(child)
        child.stdout.readline()
        return child

    yield start
    for child in started:
        child.communicate()


@pytest.mark.parametrize(("megabytes", "exceeded"), [(20, False), (300, True)])
def test_what_a_process_holds_is_seen(holding, megabytes, exceeded):
    assert MemoryWatch(holding(megabytes).pid, 150 << 20).exceeded() is exceeded


def test_a_second_look_waits(holding, monkeypatch):
    watch = MemoryWatch(holding(300).pid, 150 << 20)
    assert watch.exceeded()
    assert not watch.exceeded()
    later = time.monotonic() + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert watch.exceeded()


def test_a_process_that_is_gone_exceeds_nothing(holding):
    child = holding(1)
    watch = MemoryWatch(child.pid, 0)
    child.communicate()
    assert not watch.exceeded()
    assert not MemoryWatch(child.pid, 0).exceeded()


def test_mapped_files_do_not_count(tmp_path):
    path = tmp_path / "rows"
    path.write_bytes(b"x" * (64 << 20))
    before = private_bytes(psutil.Process())
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert sum(mapped[i] for i in range(0, len(mapped), 4096)) > 0
        assert private_bytes(psutil.Process()) - before < 16 << 20
