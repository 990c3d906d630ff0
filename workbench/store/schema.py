"""Every path, type and attribute of a window file. One rack, one group; one matrix, one dataset; the fastest axis is time."""

from __future__ import annotations

FORMAT = "bess-review-window"
FORMAT_VERSION = 1
CHUNK = 512  # samples, at most: one instant of all cells costs one chunk per rack, one cell over all time one rack
CHUNK_LEAST, CHUNK_VALUES = 128, 65_536  # what an instant costs; below this many values a chunk costs more to find than to decode
SIGNAL_CHUNK = 8192
FACTS = "/facts"  # canonical JSON of WindowFacts
LEAVES = "/leaves"  # digests of the tiles of every dataset, to say where a file was altered; not part of the root
TIME = "time_ns"
VOLTAGE = "cell_voltage"
QUALITY = "cell_quality"
PROBES = "probe_temperature"
OTHERS = "channel_quality"
SIGNALS = "signals"
MATRICES = (VOLTAGE, QUALITY, PROBES, OTHERS)  # rows are channels, columns samples

ATTRIBUTES: dict[str, dict[str, object]] = {
    TIME: {"unit": "ns", "meaning": "UTC since 1970-01-01"},
    VOLTAGE: {"unit": "mV", "missing": -32768, "meaning": "rows are cells, columns samples"},
    QUALITY: {
        "unit": "1",
        "meaning": "flags: 1 missing, 2 held, 4 interpolated, 8 sentinel, 16 out of range, 32 suspect, 64 duplicate, 128 repaired",
    },
    PROBES: {"unit": "0.1 degC", "missing": -32768, "meaning": "rows are probes, columns samples"},
    OTHERS: {"unit": "1", "meaning": "flags as of cell_quality; rows are the probes, then the signals in order of their names"},
    SIGNALS: {"unit": "as named", "meaning": "NaN where nothing was received; charge current positive"},
}


def chunk_samples(rows: int) -> int:
    """Samples of a chunk of so many cells or probes. Half the samples halve what one instant costs and nothing else changes much."""
    length = CHUNK
    while length > CHUNK_LEAST and rows * length > CHUNK_VALUES:
        length //= 2
    return length


def rack_path(rack_id: str) -> str:
    """Group of one rack."""
    return f"/racks/{rack_id}"


def signal_path(rack_id: str, name: str) -> str:
    """Dataset of one rack signal."""
    return f"{rack_path(rack_id)}/{SIGNALS}/{name}"
