"""Where does a study result live? A write-once file under derived/, known by the key of everything it was made from."""

from __future__ import annotations

from typing import TypeVar

from workbench.asset.plain import canonical, revive
from workbench.store.disk import write_once
from workbench.store.project import Project

T = TypeVar("T")


def write_result(project: Project, key: str, value: object, data: bytes | None = None) -> None:
    """Keep a result. The same key always holds the same value, so an existing file is left alone, unless this version cannot read it.

    data: the canonical bytes of the value, where they are there already.
    """
    path = project.path / "derived" / f"{key}.json"
    if path.exists() and read_result(project, key, type(value)) is None:
        path.unlink()
    if not path.exists():
        write_once(path, canonical(value) if data is None else data)


def read_result(project: Project, key: str, kind: type[T]) -> T | None:
    """The kept result, or None when there is none or this version cannot read it (it is then simply made again)."""
    path = project.path / "derived" / f"{key}.json"
    try:
        return revive(path.read_bytes(), kind)
    except (OSError, ValueError):
        return None
