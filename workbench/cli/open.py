"""workbench open [PROJECT]: the window."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbench.cli.output import Output

EXAMPLE = "example: workbench open northfield.bessreview"


def configure(parser: argparse.ArgumentParser) -> None:
    """Words of this verb."""
    parser.add_argument("project", nargs="?", type=Path, help="project folder (NAME.bessreview)")


def run(given: argparse.Namespace, out: Output) -> int:
    """Hand over to a process of its own kind: the window lives in `workbench.ui`, which the command line never imports."""
    import subprocess
    import sys

    words = [sys.executable, "-m", "workbench.ui", *([str(given.project)] if given.project else [])]
    return subprocess.run(words, check=False).returncode
