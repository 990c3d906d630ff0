"""How is a file brought to disk so that a crash leaves either all of it or nothing? And what does a full disk say?"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from workbench.errors import ProjectError, Reason

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}
NO_PLACE = {errno.ENOENT, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENAMETOOLONG}


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn what the system says of a full or protected disk into one sentence."""
    try:
        yield
    except OSError as error:
        code = error.errno
        if code in FULL or any(word in str(error) for word in ("No space left", "File too large")):
            raise ProjectError(
                Reason.DISK_FULL, f"The disk is full; {path.name} was not written.", "Free some space and try again."
            ) from error
        if code in FORBIDDEN or "Read-only file system" in str(error):
            raise ProjectError(
                Reason.READ_ONLY, f"{path} cannot be written: {os.strerror(code or errno.EACCES)}.", "Choose a folder you may write to."
            ) from error
        said = os.strerror(code) if code else str(error)
        if code in NO_PLACE:
            raise ProjectError(
                Reason.NO_PLACE,
                f"{path} cannot be made: {said}.",
                "Choose a shorter name." if code == errno.ENAMETOOLONG else "Choose another place.",
            ) from error
        raise ProjectError(Reason.PROJECT_DAMAGED, f"{path} cannot be used: {said}.", "Check the disk.") from error


def moved(project: Path) -> ProjectError:
    """What is said when the folder of an open project is not where it was: an edit that goes after it could be lost without a word."""
    return ProjectError(
        Reason.NO_PLACE,
        f"The folder {project} was moved, replaced or removed while it was open; nothing was recorded.",
        "Close the project and open it where it lies now.",
    )


def give_space_back(scratch: Path) -> None:
    """Empty a scratch file whose writing failed or was stopped, before it is closed.

    HDF5 still flushes what it holds when a file is closed. On a full disk that fails too, and a process with a file that could not be
    closed crashes at its end; the space of the scratch file itself is enough for that flush.
    """
    with suppress(OSError):
        os.truncate(scratch, 0)


def sync_folder(folder: Path) -> None:
    """Bring a rename to disk. Windows has no such call and does not need it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_once(path: Path, data: bytes) -> None:
    """Write a file that nobody ever sees half: scratch name, fsync, rename, fsync of the folder."""
    scratch = path.with_name(f".{path.name}.part")
    with disk_errors(path):
        try:
            with scratch.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            scratch.replace(path)
        except OSError:
            scratch.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
