"""How does a fact become bytes that mean the same for ever? Canonical JSON of frozen structs, and its digest."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from contextlib import suppress
from types import UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin

import msgspec

T = TypeVar("T")
AT_ONCE = 1 << 16  # bytes that are decoded in one call: about a millisecond


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
    if len(data) > AT_ONCE:
        with suppress(msgspec.MsgspecError, TypeError, ValueError, KeyError, RecursionError):  # what is wrong is said below, with its place
            return cast("T", _in_pieces(data.encode() if isinstance(data, str) else data, kind))
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise ValueError(str(error)) from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _in_pieces(data: bytes | msgspec.Raw, kind: Any) -> object:
    """The same, part by part: one call holds Python's lock until it returns, and the window would stand still for a large study."""
    if len(bytes(data)) <= AT_ONCE:
        return msgspec.json.decode(data, type=kind)
    options = [one for one in get_args(kind) if one is not type(None)] if get_origin(kind) in (Union, UnionType) else [kind]
    if len(options) != 1:
        return msgspec.json.decode(data, type=kind)
    only = options[0]
    if get_origin(only) is tuple and get_args(only)[1:] == (...,):
        parts = msgspec.json.decode(data, type=list[msgspec.Raw])
        return tuple(one for some in _gathered(parts) for one in _several(some, get_args(only)[0]))
    if isinstance(only, type) and issubclass(only, Fact) and only.__struct_config__.tag is None:
        given = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        known = {field.encode_name: field for field in msgspec.structs.fields(only)}
        return only(**{known[name].name: _in_pieces(part, known[name].type) for name, part in given.items()})
    return msgspec.json.decode(data, type=kind)


def _gathered(parts: list[msgspec.Raw]) -> Iterator[list[bytes]]:
    """Neighbours together, up to so many bytes: few calls, each short."""
    some: list[bytes] = []
    size = 0
    for part in map(bytes, parts):
        if some and size + len(part) > AT_ONCE:
            yield some
            some, size = [], 0
        some.append(part)
        size += len(part)
    if some:
        yield some


def _several(parts: list[bytes], kind: Any) -> tuple[object, ...]:
    if len(parts) == 1:
        return (_in_pieces(parts[0], kind),)
    return msgspec.json.decode(b"[" + b",".join(parts) + b"]", type=tuple[kind, ...])


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
