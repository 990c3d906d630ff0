"""What do these files hold? Every detected fact is a proposal with its evidence; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from workbench.asset.plain import Fact
from workbench.asset.scope import zone_known
from workbench.errors import IngestError, Reason
from workbench.ingest import clock, csv_source, physics, tags
from workbench.ingest.csv_source import Layout, Member
from workbench.ingest.mapping import ColumnRule, MappingProfile, fingerprint
from workbench.ingest.values import exact
from workbench.jobs.progress import Progress

SAMPLE_ROWS = 12_000  # rows looked at per kind of file before a proposal is made


class ColumnView(Fact, frozen=True):
    """One source column as a person checks it: first and last text, what it becomes, why."""

    source: str
    first: str
    last: str
    becomes: str
    read_as: str
    verdict: str  # sure, decided, guess, dropped
    evidence: str


class Inspection(Fact, frozen=True):
    """What was recognised in a set of files."""

    members: tuple[str, ...]
    facts: tuple[tuple[str, str, str], ...]  # caption, value, status (good, warning)
    columns: tuple[ColumnView, ...]
    profile: MappingProfile
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Members that share one header. racks: rack number of each member, 0 where the file name is silent."""

    layout: Layout
    members: tuple[Member, ...]


def inspect(
    sources: Sequence[Path],
    progress: Progress,
    *,
    mapping: MappingProfile | None = None,
    time_zone: str | None = None,
    start_ns: int | None = None,
) -> Inspection:
    """Recognise encoding, separator, time, elements, units, signs and hidden channels. A saved mapping with the same header decides all."""
    progress.stage("recognising")
    if time_zone and not zone_known(time_zone):
        raise IngestError(Reason.CLOCK_UNUSABLE, f"There is no time zone {time_zone}.", "Give a name such as Europe/Berlin, or UTC.")
    found = csv_source.members(list(sources))
    groups = grouped(found, progress)
    texts = [_sample(group, progress) for group in groups]
    profile = mapping if mapping is not None else _propose(groups, texts, time_zone, start_ns)
    if mapping is not None and not set(all_columns(groups)) & {rule.source for rule in mapping.columns}:
        raise IngestError(
            Reason.MAPPING_UNUSABLE,
            f"The mapping {mapping.name} fits no column of {found[0].name}.",
            "Leave the mapping out to have one proposed.",
        )
    facts, warnings = _facts(groups, found, profile, mapping is not None)
    return Inspection(tuple(m.name for m in found), facts, _views(texts, profile), profile, warnings)


def grouped(found: list[Member], progress: Progress) -> list[Group]:
    """Members by header; a headerless member joins the group before it."""
    groups: list[tuple[Layout, list[Member]]] = []
    for number, member in enumerate(found):
        progress.step(number, len(found))
        form = csv_source.layout(member, groups[-1][0] if groups else None)
        same = next((g for g in groups if g[0].header == form.header), None)
        if same:
            same[1].append(member)
        else:
            groups.append((form, [member]))
    return [Group(form, tuple(inside)) for form, inside in groups]


def all_columns(groups: list[Group]) -> list[str]:
    """Every column name of every group, in order, once."""
    return list(dict.fromkeys(name for group in groups for name in group.layout.header))


def _sample(group: Group, progress: Progress) -> dict[str, list[str]]:
    """The first rows of the first member, as texts."""
    result: dict[str, list[str]] = {name: [] for name in group.layout.header}
    rejected = csv_source.Rejected()
    for block in csv_source.blocks(group.members[0], group.layout, rejected):
        progress.checkpoint()
        for name, column in block.items():
            result[name] += column.cast(pa.string()).to_pylist()
        if len(next(iter(result.values()))) >= SAMPLE_ROWS:
            break
    return {name: values[:SAMPLE_ROWS] for name, values in result.items()}


def _propose(groups: list[Group], texts: list[dict[str, list[str]]], time_zone: str | None, start_ns: int | None) -> MappingProfile:
    form = groups[0].layout
    name = groups[0].members[0].name
    parsed = {column: tags.parse(column) for column in all_columns(groups)}
    time_column, time_format, zone_stated = _time_column(name, parsed, texts[0])
    if len(texts[0][time_column]) < 2:
        raise IngestError(
            Reason.TOO_FEW_ROWS,
            f"{name} holds {len(texts[0][time_column])} row of data; at least two are needed.",
            "Ask for a longer export.",
        )
    if time_format == clock.ELAPSED and start_ns is None:
        raise IngestError(
            Reason.CLOCK_UNUSABLE,
            f"{name}: column {time_column} counts seconds from an unknown start.",
            "Say when it began, for example `--start 2024-10-23T08:00Z`.",
        )
    zone = "UTC" if zone_stated else (time_zone or "UTC")
    long = _long_rules(parsed, texts[0], time_column)
    if long:
        rules, shape = long, "long"
    else:
        rules, shape = [], "wide"
        for group, sample in zip(groups, texts, strict=True):
            multi = len(groups) > 1 or len(group.members) > 1
            rack = tags.rack_of_file(group.members[0].name) if multi else 0
            known = {rule.source for rule in rules}
            rules += [
                r for r in physics.decide(group.layout.header, parsed, sample, time_column, form.decimal, rack) if r.source not in known
            ]
    if not any(rule.quantity == "cell_voltage_v" or shape == "long" for rule in rules):
        raise IngestError(
            Reason.COLUMNS_UNMAPPED,
            f"{name} holds no column that is recognised as a cell voltage.",
            "Name the cell columns in a mapping (`workbench inspect --save FILE`, edit, `import --mapping`).",
        )
    return MappingProfile(
        name=name.rsplit("/", 1)[-1],
        fingerprint=fingerprint(form.header),
        shape=shape,
        delimiter=form.delimiter,
        encoding=form.encoding,
        decimal=form.decimal,
        time_format=time_format,
        time_zone=zone,
        time_zone_known=zone_stated or time_format in (clock.EPOCH_S, clock.EPOCH_MS),
        columns=tuple(rules),
        header=form.header,
        start_ns=start_ns or 0,
    )


