"""Where do fonts and other shipped files lie? Beside the package, in the repository's resources folder."""

from __future__ import annotations

from pathlib import Path

from workbench.errors import Reason, ReportError

FOLDER = Path(__file__).resolve().parents[2] / "resources"


def font_file(name: str) -> Path:
    """A shipped TrueType file."""
    path = FOLDER / "fonts" / f"{name}.ttf"
    if not path.exists():
        raise ReportError(
            Reason.RESOURCE_MISSING, f"The font {path.name} is missing from this installation.", "Install the workbench again."
        )
    return path
