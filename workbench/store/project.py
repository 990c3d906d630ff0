"""The project folder: make it, open it, hold its lock, keep its evidence."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
import shutil
import time
from pathlib import Path
from typing import IO

from workbench.errors import ProjectError, Reason
from workbench.store.disk import disk_errors, moved, sync_folder, write_once
from workbench.store.journal import Journal
from workbench.store.reader import WindowReader

FORMAT = 1
FACTS_BYTES = 1024 * 1024  # project.json has a hundred; what is cut off is no JSON
SUFFIX = ".bessreview"
TRIES, PAUSE_S = 50, 0.05
FOLDERS = ("windows", "derived", "evidence", "issued", "trust")


def is_project(path: Path) -> bool:
    """Whether a folder is a project, or made as one, of whatever version."""
    return (path / "project.json").is_file()


class Project:
    """One review on disk. `create` or `open` it; close it. One program writes at a time; others read."""

    def __init__(self, path: Path, project_id: str, *, read_only: bool, lock: IO[bytes] | None) -> None:
        self.path = path
        self.id = project_id
        self.read_only = read_only
        self._lock = lock
        self.journal = Journal(path / "review.db", read_only=read_only)

    @staticmethod
    def create(path: Path) -> Project:
        """Make a new, empty project. The folder's name ends in .bessreview; it must not exist yet."""
        path = path if path.name.endswith(SUFFIX) else path.with_name(path.name + SUFFIX)
        with disk_errors(path):
            taken = path.exists()
        if taken:
            raise ProjectError(Reason.PROJECT_EXISTS, f"{path} exists already.", "Choose another name, or open that project.")
        scratch = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        with disk_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            for folder in ("", *FOLDERS):
                (scratch / folder).mkdir()
            write_once(
                scratch / "project.json", json.dumps({"format": FORMAT, "id": secrets.token_hex(8), "recipients": []}, indent=1).encode()
            )
            scratch.rename(path)
            sync_folder(path.parent)
        return Project.open(path)

    @staticmethod
    def open(path: Path, *, read_only: bool = False, allow_read_only: bool = False) -> Project:
        """Open a project for writing, or for reading. allow_read_only: read if another program writes or the medium is protected."""
        facts = _facts(path)
        lock = None
        if not read_only:
            try:
                lock = _acquire(path)
            except ProjectError:
                if not allow_read_only:
                    raise
                read_only = True
        try:
            project = Project(path, str(facts["id"]), read_only=read_only, lock=lock)
        except BaseException:
            if lock is not None:
                lock.close()
            raise
        try:
            if not read_only:
                project._sweep()
        except BaseException:
            project.close()
            raise
        return project

    def close(self) -> None:
        """Let go of the journal and of the lock."""
        self.journal.close()
        if self._lock is not None:
            self._lock.close()  # the system releases the lock with the handle, also after a kill
            self._lock = None

    def __enter__(self) -> Project:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def window_path(self, window_id: str) -> Path:
        """Where the HDF5 file of a window lies."""
        return self.path / "windows" / f"{window_id}.h5"

    def window(self, window_id: str) -> WindowReader:
        """Open a window for reading."""
        path = self.window_path(window_id)
        if not path.exists():
            raise ProjectError(
                Reason.WINDOW_MISSING, f"Window {window_id} is missing from {self.path.name}.", "Restore the project from a copy."
            )
        return WindowReader(path)

    def write_evidence(self, data: bytes, suffix: str) -> str:
        """Keep bytes under their own SHA-256; returns it. Keeping the same bytes twice is one file."""
        name = hashlib.sha256(data).hexdigest()
        path = self.path / "evidence" / f"{name}{suffix}"
        if not path.parent.is_dir():
            raise moved(self.path)
        if not path.exists():
            write_once(path, data)
        return name

    def read_evidence(self, sha256: str, suffix: str) -> bytes:
        """The bytes with this digest. Raises ProjectError when they are gone or not the same any more."""
        path = self.path / "evidence" / f"{sha256}{suffix}"
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ProjectError(Reason.PROJECT_DAMAGED, f"Evidence {path.name} is missing.", "Restore the project from a copy.") from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ProjectError(Reason.PROJECT_DAMAGED, f"Evidence {path.name} was altered.", "Restore the project from a copy.")
        return data

    def issue(self, number: int, files: dict[str, bytes]) -> Path:
        """Put the files of an issue under issued/<number>; never overwrites one. The very same issue again (after a kill) is no fault."""
        final = self.path / "issued" / str(number)
        if final.exists() and all((final / name).is_file() and (final / name).read_bytes() == data for name, data in files.items()):
            return final
        if final.exists():
            raise ProjectError(Reason.PROJECT_EXISTS, f"{final} exists already; an issue is never overwritten.")
        scratch = final.with_name(f".{number}.part")
        with disk_errors(final):
            _remove(scratch)
            scratch.mkdir()
            for name, data in files.items():
                write_once(scratch / name, data)
            scratch.rename(final)
            sync_folder(final.parent)
        return final

    def _sweep(self) -> None:
        """Remove what a killed program left half done; nothing that was acknowledged has such a name."""
        for folder in FOLDERS:
            for orphan in (self.path / folder).glob(".*.part"):
                _remove(orphan)


def _facts(path: Path) -> dict[str, object]:
    try:
        with (path / "project.json").open("rb") as file:
            facts = json.loads(file.read(FACTS_BYTES))
        known = isinstance(facts, dict) and isinstance(facts["format"], int) and isinstance(facts["id"], str)
    except (OSError, ValueError, KeyError, RecursionError):
        known = False
    if not known or not (path / "windows").is_dir():
        what = "does not exist" if not path.exists() else "is not a review project (it has no readable project.json)"
        raise ProjectError(Reason.NOT_A_PROJECT, f"{path} {what}.", "Give a folder NAME.bessreview, or make one with `workbench create`.")
    if facts["format"] > FORMAT:
        raise ProjectError(
            Reason.PROJECT_TOO_NEW, f"{path} has format {facts['format']}; this version knows {FORMAT}.", "Open it with a newer workbench."
        )
    return dict(facts)


def _acquire(path: Path) -> IO[bytes]:
    with disk_errors(path):
        handle = (path / ".lock").open("ab")
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise ProjectError(
            Reason.PROJECT_LOCKED, f"{path.name} is open in another program.", "Close it there, or open it read-only."
        ) from error
    return handle


def _remove(path: Path) -> None:
    """Remove a file or folder. The reading process of a killed program may still be clearing the same place: then it is tried again."""
    for left in reversed(range(TRIES)):
        try:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
            return
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.ENOTEMPTY) or not left:
                raise
        time.sleep(PAUSE_S)
