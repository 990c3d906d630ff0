"""By which mapping was a window read? One row per column of the owner's files, as it was confirmed before the import."""

from __future__ import annotations

from workbench.asset.channels import OTHER_PREFIX
from workbench.asset.plain import revive
from workbench.asset.window import WindowFacts
from workbench.ingest.mapping import ColumnRule, MappingProfile
from workbench.viewmodels.pictures import TableCell, TablePicture
from workbench.viewmodels.tables import made_table

DROPPED = ("drop", "personal")


def profile_of(facts: WindowFacts) -> MappingProfile:
    """The mapping that an imported window keeps."""
    return revive(facts.mapping.encode(), MappingProfile)


def mapping_table(facts: WindowFacts) -> TablePicture:
    """The rules, with what was decided against the plain reading marked."""
    profile = profile_of(facts)
    rows = (
        (
            rule.source,
            (
                rule.source,
                _becomes(rule),
                _read_as(rule),
                TableCell(rule.repair.replace(",", ", ") or "–", "warning" if rule.repair else ""),
                rule.evidence or "–",
            ),
        )
        for rule in profile.columns
    )
    zone = profile.time_zone if profile.time_zone_known else f"{profile.time_zone}, assumed"
    note = f"Profile {profile.name}, header {profile.fingerprint}: {profile.shape}, time as {profile.time_format}, zone {zone}. Saved, it is taken for files of the same header."
    return made_table("Mapping", "column:Column|becomes:Becomes|read_as:Read as|repair:Repair|evidence:Evidence", rows, note)


def _becomes(rule: ColumnRule) -> str:
    if rule.quantity in DROPPED:
        return "left out"
    name = "kept, not computed with" if rule.quantity.startswith(OTHER_PREFIX) else rule.quantity
    return name + (f" R{rule.rack:02d}" if rule.rack else "") + (f" #{rule.element}" if rule.element else "")


def _read_as(rule: ColumnRule) -> str:
    parts = (
        [f"× {rule.scale}"] * (rule.scale != "1") + [f"offset {rule.offset}"] * (rule.offset != "0") + ["sign reversed"] * (rule.sign < 0)
    )
    parts += ["a minus is a flag"] * rule.flag_sign + [f"no value at {', '.join(rule.sentinels)}"] * bool(rule.sentinels)
    return ", ".join(parts) or "as it is"
