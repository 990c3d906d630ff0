"""How does a fact become bytes that mean the same for ever? Canonical JSON of frozen structs, and its digest."""

from __future__ import annotations

import hashlib
import math
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of every stored value: frozen, compared by value, unknown fields refused when read."""


def canonical(value: object) -> bytes:
    """UTF-8 JSON with sorted keys and shortest floats: equal values of equal types give equal bytes (1 and 1.0 differ)."""
    return msgspec.json.encode(value, order="sorted")


def digest(value: object) -> str:
    """SHA-256 (hex) of the canonical JSON."""
    return hashlib.sha256(canonical(value)).hexdigest()


def revive(data: bytes | str, kind: type[T]) -> T:
    """The value of the given type that these bytes describe. Raises ValueError with the place of the first fault."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise ValueError(str(error)) from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def revive_plain(data: object, kind: type[T]) -> T:
    """As `revive`, from dictionaries and lists (for example out of a TOML file). NaN and infinity, which JSON cannot hold, are refused."""
    try:
        value = msgspec.convert(data, type=kind, strict=False)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    place = _not_finite(plain(value), "$")
    if place:
        raise ValueError(f"Expected a finite number - at `{place}`")
    return value


def _not_finite(value: object, place: str) -> str:
    """Where in dictionaries and sequences the first NaN or infinity stands, or nothing."""
    if isinstance(value, float):
        return "" if math.isfinite(value) else place
    if isinstance(value, dict):
        inside = ((f"{place}.{name}", part) for name, part in value.items())
    elif isinstance(value, (list, tuple)):
        inside = ((f"{place}[{index}]", part) for index, part in enumerate(value))
    else:
        return ""
    return next((found for where, part in inside if (found := _not_finite(part, where))), "")


def plain(value: object) -> Any:
    """Dictionaries, lists and plain scalars of a fact, for JSON output."""
    return msgspec.to_builtins(value)
