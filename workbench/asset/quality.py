"""What do we know about a sample besides its value? One byte of flags per sample."""

from __future__ import annotations

from enum import IntFlag


class Quality(IntFlag):
    """RECEIVED is the absence of every flag. The flags of UNUSABLE say that no value is kept; the others qualify one that is."""

    RECEIVED = 0
    MISSING = 1  # nothing was received
    HELD = 2  # the last received value holds (event-driven logging)
    INTERPOLATED = 4  # the source interpolated
    SENTINEL = 8  # the source wrote a placeholder
    OUT_OF_RANGE = 16  # physically impossible
    SUSPECT = 32  # frozen or implausible
    DUPLICATE = 64  # conflicting second value for the same time; the first was kept
    REPAIRED = 128  # value altered by a listed repair (scale, offset, sign)


UNUSABLE = Quality.MISSING | Quality.SENTINEL | Quality.OUT_OF_RANGE
