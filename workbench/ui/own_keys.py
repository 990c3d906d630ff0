"""Which keys has a person given to acts of the program? Kept with the preferences; anything unreadable is forgotten."""

from __future__ import annotations

import json
from collections.abc import Mapping

from workbench.ui import remembered

PLACE = "keys"


def own_keys() -> dict[str, str]:
    """Name of an act -> key, empty where the person took its key away. Only what differs from the standard is kept."""
    try:
        found = json.loads(remembered.recalled(PLACE, "{}"))
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: key for name, key in found.items() if isinstance(name, str) and isinstance(key, str)}


def keep_own_keys(keys: Mapping[str, str]) -> None:
    """Remember them for the next start."""
    remembered.keep(PLACE, json.dumps(dict(keys), sort_keys=True))
