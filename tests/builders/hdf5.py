"""HDF5 files as owners and strangers make them: arrays in groups, MATLAB 7.3, and files that lie about what they hold."""

import h5py
import numpy as np


def grouped(path, table, *, scope="", turned=False, **words):
    """Arrays of the known table along a time axis; words go to create_dataset."""
    with h5py.File(path, "w") as file:
        group = file.require_group(scope) if scope else file
        group["time"] = np.array([at.timestamp() for at in table.times])
        volts = table.voltage.astype(np.float32) / np.float32(1000)
        group.create_dataset("cell_voltage", data=volts.T if turned else volts, **words)
        group["current"] = table.current
    return path


def with_userblock(path, make):
    """A MATLAB 7.3 file: HDF5 behind 512 bytes of its own."""
    with h5py.File(path, "w", userblock_size=512) as file:
        make(file)
    head = b"MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: Mon Mar  2 08:00:00 2026 HDF5 schema 1.00 ."
    with path.open("r+b") as file:
        file.write(head.ljust(116) + bytes(8) + b"\x00\x02IM")
    return path


def numeric(group, name, values):
    """A MATLAB array: the sides the other way round."""
    values = np.atleast_2d(values)
    made = group.create_dataset(name, data=values.T)
    made.attrs["MATLAB_class"] = np.bytes_({"float64": "double", "float32": "single"}.get(values.dtype.name, values.dtype.name))
    return made


def characters(group, name, text):
    units = np.frombuffer(text.encode("utf-16-le"), "<u2").reshape(-1, 1)
    made = group.create_dataset(name, data=units)
    made.attrs["MATLAB_class"], made.attrs["MATLAB_int_decode"] = np.bytes_("char"), np.int32(2)
    return made


def cell(file, group, name, makes):
    """A cell array: makes are functions of (group, name) that put each content among the references."""
    refs = file.require_group("#refs#")
    inside = [make(refs, f"{name}{i}").ref for i, make in enumerate(makes)]
    made = group.create_dataset(name, (1, len(inside)), dtype=h5py.ref_dtype)
    made[0, :] = inside
    made.attrs["MATLAB_class"] = np.bytes_("cell")
    return made
