"""Do the files of one rack read otherwise than those of the others, although their columns have the same names? Each rack's own values decide.

A plant exports one file per rack, all with one header; one rack may run other firmware, or its sensor may sit the other way round. What a rack
proves by itself goes for it, and its evidence is its own. What it does not prove is read as in the files that prove it, and the evidence says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace as with_members

from msgspec.structs import replace

from workbench.asset.channels import OTHER_PREFIX
from workbench.ingest import tags
from workbench.ingest.groups import Group
from workbench.ingest.mapping import ROLES, ColumnRule, reading

PLAIN = set(ROLES) - {"drop"}  # columns that no value decides
SIGN, UNPROVEN_SIGN, UNPROVEN_SCALE = "sign", "sign-unproven", "scale-unproven"


def racks(groups: Iterable[Group]) -> list[int]:
    """The racks that the names of files state, in order of appearance."""
    return list(dict.fromkeys(rack for group in groups for member in group.members if (rack := tags.rack_of_file(member.name))))


def of_rack(groups: Sequence[Group], rack: int) -> list[Group]:
    """The groups with the files of one rack alone, laid out as the first of them is; those without any are left out."""
    inside = [(group, tuple(m for m in group.members if tags.rack_of_file(m.name) == rack)) for group in groups]
    return [with_members(group, layout=group.layout_of(members[0]), members=members) for group, members in inside if members]


def own(rack: int, found: Sequence[ColumnRule], shared: Mapping[str, ColumnRule], of: int) -> list[ColumnRule]:
    """The rules that go for the files of one rack alone.

    found: what its own values say; shared: by column, what those of rack `of` say, which go for all that is not named here.
    """
    made = []
    for rule in found:
        other = shared.get(rule.source)
        if other is None or not _asked(rule, other):
            continue
        told = replace(settled(rule, other, f"R{of:02d}"), rack=rack)
        if reading(told) != reading(other) or (told.repair and told.evidence != other.evidence):
            made.append(told)
    if any(rule.element != shared[rule.source].element or rule.quantity != shared[rule.source].quantity for rule in made if rule.element):
        kept = {rule.source for rule in made}  # positions count within a rack: then all of them are its own
        more = [replace(rule, rack=rack) for rule in found if rule.element and rule.source not in kept and rule.source in shared]
        made += [rule for rule in more if not tags.parse(rule.source).rack]
    return made


def settled(rule: ColumnRule, other: ColumnRule, of: str) -> ColumnRule:
    """What goes for a column of one rack. rule: by its own values; other: by those of another rack, which is called `of`."""
    if rule.quantity == "drop":
        return replace(other, element=other.element)  # it says nothing yet: as the others
    withheld = other.quantity.startswith(OTHER_PREFIX) and UNPROVEN_SCALE in other.repair
    if not rule.proved and (other.proved or withheld) and _size(rule) != _size(other):
        text = f"as in the files of {of}, nothing of its own proves another reading: {other.evidence}"
        signs = [code for code in rule.repair.split(",") if code in (SIGN, UNPROVEN_SIGN)] if other.quantity == rule.quantity else []
        codes = [code for code in other.repair.split(",") if code and code not in (SIGN, UNPROVEN_SIGN)]
        rule = replace(
            rule, quantity=other.quantity, scale=other.scale, offset=other.offset, evidence=text, repair=",".join((*codes, *signs)),
            element=other.element, proved=False,
        )  # fmt: skip
    if UNPROVEN_SIGN in rule.repair and rule.quantity == other.quantity and UNPROVEN_SIGN not in other.repair:
        codes = [code for code in rule.repair.split(",") if code not in (SIGN, UNPROVEN_SIGN)] + [SIGN] * (other.sign < 0)
        text = f"{rule.evidence}; its sign as in the files of {of}: {other.evidence}"
        rule = replace(rule, sign=other.sign, evidence=text, repair=",".join(codes))
    marks = tuple(dict.fromkeys((*other.sentinels, *rule.sentinels)))
    return replace(rule, sentinels=other.sentinels if set(marks) == set(other.sentinels) else marks)


def one_plant(rules: dict[int, dict[str, ColumnRule]]) -> list[tuple[str, str]]:
    """Settles the rules by rack of long tables, each decided by its own files, by those of the first rack that has cells; gives `differences`."""
    numbered = [rack for rack in rules if rack]
    first = next((rack for rack in numbered if any(rule.quantity == "cell_voltage_v" for rule in rules[rack].values())), None)
    for rack in numbered if first is not None else ():
        for column, rule in rules[rack].items():
            other = rules[first or 0].get(column)
            if other is not None and rack != first and _asked(rule, other):
                rules[rack][column] = settled(rule, other, f"R{first:02d}")
    others = (rack for rack in numbered if first is not None and rack != first)
    return [told for rack in others for told in differences(rules[first or 0], rules[rack].values(), rack)]


def differences(shared: Mapping[str, ColumnRule], own_rules: Iterable[ColumnRule], rack: int) -> list[tuple[str, str]]:
    """What is read otherwise in the files of one rack than in those of others: column (or how many), and how. Columns read alike are together."""
    alike: dict[tuple[object, ...], list[ColumnRule]] = {}
    for rule in own_rules:
        other = shared.get(rule.source)
        if other is not None and other.quantity != "drop" and (*_size(rule), rule.sign) != (*_size(other), other.sign):
            alike.setdefault((*_size(rule), rule.sign), []).append(rule)
    made = []
    for rule, *more in alike.values():
        offset = f", {rule.offset} added" if rule.offset != "0" else ""
        how = f"read as {rule.quantity}, times {'-' if rule.sign < 0 else ''}{rule.scale}{offset}, unlike in files of other racks"
        made.append((f"{rule.source}{f' and {len(more)} more columns' if more else ''} of R{rack:02d}", f"{how}: {rule.evidence}"))
    return made


def _asked(rule: ColumnRule, other: ColumnRule) -> bool:
    """Whether the values of a column decide how it is read, and its name states no rack, which then says enough."""
    return not tags.parse(rule.source).rack and not {rule.quantity, other.quantity} & PLAIN


def _size(rule: ColumnRule) -> tuple[str, str, str]:
    return rule.quantity, rule.scale, rule.offset
