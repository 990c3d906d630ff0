"""By which mapping was a window read? The columns of the owner's files as they were confirmed before the import; cells read alike share a row."""

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
    alike: dict[tuple[object, ...], list[ColumnRule]] = {}
    for rule in (*profile.columns, *profile.of_racks):
        alike.setdefault((rule.rack, rule.quantity, rule.repair, _read_as(rule)) if rule.element else (rule.source, rule.rack), []).append(
            rule
        )
    rows = (
        (
            rules[0].source if rules[0] not in profile.of_racks else f"{rules[0].source} of R{rules[0].rack:02d}",
            (
                rules[0].source if len(rules) == 1 else f"{rules[0].source} … {rules[-1].source}",
                _becomes(rules[0]) if len(rules) == 1 else f"{rules[0].quantity} R{max(rules[0].rack, 1):02d} [{len(rules)}]",
                _read_as(rules[0]) + _placeholders(rules),
                TableCell(rules[0].repair.replace(",", ", ") or "–", "warning" if rules[0].repair else ""),
                rules[0].evidence or "–",
            ),
        )
        for rules in alike.values()
    )
    zone = profile.time_zone if profile.time_zone_known else f"{profile.time_zone}, assumed"
    note = f"Profile {profile.name}, header {profile.fingerprint}: {profile.shape}, time as {profile.time_format}, zone {zone}. Saved, it is taken for files of the same header."
    return made_table("Mapping", "column:Column|becomes:Becomes|read_as:Read as|repair:Repair|evidence:Evidence", rows, note)


def _becomes(rule: ColumnRule) -> str:
    if rule.quantity in DROPPED:
        return "left out"
    name = "kept, not computed with" if rule.quantity.startswith(OTHER_PREFIX) else rule.quantity
    return name + (f" R{rule.rack:02d}" if rule.rack else "") + (f" #{rule.element}" if rule.element else "")


def _placeholders(rules: list[ColumnRule]) -> str:
    """Numbers that are no value in any of these columns."""
    marks = list(dict.fromkeys(mark for rule in rules for mark in rule.sentinels))
    return f", no value at {', '.join(marks[:4])}{' …' if len(marks) > 4 else ''}" if marks else ""


def _read_as(rule: ColumnRule) -> str:
    parts = (
        [f"× {rule.scale}"] * (rule.scale != "1") + [f"offset {rule.offset}"] * (rule.offset != "0") + ["sign reversed"] * (rule.sign < 0)
    )
    parts += ["a minus is a flag"] * rule.flag_sign
    return ", ".join(parts) or "as it is"
