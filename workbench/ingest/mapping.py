"""How is one export read? A profile: made by recognition, confirmed or edited by a person, saved and used again."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path

from workbench.asset.channels import OTHER_PREFIX, quantity_of
from workbench.asset.plain import Fact, canonical, digest, revive
from workbench.asset.scope import zone_known
from workbench.errors import IngestError, Reason
from workbench.ingest.gates import saved_bytes

ROLES = ("time", "tag", "tag-quantity", "value", "unit", "direction", "quality", "drop", "personal")


class ColumnRule(Fact, frozen=True):
    """What becomes of one source column: value * scale + offset, times sign, in the unit of `quantity`.

    quantity: a name of asset.channels, ``source_<label>``, ``time``, ``drop`` or ``personal`` (dropped and listed).
    sentinels: numbers as received that are placeholders in this column. scales: the columns whose unit (quantity unit) or sign (direction)
    this one holds.
    rack is 1, 2, ... (0: taken from the file or the only one). element is our one-based index of cell or probe (0 for signals).
    scale and offset are exact decimals as text. evidence says how this was decided; proved: by what stands beside it, or because its values can
    be nothing else, not by its name.
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
    sentinels: tuple[str, ...] = ()
    scales: tuple[str, ...] = ()
    proved: bool = False


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
    notes: tuple[tuple[str, str], ...] = ()  # (rule, words) of what had to be assumed of the files as a whole
    of_racks: tuple[ColumnRule, ...] = ()  # what goes for the files of their rack alone, in place of the rule of the same column


def fingerprint(header: tuple[str, ...]) -> str:
    """What two files of the same export family share."""
    return digest(list(header))[:16]


def reading(rule: ColumnRule) -> tuple[object, ...]:
    """What of a rule decides the numbers."""
    return rule.quantity, rule.scale, rule.offset, rule.sign, rule.flag_sign, rule.sentinels


def in_files_of(profile: MappingProfile, rack: int) -> dict[str, ColumnRule]:
    """The rules by column that go for files whose names state a rack; 0 for those that state none."""
    rules = {rule.source: rule for rule in profile.columns}
    return rules | {rule.source: rule for rule in profile.of_racks if rule.rack == rack} if rack else rules


def save(profile: MappingProfile, path: Path) -> None:
    """Write a profile as JSON."""
    path.write_bytes(canonical(profile))


def load(path: Path) -> MappingProfile:
    """Read a saved profile. Raises IngestError MAPPING_UNUSABLE with the place of the fault."""
    try:
        profile = revive(saved_bytes(path), MappingProfile)
        check(profile)
    except OSError as error:
        raise IngestError(
            Reason.MAPPING_UNUSABLE, f"The mapping {path} cannot be read: {error.strerror}.", "Give the path of a saved mapping."
        ) from error
    except ValueError as error:
        raise IngestError(
            Reason.MAPPING_UNUSABLE,
            f"The mapping {path} is not usable: {error}.",
            "Make it again with `workbench inspect SOURCE --save FILE`.",
        ) from error
    return profile


def check(profile: MappingProfile) -> None:
    """Raises ValueError with what a person who edited a mapping got wrong."""
    if profile.shape not in ("wide", "long"):
        raise ValueError(f"shape is {profile.shape!r}, not wide or long")
    if not zone_known(profile.time_zone):
        raise ValueError(f"there is no time zone {profile.time_zone}")
    for rule in (*profile.columns, *profile.of_racks):
        if rule.quantity not in ROLES and quantity_of(rule.quantity) is None and not rule.quantity.startswith(OTHER_PREFIX):
            raise ValueError(f"column {rule.source}: there is no quantity {rule.quantity}")
        if "/" in rule.quantity:
            raise ValueError(f"column {rule.source}: the name {rule.quantity} holds a slash")
        if not (_is_number(rule.scale) and _is_number(rule.offset) and rule.sign in (1, -1)):
            raise ValueError(f"column {rule.source}: scale and offset are numbers, sign is 1 or -1")
        if min(rule.rack, rule.element, rule.module) < 0:
            raise ValueError(f"column {rule.source}: rack, module and element count from 1")


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
