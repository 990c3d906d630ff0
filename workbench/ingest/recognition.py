"""What do these files hold? Every detected fact is a proposal with its evidence; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.asset.plain import Fact
from workbench.asset.scope import zone_known
from workbench.errors import IngestError, Reason
from workbench.ingest import clock, csv_source, physics, tags
from workbench.ingest.csv_source import Layout, Member
from workbench.ingest.mapping import ColumnRule, MappingProfile, fingerprint
from workbench.ingest.values import exact
from workbench.jobs.progress import Progress

MIN_ROWS = 2
SAMPLE_ROWS = 12_000  # rows looked at per kind of file before a proposal is made
SAMPLE_FIELDS, LEAST_ROWS = 5_000_000, 600  # fewer of a very wide file: memory stays bounded


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
    """Members that share one header."""

    layout: Layout
    members: tuple[Member, ...]


LeftOut = tuple[Member, str]  # a file that is not read, and why


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
    groups, left_out = grouped(found, progress)
    texts = [_sample(group, progress) for group in groups]
    profile = mapping if mapping is not None else _propose(groups, texts, time_zone, start_ns, progress)
    if mapping is not None and not set(all_columns(groups)) & {rule.source for rule in mapping.columns}:
        raise IngestError(
            Reason.MAPPING_UNUSABLE,
            f"The mapping {mapping.name} fits no column of {found[0].name}.",
            "Leave the mapping out to have one proposed.",
        )
    left_out += strangers(groups, profile)
    facts, warnings = _facts(groups, [m for m in found if m not in dict(left_out)], profile, mapping is not None)
    warnings += tuple(f"{member.name} is left out: {why}" for member, why in left_out)
    return Inspection(tuple(m.name for m in found), facts, _views(texts, profile), profile, warnings)


def grouped(found: list[Member], progress: Progress) -> tuple[list[Group], list[LeftOut]]:
    """Members by header; a headerless member joins the group before it. What lies beside tables and is none is left out, with the reason."""
    groups: list[tuple[Layout, list[Member]]] = []
    left_out: list[LeftOut] = []
    refused: IngestError | None = None
    for number, member in enumerate(found):
        progress.step(number, len(found))
        try:
            form = csv_source.layout(member, groups[-1][0] if groups else None)
        except IngestError as error:
            if member.asked or error.reason not in (Reason.FORMAT_UNKNOWN, Reason.FILE_EMPTY):
                raise
            refused = refused or error
            left_out.append((member, error.message))
            continue
        same = next((g for g in groups if g[0].header == form.header), None)
        if same:
            same[1].append(member)
        else:
            groups.append((form, [member]))
    if refused is not None and not groups:
        raise refused
    return [Group(form, tuple(inside)) for form, inside in groups], left_out


def strangers(groups: list[Group], profile: MappingProfile) -> list[LeftOut]:
    """Members that a profile does not read: it names no time column of theirs. Raises where a person named such a file."""
    needed = {"time", "tag", "value"} if profile.shape == "long" else {"time"}
    quantities = {rule.source: rule.quantity for rule in profile.columns}
    result = []
    for group in groups:
        if needed <= {quantities.get(column) for column in group.layout.header}:
            continue
        for member in group.members:
            why = f"{member.name} has no column that {profile.name} reads as time."
            if member.asked:
                raise IngestError(Reason.TIME_MISSING, why, "Leave it out, or name its time column in a mapping.")
            result.append((member, why))
    return result


def all_columns(groups: list[Group]) -> list[str]:
    """Every column name of every group, in order, once."""
    return list(dict.fromkeys(name for group in groups for name in group.layout.header))


def _sample(group: Group, progress: Progress) -> dict[str, list[str]]:
    """The first rows of the first member that holds some, as texts."""
    result: dict[str, list[str]] = {name: [] for name in group.layout.header}
    most = max(min(SAMPLE_ROWS, SAMPLE_FIELDS // len(result)), LEAST_ROWS)
    for member in group.members:
        for block in csv_source.blocks(member, csv_source.layout(member, group.layout), csv_source.Rejected()):
            progress.checkpoint()
            for name, column in block.items():
                result[name] += csv_source.texts(column)
            if len(next(iter(result.values()))) >= most:
                break
        if len(next(iter(result.values()))) >= MIN_ROWS:
            break
    return {name: values[:most] for name, values in result.items()}


def _propose(groups: list[Group], texts: list[dict[str, list[str]]], time_zone: str | None, start_ns: int | None, progress: Progress) -> MappingProfile:  # fmt: skip
    parsed = {column: tags.parse(column) for column in all_columns(groups)}
    main, (time_column, time_format, zone_stated) = _main_group(groups, texts, parsed)
    form, name = groups[main].layout, groups[main].members[0].name
    if time_format == clock.ELAPSED and start_ns is None:
        raise IngestError(
            Reason.CLOCK_UNUSABLE,
            f"{name}: column {time_column} counts seconds from an unknown start.",
            "Say when it began, for example `--start 2024-10-23T08:00Z`.",
        )
    zone = "UTC" if zone_stated else (time_zone or "UTC")
    long = _long_rules(parsed, texts[main], time_column)
    rules, shape = (long, "long") if long else (_wide_rules(groups, texts, parsed, main, time_format, progress), "wide")
    if shape == "wide" and not any(rule.quantity == "cell_voltage_v" for rule in rules):
        empty = sum(parsed[column].kind == "cell" for column in form.header)
        if empty:
            raise IngestError(
                Reason.ALL_SENTINEL,
                f"{name}: none of its {empty} cell columns holds a number in the first {len(texts[main][time_column])} rows.",
                "Ask the owner which channels were logged and export again.",
            )
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


def _main_group(groups: list[Group], texts: list[dict[str, list[str]]], parsed: dict[str, tags.Tag]) -> tuple[int, tuple[str, str, bool]]:
    """Which kind of file tells how all are read, and its time: the first with cells, else the first that has a time."""
    timed: dict[int, tuple[str, str, bool]] = {}
    refused: IngestError | None = None
    for number, (group, sample) in enumerate(zip(groups, texts, strict=True)):
        name, rows = group.members[0].name, len(next(iter(sample.values())))
        try:
            if rows < MIN_ROWS:
                raise IngestError(
                    Reason.TOO_FEW_ROWS,
                    f"{name} holds {rows or 'no'} row of data below its header; at least two are needed.",
                    "Ask for a longer export.",
                )
            timed[number] = _time_column(name, parsed, sample)
        except IngestError as error:
            refused = refused or error
    if not timed and refused is not None:
        raise refused
    with_cells = (i for i in timed if any(parsed[column].kind == "cell" for column in groups[i].layout.header))
    chosen = next(with_cells, next(iter(timed)))
    return chosen, timed[chosen]


def _wide_rules(
    groups: list[Group], texts: list[dict[str, list[str]]], parsed: dict[str, tags.Tag], main: int, time_format: str, progress: Progress
) -> list[ColumnRule]:
    """One rule per column of all kinds of file; a kind whose time is written in another way has none."""
    rules: list[ColumnRule] = []
    for number in (main, *(i for i in range(len(groups)) if i != main)):
        group, sample = groups[number], texts[number]
        try:
            time_column, own_format, _ = _time_column(group.members[0].name, parsed, sample)
        except IngestError:
            continue
        if own_format != time_format or (number != main and _long_rules(parsed, sample, time_column)):
            continue
        multi = len(groups) > 1 or len(group.members) > 1
        rack = tags.rack_of_file(group.members[0].name) if multi else 0
        known = {rule.source for rule in rules}
        proposed = physics.decide(group.layout.header, parsed, sample, time_column, group.layout.decimal, rack, progress.checkpoint)
        rules += [rule for rule in proposed if rule.source not in known]
    return physics.renumbered(rules) if len(groups) > 1 else rules


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
        (c for c in others if _share([tags.parse(t).kind in ("cell", "probe", "signal") for t in sample[c][:300] if t]) > 0.5),
        None,
    )
    value_column = next((c for c in others if c != tag_column and _share([exact(t) is not None for t in sample[c][:500] if t]) > 0.5), None)
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


def _share(answers: list[bool]) -> float:
    return sum(answers) / len(answers) if answers else 0.0


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
