"""A file is there whole or not at all, and the disk's complaints are sentences."""

import errno
import os
import signal

import pytest

from workbench.errors import ProjectError, Reason
from workbench.store.disk import disk_errors, sync_folder, write_once


def test_written_whole_without_scratch(tmp_path):
    write_once(tmp_path / "a.json", b"{}")
    assert (tmp_path / "a.json").read_bytes() == b"{}"
    assert os.listdir(tmp_path) == ["a.json"]


@pytest.mark.parametrize(
    ("code", "reason"),
    [(errno.ENOSPC, Reason.DISK_FULL), (errno.EFBIG, Reason.DISK_FULL), (errno.EROFS, Reason.READ_ONLY), (errno.EACCES, Reason.READ_ONLY), (errno.EIO, Reason.PROJECT_DAMAGED)],
)  # fmt: skip
def test_what_the_system_says_becomes_one_sentence(tmp_path, code, reason):
    with pytest.raises(ProjectError) as caught, disk_errors(tmp_path / "a.h5"):
        raise OSError(code, os.strerror(code))
    assert caught.value.reason is reason
    assert "a.h5" in caught.value.message
    assert caught.value.remedy


@pytest.mark.skipif(os.name == "nt", reason="file size limits are a matter of POSIX")
def test_a_full_disk_leaves_nothing_half_written(tmp_path):
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(ProjectError) as caught:
            write_once(tmp_path / "big.bin", b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, old)
    assert caught.value.reason is Reason.DISK_FULL
    assert os.listdir(tmp_path) == []


def test_a_missing_folder_is_said(tmp_path):
    with pytest.raises(ProjectError):
        write_once(tmp_path / "no" / "a", b"")


def test_folders_can_be_synced(tmp_path):
    sync_folder(tmp_path)
