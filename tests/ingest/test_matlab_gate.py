"""What a MATLAB file of the old kind unpacks to is known before it is unpacked, also inside structs."""

import io
import struct
import zlib

import numpy as np
import pytest
from scipy.io import savemat

from workbench.errors import IngestError, Reason
from workbench.ingest import matlab_gate, sources
from workbench.ingest.csv_source import Member


def saved(path, *, packed=True, **variables):
    savemat(path, variables, do_compression=packed)
    return path


@pytest.mark.parametrize("packed", [True, False])
def test_the_tags_tell_the_size_of_structs_too(tmp_path, packed):
    rng = np.random.default_rng(1)
    path = saved(tmp_path / "a.mat", packed=packed, log={"cells": rng.normal(size=(1000, 20)), "time": np.arange(1000.0)}, x=np.arange(5.0))
    told = matlab_gate.check(path, Member(path))
    assert 8 * 21_000 <= told <= 8 * 21_005 + 2000


def test_a_bomb_inside_a_struct_is_refused_unread(tmp_path):
    path = saved(tmp_path / "a.mat", log={"cells": np.zeros((3_000_000, 1))})
    with pytest.raises(IngestError) as told:
        matlab_gate.check(path, Member(path))
    assert told.value.reason is Reason.ARCHIVE_UNSAFE
    assert told.value.message.startswith("a.mat claims 24,0")
    assert "\n" not in told.value.message


def test_an_honest_large_file_is_told_what_to_ask_for(tmp_path, monkeypatch):
    path = saved(tmp_path / "a.mat", cells=np.random.default_rng(1).normal(3.3, 0.1, (5000, 10)), time=np.arange(5000.0) + 1.77e9)
    matlab_gate.check(path, Member(path))
    monkeypatch.setattr(matlab_gate, "MOST_BYTES", 100_000)
    with pytest.raises(IngestError, match="unpacked whole") as told:
        sources.layout(Member(path, kind="matlab"))
    assert "-v7.3" in told.value.remedy


@pytest.mark.parametrize("data", [b"", b"MATLAB 5.0" + b" " * 116 + b"\0\1IM", b"MATLAB 5.0" + b" " * 116 + b"\0\1IM" + struct.pack("<II", 15, 9) + b"not zlib!", b"MATLAB 5.0" + b" " * 116 + b"\0\1XX" + bytes(64)])  # fmt: skip
def test_nonsense_states_nothing_and_is_left_to_the_reader(tmp_path, data):
    (tmp_path / "a.mat").write_bytes(data)
    assert matlab_gate.check(tmp_path / "a.mat", Member(tmp_path / "a.mat")) == 0


def test_files_of_the_other_byte_order_are_understood(tmp_path):
    inner = struct.pack(">II", 14, 5_000) + bytes(5_000)
    body = zlib.compress(inner)
    file = io.BytesIO()
    file.write(b"MATLAB 5.0".ljust(124) + b"\1\0MI" + struct.pack(">II", 15, len(body)) + body)
    (tmp_path / "a.mat").write_bytes(file.getvalue())
    assert matlab_gate.check(tmp_path / "a.mat", Member(tmp_path / "a.mat")) == 5_000
