"""What the window remembers of a person: geometry, theme, language, last stage and view per project. Disposable: anything unreadable is forgotten."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from workbench.ui.recent import folder

VERSION = 1  # of the layout; another one is forgotten, never half restored


def _settings() -> QSettings:
    return QSettings(str(folder() / "window.ini"), QSettings.Format.IniFormat)


def keep(name: str, value: str) -> None:
    """Remember a word."""
    settings = _settings()
    settings.setValue(f"v{VERSION}/{name}", value)
    settings.sync()


def recalled(name: str, otherwise: str = "") -> str:
    """A remembered word."""
    value = _settings().value(f"v{VERSION}/{name}", otherwise)
    return value if isinstance(value, str) else otherwise


def keep_geometry(geometry: QByteArray) -> None:
    """Size and place of the window."""
    keep("geometry", bytes(geometry.toBase64().data()).decode())


def geometry() -> QByteArray:
    """Size and place of the window, empty when nothing is remembered."""
    return QByteArray.fromBase64(recalled("geometry").encode())


def place_of(project: Path) -> str:
    """Prefix of what is remembered for one project; its path itself is not written there."""
    import hashlib  # here, so that the first window does not wait for it

    return f"project-{hashlib.sha256(str(project.resolve()).encode()).hexdigest()[:16]}"
