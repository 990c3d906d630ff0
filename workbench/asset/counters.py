"""What did a battery count over its life? Fields and histograms of a service read-out, which has no time axis, with the place of each."""

from __future__ import annotations

from workbench.asset.plain import Fact
from workbench.asset.provenance import SourceFile


class CounterField(Fact, frozen=True):
    """One named value. part is the pack itself (empty) or one of its modules; row counts from 1 in the source."""

    part: str
    name: str
    value: str
    row: int


class CounterRow(Fact, frozen=True):
    """Counts of one element over the bins of its table. total is what the source says, -1 where it says nothing."""

    label: str
    counts: tuple[int, ...]
    total: int
    row: int


class CounterTable(Fact, frozen=True):
    """One histogram: title as the source has it, unit out of its brackets, the bins as texts."""

    part: str
    title: str
    unit: str
    bins: tuple[str, ...]
    rows: tuple[CounterRow, ...]


class CounterSheet(Fact, frozen=True):
    """One read-out. member is its name inside an archive or folder; notes say what does not add up."""

    source: SourceFile
    member: str
    retrieved: str
    serial: str
    fields: tuple[CounterField, ...]
    tables: tuple[CounterTable, ...]
    notes: tuple[str, ...] = ()

    def serials(self) -> dict[str, str]:
        """Serial number per part."""
        return {field.part: field.value for field in self.fields if field.name == "serial number"}

    def clocks(self) -> dict[str, int]:
        """How often each part has counted: the most usual total of its tables, a clock that only runs forward."""
        totals: dict[str, list[int]] = {}
        for table in self.tables:
            totals.setdefault(table.part, []).extend(row.total for row in table.rows if row.total > 0)
        return {part: max(set(seen), key=seen.count) for part, seen in totals.items() if seen}


def changes(before: CounterSheet, after: CounterSheet) -> tuple[str, ...]:
    """What happened to the parts of one pack between two visits: replaced where the serial differs, replaced or reset where a clock ran back."""
    said = []
    old, new = before.serials(), after.serials()
    clocks = before.clocks(), after.clocks()
    for part in dict.fromkeys([*old, *new]):
        name = part.capitalize() or "The pack"
        if part in old and part in new and old[part] != new[part]:
            said.append(f"{name} was replaced: serial number {old[part]} before, {new[part]} after.")
        elif (part in old) != (part in new):
            said.append(f"{name} is in the {'earlier' if part in old else 'later'} read-out only.")
        elif clocks[1].get(part, 0) < clocks[0].get(part, 0):
            said.append(
                f"{name} counts {clocks[1].get(part, 0):,} after {clocks[0][part]:,} under the same serial number: its counters were reset."
            )
    return tuple(said)
