"""What does a person change in a proposed mapping? Columns or the zone; the rest stays, and the evidence says who decided."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from workbench.errors import IngestError, Reason
from workbench.ingest.mapping import ColumnRule, MappingProfile, check

BY_HAND = "set by the reviewer"


def with_column(profile: MappingProfile, rule: ColumnRule) -> MappingProfile:
    """The profile with another rule for the column of that name. Raises IngestError MAPPING_UNUSABLE with what cannot be."""
    return with_columns(profile, (rule,))


def with_columns(profile: MappingProfile, rules: Sequence[ColumnRule]) -> MappingProfile:
    """The profile with other rules for the columns of those names, all of them or none."""
    before = {rule.source: rule for rule in profile.columns}
    unknown = next((rule.source for rule in rules if rule.source not in before), None)
    if unknown is not None:
        raise IngestError(Reason.MAPPING_UNUSABLE, f"The mapping has no column {unknown}.", "Choose a column of the list.")
    decided = {rule.source: _decided(rule, before[rule.source]) for rule in rules if rule != before[rule.source]}
    if not decided:
        return profile
    columns = tuple(decided.get(rule.source, rule) for rule in profile.columns)
    rest = tuple(rule for rule in profile.of_racks if rule.source not in decided)  # what a person decides goes for the files of all racks
    return checked(replace(profile, columns=columns, of_racks=rest))


def _decided(rule: ColumnRule, before: ColumnRule) -> ColumnRule:
    proposed = before.evidence.removeprefix(f"{BY_HAND}; proposed: ").removeprefix(BY_HAND)
    return replace(rule, evidence=f"{BY_HAND}; proposed: {proposed}" if proposed else BY_HAND, repair=_repair(rule, before))


def with_zone(profile: MappingProfile, zone: str) -> MappingProfile:
    """The profile with another zone, for times that do not state theirs."""
    if profile.time_zone_known:
        raise IngestError(Reason.MAPPING_UNUSABLE, "The times of these files state their zone; it cannot be another.", "Leave it as it is.")
    return checked(replace(profile, time_zone=zone))


def checked(profile: MappingProfile) -> MappingProfile:
    """The same profile, if the import can follow it."""
    try:
        check(profile)
    except ValueError as error:
        raise IngestError(Reason.MAPPING_UNUSABLE, f"The mapping cannot be like this: {error}.", "Change the column again.") from error
    places = [(r.quantity, r.rack, r.element) for r in profile.columns if r.element]
    twice = next((place for place in places if places.count(place) > 1), None) if len(set(places)) < len(places) else None
    if twice:
        names = [r.source for r in profile.columns if (r.quantity, r.rack, r.element) == twice]
        raise IngestError(
            Reason.MAPPING_UNUSABLE,
            f"The columns {names[0]} and {names[1]} cannot both be number {twice[2]} of rack {twice[1]}.",
            "Give one of them another number, or leave it out.",
        )
    return profile


def _repair(rule: ColumnRule, before: ColumnRule) -> str:
    """The rule of repair that the reading is now, as the list of repairs names it."""
    if rule.quantity in ("drop", "personal"):
        return "dropped-column"
    if rule.sign < 0:
        return "sign"
    if rule.offset != "0":
        return "offset"
    if rule.scale != before.scale:
        return "scale"
    return before.repair if before.repair in ("hidden-cell", "hidden-probe", "scale") else ""