def _time_column(name: str, parsed: dict[str, tags.Tag], sample: dict[str, list[str]]) -> tuple[str, str, bool]:
    ordered = sorted(sample, key=lambda column: parsed[column].kind != "time")
    for column in ordered:
        numeric_guess = parsed[column].kind != "time"
        found = clock.recognise(sample[column][:200])
        if found and not (numeric_guess and found[0] == clock.ELAPSED):
            return column, *found
    raise IngestError(Reason.TIME_MISSING, f"{name} has no column that reads as time.", "Ask for an export with a time stamp in every row.")


def _long_rules(parsed: dict[str, tags.Tag], sample: dict[str, list[str]], time_column: str) -> list[ColumnRule]:
    """Rules of a long table (time, element tag, value), or none when it is wide."""
    others = [c for c in sample if c != time_column]
    if any(parsed[c].kind == "cell" for c in others) or not 2 <= len(others) <= 8:
        return []
    tag_column = next(
        (
            c
            for c in others
            if sample[c] and np.mean([tags.parse(t).kind in ("cell", "probe", "signal") for t in sample[c][:300] if t]) > 0.5
        ),
        None,
    )
    value_column = next((c for c in others if c != tag_column and sample[c] and _numeric_share(sample[c]) > 0.5), None)
    if tag_column is None or value_column is None:
        return []
    rules = [
        ColumnRule(source=time_column, quantity="time", evidence="reads as time"),
        ColumnRule(source=tag_column, quantity="tag", evidence="its texts name elements"),
        ColumnRule(source=value_column, quantity="value", evidence="its texts are numbers"),
    ]
    used = {time_column, tag_column, value_column}
    return rules + [
        ColumnRule(source=c, quantity="drop", evidence="not needed in a long table", repair="dropped-column")
        for c in others
        if c not in used
    ]


def _numeric_share(texts: list[str]) -> float:
    filled = [t for t in texts[:500] if t]
    return float(np.mean([exact(t) is not None for t in filled])) if filled else 0.0


def _facts(
    groups: list[Group], found: list[Member], profile: MappingProfile, given: bool
) -> tuple[tuple[tuple[str, str, str], ...], tuple[str, ...]]:
    form = groups[0].layout
    cells = sum(rule.quantity == "cell_voltage_v" for rule in profile.columns)
    zone = profile.time_zone if profile.time_zone_known else f"{profile.time_zone} (assumed, not in file)"
    mark = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}[form.delimiter]
    facts = (
        ("Files", f"{len(found)} in {len(groups)} kind{'s' if len(groups) > 1 else ''}", "good"),
        ("Shape", profile.shape, "good"),
        ("Encoding", form.encoding, "good"),
        ("Separator", f"{mark}, decimal {'comma' if form.decimal == ',' else 'point'}", "good"),
        ("Time", profile.time_format, "good"),
        ("Zone", zone, "good" if profile.time_zone_known else "warning"),
        ("Cells", str(cells) if profile.shape == "wide" else "named in the tag column", "good"),
        ("Mapping", f"{profile.name} (saved)" if given else "proposed", "good"),
    )
    warnings = [] if profile.time_zone_known else [f"The files do not state their time zone; {profile.time_zone} is assumed."]
    return facts, tuple(warnings)


def _views(texts: list[dict[str, list[str]]], profile: MappingProfile) -> tuple[ColumnView, ...]:
    samples = {name: values for sample in texts for name, values in sample.items()}
    views = []
    for rule in profile.columns:
        values = samples.get(rule.source, [])
        dropped = rule.quantity in ("drop", "personal")
        becomes = rule.quantity + (f" R{rule.rack:02d}" if rule.rack else "") + (f" #{rule.element}" if rule.element else "")
        arithmetic = (
            [f"× {rule.scale}"] * (rule.scale != "1")
            + [f"offset {rule.offset}"] * (rule.offset != "0")
            + ["sign reversed"] * (rule.sign < 0)
        )
        verdict = "dropped" if dropped else "decided" if rule.repair else "guess" if rule.quantity.startswith("source_") else "sure"
        views.append(
            ColumnView(
                rule.source,
                values[0] if values else "",
                values[-1] if values else "",
                becomes,
                ", ".join(arithmetic) or "as it is",
                verdict,
                rule.evidence,
            )
        )
    return tuple(views)
