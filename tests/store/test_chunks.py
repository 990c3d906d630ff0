"""A chunk is decoded once however many ask, and a file is closed under nobody."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import h5py
import numpy as np
import pytest

from workbench.errors import ProjectError, Reason
from workbench.store import codec
from workbench.store.chunks import ChunkMap, DecodedChunks, OpenFile

PATIENCE_S = 20


@pytest.mark.parametrize(
    ("shape", "chunks", "length"),
    [((4, 700), (4, 512), 512), ((4, 200), (4, 128), 128), ((4, 300), (4, 256), 256), ((9000,), (8192,), 8192)],
)
def test_places_are_those_of_the_file(tmp_path, shape, chunks, length):
    path = tmp_path / "a.h5"
    values = np.arange(int(np.prod(shape)), dtype="<i2" if len(shape) == 2 else "<i8").reshape(shape)
    with h5py.File(path, "w") as file:
        file.create_dataset("x", data=values, chunks=chunks, shuffle=True, compression="gzip")
        made = ChunkMap(file["x"], threading.RLock())
        places = [made.place(number) for number in range(3)]
    assert (made.ours, made.length, places[2]) == (True, length, None)
    data = path.read_bytes()
    assert all(data[offset] == 0x78 for offset, _ in places[:2])  # where a deflate stream begins


def test_of_a_long_dataset_single_places_are_those_of_the_list(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        made = file.create_dataset("x", (1, 1200 * 512), "<i2", chunks=(1, 512), shuffle=True, compression="gzip")
        for number in range(0, 1200, 3):
            made[0, number * 512] = 1
        listed = {}
        made.id.chunk_iter(lambda chunk: listed.update({chunk.chunk_offset[1] // 512: (chunk.byte_offset, chunk.size)}))
        found = ChunkMap(made, threading.RLock())
        assert [found.place(number) for number in (0, 600, 601, *range(1100, 1200))] == [
            listed.get(number) for number in (0, 600, 601, *range(1100, 1200))
        ]


def test_what_a_shrunken_dataset_keeps_beyond_its_end_is_not_listed(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        made = file.create_dataset(
            "x", data=np.ones((2, 700), "<i2"), chunks=(2, 128), maxshape=(2, None), shuffle=True, compression="gzip"
        )
        made.resize(300, axis=1)
        found = ChunkMap(made, threading.RLock())
        assert [found.place(number) is not None for number in range(6)] == [True, True, True, False, False, False]


@pytest.mark.parametrize("rows", [slice(None), slice(1, 3)])
@pytest.mark.parametrize("kind", ["<i2", "u1"])
def test_a_cut_of_a_chunk_is_that_of_its_values(tmp_path, kind, rows):
    values = np.random.default_rng(1).integers(0, 200, (4, 128)).astype(kind) * np.array(-150 if kind == "<i2" else 1).astype(kind)
    with h5py.File(tmp_path / "a.h5", "w") as file:
        made = ChunkMap(
            file.create_dataset("x", values.shape, kind, chunks=values.shape, shuffle=kind != "u1", compression="gzip", fillvalue=7),
            threading.RLock(),
        )
        for kept in (made.kept(codec.encode(values)), made.kept_values(values)):
            assert np.array_equal(made.cut(kept, rows, 5, 100), values[rows, 5:100])
            wide = np.zeros((len(range(4)[rows]), 300), kind)
            made.cut(kept, rows, 5, 100, wide[:, 50:145])
            assert np.array_equal(wide[:, 50:145], values[rows, 5:100])
            assert not wide[:, :50].any()
            assert not wide[:, 145:].any()
        assert (made.cut(made.kept(None), rows, 0, 128) == 7).all()


@pytest.mark.parametrize(
    "options", [{"chunks": (2, 512)}, {"chunks": (4, 100)}, {"compression": None, "shuffle": False}, {"fletcher32": True}]
)
def test_other_layouts_are_not_ours(tmp_path, options):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        chosen = {"chunks": (4, 512), "shuffle": True, "compression": "gzip"} | options
        assert not ChunkMap(file.create_dataset("x", data=np.zeros((4, 700), "<i2"), **chosen), threading.RLock()).ours


def test_many_threads_decode_a_chunk_once():
    held, together, calls = DecodedChunks(10**6), threading.Barrier(4), []

    def decode():
        calls.append(1)
        return np.ones(8)

    def ask(_):
        together.wait(PATIENCE_S)
        return held.get(("R", "v", 0), decode)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, range(4)))
    assert len(calls) == 1
    assert all(chunk is found[0] for chunk in found)
    assert not found[0].flags.writeable


def test_of_many_chunks_those_unknown_are_decoded_by_one_call():
    held, asked = DecodedChunks(10**6), []

    def decode(keys):
        asked.append([number for _, _, number in keys])
        return [np.full(4, number) for _, _, number in keys]

    def get(*numbers):
        return [int(chunk[0]) for chunk in held.get_all([("R", "v", number) for number in numbers], decode)]

    assert get(3, 1, 3) == [3, 1, 3]
    assert get(1, 2, 3, 4) == [1, 2, 3, 4]
    assert get(4, 1) == [4, 1]
    assert asked == [[3, 1], [2, 4]]
    with pytest.raises(ZeroDivisionError):
        held.get_all([("R", "v", 9)], lambda _: [1 // 0])
    assert get(9) == [9]  # and may be tried again


def test_who_asks_for_many_waits_for_what_others_decode():
    held, began, go = DecodedChunks(10**6), threading.Event(), threading.Event()

    def slow():
        began.set()
        assert go.wait(PATIENCE_S)
        return np.ones(4)

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(held.get, ("R", "v", 0), slow)
        assert began.wait(PATIENCE_S)
        many = pool.submit(held.get_all, [("R", "v", 0), ("R", "v", 1)], lambda keys: [np.full(4, 7) for _ in keys])
        go.set()
        assert [int(chunk[0]) for chunk in many.result(PATIENCE_S)] == [1, 7]
        assert many.result()[0] is one.result()


def test_who_waits_for_a_damaged_chunk_is_told_too():
    held, began, go = DecodedChunks(10**6), threading.Event(), threading.Event()

    def fails():
        began.set()
        assert go.wait(PATIENCE_S)
        raise ValueError("damaged")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(held.get, ("R", "v", 0), fails)
        assert began.wait(PATIENCE_S)
        second = pool.submit(held.get, ("R", "v", 0), fails)
        go.set()
        for asked in (first, second):
            with pytest.raises(ValueError, match="damaged"):
                asked.result(PATIENCE_S)
    assert held.get(("R", "v", 0), lambda: np.ones(1)).sum() == 1  # and may be tried again


def test_memory_stays_within_the_budget_and_the_longest_unused_goes_first():
    held = DecodedChunks(3 * 80)
    for number in range(3):
        held.get(("R", "v", number), lambda: np.zeros(10))
    held.get(("R", "v", 0), lambda: pytest.fail("was held"))
    held.get(("R", "v", 3), lambda: np.zeros(10))
    assert held.held_bytes == 240
    held.get(("R", "v", 0), lambda: pytest.fail("was held"))
    again = []
    held.get(("R", "v", 1), lambda: again.append(1) or np.zeros(10))
    assert again == [1]
    held.forget()
    assert held.held_bytes == 0


def test_a_closed_file_says_so_and_its_number_is_not_read_from(tmp_path):
    (tmp_path / "a").write_bytes(b"a" * 10)
    (tmp_path / "b").write_bytes(b"b" * 10)
    file = OpenFile(tmp_path / "a")
    assert file.read(2, 3) == b"aaa"
    assert file.read(8, 9) == b"aa"
    file.close()
    file.close()
    other = os.open(tmp_path / "b", os.O_RDONLY)  # most systems give it the number that has just become free
    try:
        with pytest.raises(ProjectError) as caught:
            file.read(0, 3)
    finally:
        os.close(other)
    assert caught.value.reason is Reason.WINDOW_MISSING


@pytest.mark.parametrize(("answer", "at_hand"), [(None, True), (BlockingIOError(11, "later"), False), (OSError(95, "not here"), True)])
def test_whether_bytes_are_at_hand_is_asked_of_the_system(tmp_path, monkeypatch, answer, at_hand):
    (tmp_path / "a").write_bytes(b"a" * 10_000)
    asked = []

    def preadv(handle, buffers, offset, flags):
        asked.append((offset, flags))
        if answer and offset:
            raise answer
        return 1

    monkeypatch.setattr(os, "RWF_NOWAIT", 8, raising=False)
    monkeypatch.setattr(os, "preadv", preadv, raising=False)
    file = OpenFile(tmp_path / "a")
    assert file.at_hand(0, 9000) is at_hand
    assert asked == [(0, 8), (8999, 8)]
    monkeypatch.delattr(os, "RWF_NOWAIT")
    assert file.at_hand(0, 9000)  # a system that does not say
    file.close()


def test_closing_waits_for_who_is_inside(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"a" * 10)
    file, inside, go = OpenFile(tmp_path / "a"), threading.Event(), threading.Event()
    real = os.pread

    def slow(handle, size, offset):
        inside.set()
        assert go.wait(PATIENCE_S)
        return real(handle, size, offset)

    monkeypatch.setattr(os, "pread", slow)
    with ThreadPoolExecutor(2) as pool:
        reading = pool.submit(file.read, 0, 4)
        assert inside.wait(PATIENCE_S)
        closing = pool.submit(file.close)
        assert not closing.done()
        go.set()
        assert reading.result(PATIENCE_S) == b"aaaa"
        closing.result(PATIENCE_S)
