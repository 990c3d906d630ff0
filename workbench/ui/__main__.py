"""python -m workbench.ui [PROJECT]: the window as a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

from workbench.ui.app import run

if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
