"""Processes of tests: does one still run?"""

import os
from pathlib import Path


def gone(pid):
    """Whether a process has ended; one that nobody waits for yet has ended too."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z"
