"""What was altered or masked on the way in? Counted over the whole stream, one line per rule and place, nothing silent."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from msgspec.structs import replace

from workbench.asset.provenance import Repair
from workbench.ingest.asof import Series
from workbench.ingest.mapping import ColumnRule
from workbench.ingest.spool import RackSpool

DONE = {
    "sentinel": "placeholder values masked",
    "text-in-numbers": "text where a number is expected; masked",
    "out-of-range": "physically impossible values masked",
    "sign-flag": "a minus used as a flag taken off",
    "unit-in-value": "the unit beside the number taken off, and the number scaled by it",
    "minus-sign": "a minus written in another way: typographic, behind the number, or as brackets",
    "thousands": "the marks between thousands taken out",
    "rounded": "rounded to the resolution of the store (1 mV, 0.1 °C)",
}
DECIDED = {
    "hidden-cell": "read as a cell although its name does not say so",
    "hidden-probe": "read as a probe although its name does not say so",
    "offset": "offset taken off",
    "scale": "rescaled",
    "temperature-unit": "brought to degrees Celsius",
    "split-current": "charge and discharge stand in a column each; added with their signs to one current",
    "aggregate-column": "one of several figures of one cell over an interval; kept apart, not computed with",
    "interval-mean": "a mean over each interval of the log, not a sample: what was shorter than it is not in these numbers",
    "scale-unproven": "nothing proves its scale: see the evidence, and ask the owner",
    "sign-unproven": "nothing proves whether charge or discharge is positive: see the evidence; read as charge positive",
    "offset-unproven": "warmer than batteries are kept, and nothing beside it proves an offset: see the evidence, and ask the owner",
    "sign": "sign reversed: charge is positive inside",
    "duration-scale": "an elapsed time that was wrong by 3600",
    "single-cell": "the only voltage of the file, in the range of one cell: one rack of one cell",
    "no-rack": "names no rack where there are several",
    "second-channel": "a second channel of a quantity; kept apart under the owner's name",
}

ALONE = (  # decisions on one column
    "sign", "sign-unproven", "split-current", "scale-unproven", "duration-scale", "single-cell", "second-channel", "no-rack",
)  # fmt: skip


@dataclass
class _Line:
    count: int = 0
    detail: str = ""
    evidence: str = ""
    first: str = ""
    places: set[str] = field(default_factory=set)


class Ledger:
    """Collects repairs while reading. Columns treated alike by one rule share one line that names them."""

    def __init__(self) -> None:
        self._lines: dict[
            tuple[str, ...], _Line
        ] = {}  # rule, place, and the rack, where columns of several stand in one file: each has its own evidence

    def begin_file(self, name: str) -> None:
        """A new member begins (kept for its name in messages)."""
        self._file = name

    def note(self, rule: str, place: str, count: int, detail: str, evidence: str = "", first: str = "") -> None:
        """A repair that stands by itself; the same rule and place is counted once."""
        line = self._lines.setdefault((rule, place), _Line(0, detail, evidence, first))
        line.count = max(line.count, count)
        line.places.add(place)

    def count(self, rule: str, place: str, count: int, detail: str, first: str = "") -> None:
        """A repair that adds up over blocks."""
        line = self._lines.setdefault((rule, place), _Line(0, detail, "", first))
        line.count += count
        line.places.add(place)

    def value(self, rule: str, file: str, column: ColumnRule, count: int, first: str, examples: tuple[str, ...]) -> None:
        """Values of one column that one rule masked or altered; columns of one kind and file share a line."""
        shown = ", ".join(repr(e) for e in examples[:3])
        line = self._lines.setdefault(
            (rule, f"{file}, {_family(column)}"), _Line(0, f"{DONE[rule]} ({shown})", "", f"{column.source}, {first}")
        )
        line.count += count
        line.places.add(column.source)

    def decision(self, column: ColumnRule, file: str, count: int) -> None:
        """A reading of a whole column that is itself a repair. Columns of one kind and rack share a line."""
        for repair in column.repair.split(","):
            self._decided(replace(column, repair=repair), file, count)

    def _decided(self, column: ColumnRule, file: str, count: int) -> None:
        detail = DECIDED[column.repair]
        if column.repair == "offset":
            detail = f"{column.offset} added to every value".replace("-", "\u2212", 1)
        elif column.repair == "scale":
            detail = f"every value times {column.scale}"
        elif column.repair in ("hidden-cell", "hidden-probe"):
            detail = f"{column.source} {detail}: element {column.element}"
        family = column.source if column.repair.startswith("hidden") or column.repair in ALONE else _family(column)
        line = self._lines.setdefault((column.repair, f"{file}, {family}", str(column.rack)), _Line(0, detail, column.evidence, ""))
        line.count += count
        line.places.add(column.source)

    def withdraw(self, rule: str, columns: Collection[str]) -> None:
        """What was said of columns turned out otherwise: the rule is listed no more for any of them."""
        self._lines = {key: line for key, line in self._lines.items() if key[0] != rule or not line.places <= set(columns)}

    def order(self, rack: str, spool: RackSpool) -> None:
        """What sorting found."""
        if spool.backwards:
            self.note("unsorted", rack, spool.backwards, "steps back in time; rows sorted by time")
        if spool.duplicates_equal:
            self.note("duplicate-time", rack, spool.duplicates_equal, "rows repeated word for word; the first kept")
        if spool.duplicates_conflicting:
            self.note("conflicting-time", rack, spool.duplicates_conflicting, "rows with the same time and other values; the first kept")
        if spool.joined:
            self.note("joined-time", rack, spool.joined, "rows with the same time that complete another; made one with it")
        if spool.without_cells:
            self.note("not-joined", rack, spool.without_cells, "rows without cells, at a time at which no cell was recorded; left out")

    def held(self, rack: str, spool: RackSpool) -> None:
        """What was put beside the instants of another series, once all rows are handed over."""
        if (plan := spool.plan) is None:
            return
        labels = [*(cell.label for cell in spool.rack.cells), *(probe.label for probe in spool.rack.probes), *spool.signals]
        for on_change in (False, True):
            alike = [series for series in plan.series if series.on_change == on_change and (series.held or series.lost)]
            if not alike:
                continue
            place = f"{rack}, {_few({labels[k] for series in alike for k in series.columns})}"
            self.note("joined-as-of", place, sum(series.rows for series in alike), _beside(alike, plan.base), alike[0].sampling.evidence)
            lost = sum(series.lost for series in alike)
            if lost:
                self.note(
                    "as-of-missing",
                    place,
                    lost,
                    "instants at which the last value was too old, or none was there yet; nothing was put there",
                )
        if plan.held_cells:
            self.note("held", rack, plan.held_cells, "cell voltages carried forward from an earlier instant of their own series; marked as held, never joined by lines")  # fmt: skip
        if plan.held_others:
            self.note(
                "held", f"{rack}, probes and signals", plan.held_others, "values of probes and signals carried forward in the same way"
            )
        if spool.without_cells:
            self.note(
                "not-joined",
                rack,
                spool.without_cells,
                "rows between the instants of the window; left out: a later one of theirs was there",
            )

    def repairs(self) -> tuple[Repair, ...]:
        """All lines, decisions first, then by count."""
        made = []
        for (rule, place, *_), line in self._lines.items():
            named = place if len(line.places) <= 1 else f"{place.split(', ')[0]}, {len(line.places)} columns ({_few(line.places)})"
            if len(line.places) == 1 and not place.endswith(next(iter(line.places))):
                named = f"{place.split(', ')[0]}, {next(iter(line.places))}"
            made.append(Repair(rule=rule, place=named, count=line.count, detail=line.detail, evidence=line.evidence, first=line.first))
        return tuple(sorted(made, key=lambda r: (r.rule not in DECIDED, r.rule, -r.count, r.place)))


def _beside(alike: list[Series], base: str) -> str:
    """How series were put beside the instants of another."""
    names = list(dict.fromkeys(name for series in alike for name in series.names))
    told = f"{sum(len(s.columns) for s in alike)} series of {', '.join(names[:3])}{', ...' if len(names) > 3 else ''} put beside the instants of {base or 'the cells'}"
    if alike[0].on_change:
        return f"{told}; recorded on change: each value holds until its next record, not across a silence of the whole log"
    steps = sorted(s.sampling.step_s for s in alike)
    each = f"{steps[0]:g} s" if steps[0] == steps[-1] else f"{steps[0]:g} to {steps[-1]:g} s"
    old = sorted(s.tolerance_ns / 1e9 for s in alike)
    limit = f"{old[0]:g} s" if old[0] == old[-1] else f"{old[0]:g} to {old[-1]:g} s"
    return f"{told}; rows every {each}: the last at or before each instant, no older than {limit}"


def _family(column: ColumnRule) -> str:
    return {"cell_voltage_v": "cell voltages", "probe_temperature_degc": "probe temperatures"}.get(column.quantity, column.source)


def _few(names: set[str]) -> str:
    ordered = sorted(names)
    return ", ".join(ordered[:3]) + (", ..." if len(ordered) > 3 else "")
