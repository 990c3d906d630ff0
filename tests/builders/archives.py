"""Zip archives as they are handed over: honest ones, and ones that lie."""

import io
import struct
import warnings
import zipfile

LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
FLAGS, METHOD = (6, 8), (8, 10)  # where these two bytes stand in the local and in the central header


def zipped(*files, compression=zipfile.ZIP_DEFLATED, **changes):
    """files: (name, content). changes: attributes of every entry."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the same name twice is what some tests want
        for name, content in files:
            info = zipfile.ZipInfo(name)
            for key, value in changes.items():
                setattr(info, key, value)
            archive.writestr(info, content, compression)
    return buffer.getvalue()


def with_header(data, field, value):
    """The archive with two bytes of its first entry's headers set, as other programs write them."""
    made = bytearray(data)
    for mark, at in zip((LOCAL, CENTRAL), field, strict=True):
        begin = made.find(mark) + at
        made[begin : begin + 2] = struct.pack("<H", value)
    return bytes(made)
