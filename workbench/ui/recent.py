"""Which projects were opened lately? A small list beside the person's settings, never inside a project."""

from __future__ import annotations

import json
import os
from pathlib import Path

KEPT = 12


def folder() -> Path:
    """Where the list lies on this system."""
    base = os.environ.get("APPDATA") or os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "bess-review-workbench"


def recent() -> list[Path]:
    """Latest first. A damaged list is an empty list."""
    try:
        names = json.loads((folder() / "recent.json").read_text(encoding="utf-8"))
        return [Path(name) for name in names if isinstance(name, str)] if isinstance(names, list) else []
    except (OSError, ValueError):
        return []


def remember(path: Path) -> None:
    """Put a project on top. Failing to do so never stops anybody."""
    names = [str(path.resolve()), *(str(p) for p in recent() if p.resolve() != path.resolve())]
    try:
        folder().mkdir(parents=True, exist_ok=True)
        (folder() / "recent.json").write_text(json.dumps(names[:KEPT], indent=1), encoding="utf-8")
    except OSError:
        return
