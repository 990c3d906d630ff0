"""Processes of tests: does one still run, and which did it start?"""

import os
import subprocess
from pathlib import Path


def gone(pid):
    """Whether a process has ended; one that nobody waits for yet has ended too."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z"


def children(pid):
    """The processes that a process started and that still run."""
    told = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,comm="], capture_output=True, text=True, check=True).stdout
    found = (line.split() for line in told.splitlines())
    return [int(own) for own, parent, name, *_ in found if int(parent) == pid and name != "ps"]
