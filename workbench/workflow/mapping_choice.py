"""What may a person choose for one column, and which mapping does the choice make? The intake stage speaks to this, not to the importer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from msgspec.structs import replace as with_fields

from workbench.asset.channels import QUANTITIES
from workbench.ingest.inspection import SignProof
from workbench.ingest.mapping import ColumnRule, MappingProfile
from workbench.ingest.mapping_edit import with_columns, with_zone
from workbench.viewmodels.pictures import TableCell, TableColumn, TablePicture

__all__ = ["MappingProfile", "SignProof"]

LEFT_OUT, KEPT = "drop", "kept as it is"
MOST_COLUMNS = 12  # of the rows shown twice; a person reads no more side by side
SIGNS = {1: "as received", -1: "reversed"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What one column becomes. quantity is a name of `quantities`; scale and offset are exact decimals as text."""

    source: str
    quantity: str
    scale: str = "1"
    offset: str = "0"
    sign: int = 1
    rack: int = 0
    element: int = 0


def quantities() -> tuple[tuple[str, str], ...]:
    """Name and meaning of everything a column can become."""
    return (*((q.name, q.meaning) for q in QUANTITIES.values()), (KEPT, "kept as a signal, not computed with"), (LEFT_OUT, "not imported"))


def choice_of(profile: MappingProfile, source: str) -> Choice | None:
    """What a column becomes now; None for the column of time and for those of a long table, which have no choice."""
    rule = _rule(profile, source)
    if rule is None or rule.quantity in ("time", "tag", "value"):
        return None
    quantity = KEPT if rule.quantity.startswith("source_") else LEFT_OUT if rule.quantity == "personal" else rule.quantity
    return Choice(source, quantity, rule.scale, rule.offset, rule.sign, rule.rack, rule.element)


def alike(profile: MappingProfile, source: str) -> tuple[str, ...]:
    """All columns that are read as this one is: same quantity, scale, offset and sign, in any rack."""
    now = _rule(profile, source)
    return () if now is None else tuple(rule.source for rule in profile.columns if _reading(rule) == _reading(now))


def chosen(profile: MappingProfile, choice: Choice, *, for_all: bool = False) -> MappingProfile:
    """The mapping with that choice. Raises IngestError MAPPING_UNUSABLE with what cannot be.

    for_all: scale, offset, sign, and being left out, go to all columns that were read alike; rack and number stay each column's own.
    """
    if choice == choice_of(profile, choice.source):
        return profile
    rules = [_chosen_rule(profile, choice)]
    if for_all:
        first = rules[0]
        others = (_rule(profile, source) for source in alike(profile, choice.source) if source != choice.source)
        rules += [
            with_fields(
                rule, scale=first.scale, offset=first.offset, sign=first.sign,
                **({"quantity": LEFT_OUT, "element": 0} if choice.quantity == LEFT_OUT else {}),
            )
            for rule in others if rule is not None
        ]  # fmt: skip
    return with_columns(profile, rules)


def _chosen_rule(profile: MappingProfile, choice: Choice) -> ColumnRule:
    before = _rule(profile, choice.source) or ColumnRule(source=choice.source, quantity=LEFT_OUT)
    quantity = f"source_{choice.source.replace('/', '∕')}" if choice.quantity == KEPT else choice.quantity
    level = QUANTITIES[quantity].level if quantity in QUANTITIES else ""
    element = choice.element if level in ("cell", "probe") else 0
    return with_fields(
        before, quantity=quantity, scale=choice.scale.strip().replace(",", "."), offset=choice.offset.strip().replace(",", "."), sign=choice.sign,
        rack=choice.rack, element=element,
    )  # fmt: skip


def _reading(rule: ColumnRule) -> tuple[str, str, str, int]:
    return rule.quantity, rule.scale, rule.offset, rule.sign


def opposite(profile: MappingProfile, source: str) -> MappingProfile:
    """The mapping with the other sign for that column."""
    now = choice_of(profile, source)
    return chosen(profile, replace(now, sign=-now.sign)) if now else profile


def in_zone(profile: MappingProfile, zone: str) -> MappingProfile:
    """The mapping with another time zone for files that do not state theirs."""
    return with_zone(profile, zone)


def proof_text(proof: SignProof, sign: int) -> str:
    """What the steps say, in words."""
    if not proof.points:
        return f"Only {proof.of} usable steps: they prove no sign. {SIGNS[sign].capitalize()} now."
    falling = proof.of - proof.rising
    if proof.rising == falling:
        return f"The cell voltage rises in half of {proof.of} steps: they prove no sign. {SIGNS[sign].capitalize()} now."
    way, count, counts = ("rises", proof.rising, "charge") if proof.rising > falling else ("falls", falling, "discharge")
    agrees = (sign > 0) == (proof.rising > falling)
    said = f"The cell voltage {way} when this column rises, in {count} of {proof.of} steps: the file counts {counts} as positive. Inside, charge is positive."
    return f"{said} The sign is {SIGNS[sign]}{'' if agrees else ', against this evidence'}."


def rows_twice(columns: tuple[tuple[str, str, tuple[tuple[str, str, str], ...]], ...]) -> TablePicture:
    """First and last rows as the file has them and as they are read. columns: source, quantity, (text, read, why) per row."""
    order = sorted(range(len(columns)), key=lambda i: (_rank(columns[i][1]), i))[:MOST_COLUMNS]
    shown = [columns[i] for i in order]
    count = max((len(values) for _, _, values in shown), default=0)
    rows: list[tuple[TableCell, ...]] = []
    for i in range(count):
        here = [values[i] if i < len(values) else ("", "", "") for _, _, values in shown]
        rows.append((TableCell("file"), *(TableCell(text) for text, _, _ in here)))
        rows.append((TableCell("read"), *(_read_cell(read, why) for _, read, why in here)))
    heads = (TableColumn("row", ""), *(TableColumn(f"c{i}", source) for i, (source, _, _) in enumerate(shown)))
    return TablePicture("The same rows as received and as read", heads, tuple(rows), tuple(f"{i}" for i in range(len(rows))))


def _read_cell(read: str, why: str) -> TableCell:
    if why and read:
        return TableCell(f"{read} ({why})", "warning")
    return TableCell(read) if read else TableCell(f"no value ({why})" if why and why != "no value" else "no value", "none")


def _rank(quantity: str) -> int:
    """Time first, then signals, then cells and probes, then the rest: what a person checks first."""
    if quantity == "time":
        return 0
    level = QUANTITIES[quantity].level if quantity in QUANTITIES else ""
    return {"rack": 1, "cell": 2, "probe": 3}.get(level, 4)


def _rule(profile: MappingProfile, source: str) -> ColumnRule | None:
    return next((rule for rule in profile.columns if rule.source == source), None)
