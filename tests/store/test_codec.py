"""Chunks are what HDF5's own filters make of them."""

import zlib

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from workbench.store import codec

BLOCKS = st.sampled_from(["<i2", "u1", "<i8", "<f8"]).flatmap(
    lambda kind: hnp.arrays(
        np.dtype(kind), st.tuples(st.integers(1, 5), st.integers(1, 40)), elements=hnp.from_dtype(np.dtype(kind), allow_nan=False)
    )
)


@given(BLOCKS)
def test_round_trip(block):
    assert np.array_equal(codec.decode(codec.encode(block), block.shape, block.dtype), block)


@given(BLOCKS)
def test_a_part_is_joined_as_the_whole_is(block):
    parts = codec.inflated(codec.encode(block), block.shape, block.dtype)
    assert np.array_equal(parts, codec.shuffled(block))
    assert np.array_equal(codec.joined(parts[:, 1:, 2:], block.dtype), block[1:, 2:])


def test_chunks_end_in_blocks_without_contents():
    """libdeflate is slow over the last bytes of a stream: they must hold nothing."""
    data = codec.encode(np.full((400, 128), 3300, "<i2"))
    packer = zlib.decompressobj()
    assert len(packer.decompress(data[:-45])) == 400 * 128 * 2
    assert packer.decompress(data[-45:]) == b""
    assert packer.eof


def test_any_hdf5_reader_decodes_our_chunks(tmp_path):
    values = np.arange(512 * 4, dtype="<i2").reshape(4, 512)
    with h5py.File(tmp_path / "a.h5", "w") as file:
        made = file.create_dataset("x", values.shape, "<i2", chunks=values.shape, shuffle=True, compression="gzip")
        made.id.write_direct_chunk((0, 0), codec.encode(values))
    with h5py.File(tmp_path / "a.h5") as file:
        assert np.array_equal(file["x"][()], values)


@pytest.mark.parametrize("damage", [lambda d: d[:-4], lambda d: b"\0" * len(d), lambda d: b"", lambda d: zlib.compress(b"short")])
def test_damaged_chunks_are_named_so(damage):
    data = codec.encode(np.arange(512, dtype="<i2").reshape(1, 512))
    with pytest.raises(ValueError, match="damaged"):
        codec.decode(damage(data), (1, 512), np.dtype("<i2"))
