"""What does a small file that a person wrote for us hold? TOML, no larger and no deeper than a person writes."""

from __future__ import annotations

import tomllib
from pathlib import Path

MOST_BYTES = 1024 * 1024


def read_toml(path: Path) -> dict[str, object]:
    """The contents as dictionaries and lists. Raises OSError as the system does, ValueError with half a sentence for what is no TOML."""
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError(f"it is larger than {MOST_BYTES >> 20} MB")
    try:
        return tomllib.loads(data.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
