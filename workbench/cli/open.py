"""workbench open [PROJECT]: the window."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from pathlib import Path

from workbench.cli.exit_codes import FAULT
from workbench.cli.output import Output
from workbench.errors import Reason, UsageError

EXAMPLE = "example: workbench open northfield.bessreview"


def configure(parser: argparse.ArgumentParser) -> None:
    """Words of this verb."""
    parser.add_argument("project", nargs="?", type=Path, help="project folder (NAME.bessreview)")


def run(given: argparse.Namespace, out: Output) -> int:
    """Hand over to a process of its own kind: the window lives in `workbench.ui`, which the command line never imports."""
    import subprocess
    import sys

    if screenless(os.environ, sys.platform):
        raise UsageError(
            Reason.USAGE,
            "There is no screen to open the window on.",
            "Run it where one is (DISPLAY or WAYLAND_DISPLAY is set), or use the commands: show, render, record, submit.",
        )
    words = [sys.executable, "-m", "workbench.ui", *([str(given.project)] if given.project else [])]
    code = subprocess.run(words, check=False).returncode
    if code < 0:  # ended by a signal: Qt does so when it cannot reach its screen
        print(
            "The window ended before it was closed; what was recorded is kept. Is the screen that DISPLAY names reachable?", file=sys.stderr
        )
        return FAULT
    return code


def screenless(environment: Mapping[str, str], platform: str) -> bool:
    """Whether Qt would find no screen: only Linux names its screen in the environment, and a platform that was chosen needs none."""
    return platform.startswith("linux") and not any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
