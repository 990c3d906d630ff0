"""How is one export read? A profile: made by recognition, confirmed or edited by a person, saved and used again."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path

from workbench.asset.plain import Fact, canonical, digest, revive
from workbench.errors import IngestError, Reason


class ColumnRule(Fact, frozen=True):
    """What becomes of one source column: value * scale + offset, times sign, in the unit of `quantity`.

    quantity: a name of asset.channels, ``source_<label>``, ``time``, ``drop`` or ``personal`` (dropped and listed).
    rack is 1, 2, ... (0: taken from the file or the only one). element is our one-based index of cell or probe (0 for signals).
    scale and offset are exact decimals as text. evidence says how this was decided.
    """

    source: str
    quantity: str
    rack: int = 0
    element: int = 0
    module: int = 0
    scale: str = "1"
    offset: str = "0"
    sign: int = 1
    flag_sign: bool = False  # a minus on a cell voltage is a flag, not a sign
    evidence: str = ""
    repair: str = ""  # rule code when this reading is itself a repair (hidden-cell, offset, sign, scale, ...)


class MappingProfile(Fact, frozen=True):
    """Everything needed to read a family of files the same way again."""

    name: str
    fingerprint: str  # digest of the header: the same export family has the same
    shape: str  # wide or long
    delimiter: str
    encoding: str
    decimal: str
    time_format: str  # iso, epoch-s, epoch-ms, elapsed-s or a strptime pattern
    time_zone: str
    time_zone_known: bool
    columns: tuple[ColumnRule, ...]
    header: tuple[str, ...]
    start_ns: int = 0  # only for elapsed-s: when the clock of the file began
    n_parallel: int = 1


def fingerprint(header: tuple[str, ...]) -> str:
    """What two files of the same export family share."""
    return digest(list(header))[:16]


def save(profile: MappingProfile, path: Path) -> None:
    """Write a profile as JSON."""
    path.write_bytes(canonical(profile))


def load(path: Path) -> MappingProfile:
    """Read a saved profile. Raises IngestError MAPPING_UNUSABLE with the place of the fault."""
    try:
        profile = revive(path.read_bytes(), MappingProfile)
        for rule in profile.columns:
            Decimal(rule.scale), Decimal(rule.offset)
    except OSError as error:
        raise IngestError(
            Reason.MAPPING_UNUSABLE, f"The mapping {path} cannot be read: {error.strerror}.", "Give the path of a saved mapping."
        ) from error
    except (ValueError, InvalidOperation) as error:
        raise IngestError(
            Reason.MAPPING_UNUSABLE,
            f"The mapping {path} is not usable: {error}.",
            "Make it again with `workbench inspect SOURCE --save FILE`.",
        ) from error
    return profile
