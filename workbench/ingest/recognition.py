"""What do these files hold? Every detected fact is a proposal with its evidence; nothing is written."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from workbench.asset.scope import zone_known
from workbench.errors import IngestError, Reason
from workbench.ingest import (
    clock,
    counters,
    current_parts,
    event_members,
    long_columns,
    physics,
    profile_library,
    rack_files,
    sample_columns,
    sample_join,
    tags,
    time_columns,
    unit_columns,
)
from workbench.ingest import sources as tables
from workbench.ingest.csv_source import Layout, Member, Rejected
from workbench.ingest.groups import Group, LeftOut, all_columns, plants_apart
from workbench.ingest.header_lines import HeaderMet
from workbench.ingest.inspection import Inspection
from workbench.ingest.mapping import ColumnRule, MappingProfile, fingerprint, in_files_of
from workbench.ingest.preview import sign_proofs, views
from workbench.ingest.sample_columns import Sample
from workbench.ingest.time_columns import TimeChoice
from workbench.jobs.progress import Progress

MIN_ROWS = 2
SAMPLE_ROWS = 12_000  # rows looked at per kind of file before a proposal is made
SAMPLE_FIELDS, LEAST_ROWS = 2_000_000, 600  # fewer of a very wide file: memory stays bounded
OTHER_ROWS = 3_000  # of the files of each rack after the first
SAMPLE_FILES = 12  # looked into for them
KEPT_LAYOUTS = 8  # of members; each holds its first rows


Logs = list[event_members.Log]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What files hold, as an import needs it: looked at once. sample: the first rows of every group, where they had to be looked at."""

    members: list[Member]
    groups: list[Group]
    logs: Logs
    left_out: list[LeftOut]
    profile: MappingProfile
    warnings: tuple[str, ...] = ()
    sample: list[Sample] = field(default_factory=list)


def inspect(
    sources: Sequence[Path],
    progress: Progress,
    *,
    mapping: MappingProfile | None = None,
    time_zone: str | None = None,
    start_ns: int | None = None,
    library: Sequence[MappingProfile] = (),
) -> Inspection:
    """Everything that is recognised, as a person checks it (see `recognised`)."""
    found = recognised(sources, progress, mapping=mapping, time_zone=time_zone, start_ns=start_ns, library=library)
    profile = found.profile
    given = mapping is not None or bool(found.warnings)
    facts, warnings = _facts(found.groups, [m for m in found.members if m not in dict(found.left_out)], profile, given)
    facts += tuple(("Event log", f"{log.member.name}: {log.roles.shape}", "good") for log in found.logs)
    warnings += tuple(f"{member.name} is left out: {why}" for member, why in found.left_out)
    samples = {name: values for sample in found.sample or _samples(found.groups, progress) for name, values in sample.items()}
    columns, proofs = views(samples, profile), sign_proofs(samples, profile)
    return Inspection(tuple(m.name for m in found.members), facts, columns, profile, (*found.warnings, *warnings), proofs)


def recognised(
    sources: Sequence[Path],
    progress: Progress,
    *,
    mapping: MappingProfile | None = None,
    time_zone: str | None = None,
    start_ns: int | None = None,
    library: Sequence[MappingProfile] = (),
    glanced: bool = False,
) -> Found:
    """Recognise encoding, separator, time, elements, units, signs and hidden channels. A saved mapping with the same header decides all.

    mapping: one that was named. library: saved ones, of which the one with the same header is taken, and contradicted aloud.
    glanced: other headers inside files are not looked for but watched for while reading, by whoever is ready for `HeaderMet`.
    """
    progress.stage("recognising")
    if time_zone and not zone_known(time_zone):
        raise IngestError(Reason.CLOCK_UNUSABLE, f"There is no time zone {time_zone}.", "Give a name such as Europe/Berlin, or UTC.")
    found = [dataclasses.replace(member, glanced=glanced) for member in tables.members(list(sources))]
    groups, left_out = grouped(found, progress)
    groups, logs = parted(groups)
    if glanced and logs:
        raise HeaderMet  # logs are read when the rows are on their way already: then it is too late to begin anew
    groups = plants_apart(groups)
    texts: list[Sample] = [] if mapping is not None else _samples(groups, progress)
    said: tuple[str, ...] = ()
    matched = None if mapping is not None else profile_library.matching(library, [group.layout.header for group in groups])
    if matched is not None:
        mapping = replace(matched, time_zone=time_zone) if time_zone and not matched.time_zone_known else matched
        doubts = profile_library.differences(mapping, _propose(groups, texts, time_zone, start_ns, progress))
        said = (f"The saved mapping {matched.name} was taken: its header is the same.", *doubts)
    profile = mapping if mapping is not None else _propose(groups, texts, time_zone, start_ns, progress)
    if mapping is not None and not set(all_columns(groups)) & {rule.source for rule in mapping.columns}:
        raise IngestError(
            Reason.MAPPING_UNUSABLE,
            f"The mapping {mapping.name} fits no column of {found[0].name}.",
            "Leave the mapping out to have one proposed.",
        )
    left_out += strangers(groups, profile)
    return Found(found, groups, logs, left_out, profile, said, texts)


def grouped(found: list[Member], progress: Progress) -> tuple[list[Group], list[LeftOut]]:
    """Members by header; a headerless member joins the group before it. What lies beside tables and is none is left out, with the reason."""
    groups: list[tuple[Layout, list[Member]]] = []
    kept: dict[Member, Layout] = {}
    left_out: list[LeftOut] = []
    refused: IngestError | None = None
    before: list[Layout] = []  # of the last table with a header
    waiting: list[Member] = []  # headerless, before any file with its header
    for number, member in enumerate([*found, *found]):
        if number >= len(found) and member not in waiting:
            continue
        progress.step(min(number, len(found)), len(found))
        try:
            if counters.recognised(member):
                left_out.append((member, "it holds lifetime counters without a time axis, which are kept beside the windows"))
                continue
            form = tables.layout(member, [form for form, _ in groups] + before)
        except IngestError as error:
            if error.reason is Reason.TIME_MISSING and number < len(found):
                waiting.append(member)
                continue
            beside = error.reason in (Reason.FORMAT_UNKNOWN, Reason.FILE_EMPTY) or (
                error.reason is Reason.TIME_MISSING and member.kind != tables.TEXT  # arrays of something else, not rows without their names
            )
            if member.asked or not beside:
                raise
            refused = refused or error
            left_out.append((member, error.message))
            continue
        if len(kept) < KEPT_LAYOUTS:
            kept[member] = form
        before = [form] if form.has_header else before
        same = next((g for g in groups if g[0].header == form.header), None)
        if same:
            same[1].append(member)
        else:
            groups.append((form, [member]))
    if refused is not None and not groups:
        raise refused
    if not groups:
        raise IngestError(
            Reason.TIME_MISSING,
            f"{found[0].name} holds lifetime counters and no time series: there is no window in it.",
            "Keep it with `workbench import`, then look at `workbench show PROJECT counters`.",
        )
    return [Group(form, tuple(inside), {m: kept[m] for m in inside if m in kept}) for form, inside in groups], left_out


def parted(groups: list[Group]) -> tuple[list[Group], Logs]:
    """Telemetry, and the alarm logs beside it. Where there are only logs, they are left for what refuses them."""
    found = {id(group): event_members.roles(group.layout) for group in groups}
    rest = [group for group in groups if found[id(group)] is None]
    if not rest:
        return groups, []
    logs = [event_members.Log(member, group.layout, role) for group in groups if (role := found[id(group)]) for member in group.members]
    return rest, logs


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


def _samples(groups: list[Group], progress: Progress) -> list[Sample]:
    return [_sample(group, progress) for group in groups]


def _sample(group: Group, progress: Progress, rows_at_most: int = SAMPLE_ROWS) -> Sample:
    """The first rows of its members, as texts: of as many as it takes, so that files of a minute say as much as one of a day."""
    most = max(min(rows_at_most, SAMPLE_FIELDS // len(group.layout.header)), LEAST_ROWS)
    taken: list[sample_columns.Block] = []
    rows = 0
    rack = None
    for member in group.members[:SAMPLE_FILES]:
        of_file = tags.rack_of_file(member.name)
        form = group.layout_of(member)
        if rack not in (None, of_file) or (rows >= MIN_ROWS and form.decimal != group.layout.decimal):
            continue  # one column is one thing only within a rack
        for block in tables.blocks(member, form, Rejected(), sample_columns.wanted(form)):
            progress.checkpoint()
            taken.append(block)
            rows += sample_columns.rows_of(block)
            if rows >= most:
                break
        rack = of_file if rows >= MIN_ROWS else rack
        if rows >= most:
            break
    return sample_columns.columns(group.layout, taken, most)


def _propose(groups: list[Group], texts: list[Sample], time_zone: str | None, start_ns: int | None, progress: Progress) -> MappingProfile:  # fmt: skip
    parsed = {column: tags.parse(column) for column in all_columns(groups)}
    main, choice = _main_group(groups, texts, parsed, time_zone)
    time_column, time_format, zone_stated = choice.column, choice.time_format, choice.zone_stated
    form, name = groups[main].layout, groups[main].members[0].name
    began_ns, notes = time_columns.start_of(name, time_format, time_column, start_ns)
    zone = "UTC" if zone_stated else (time_zone or "UTC")
    long = long_columns.rules_of(parsed, texts[main], time_column, comma=form.decimal == ",")
    rules, shape = (long, "long") if long else (_wide_rules(groups, texts, parsed, main, choice, time_zone or "", progress), "wide")
    if shape == "wide" and not any(rule.quantity == "cell_voltage_v" for rule in rules):
        empty = [rule.source for rule in rules if rule.repair == "empty-column" and parsed[rule.source].kind == "cell"]
        if empty:
            example = next((text for column in empty for text in texts[main][column] if text.strip()), "")
            raise IngestError(
                Reason.ALL_SENTINEL,
                f"{name}: none of its {len(empty)} cell columns holds a number in the first {len(texts[main][time_column])} rows{f' (for example {example!r})' if example else ''}.",
                "Ask the owner which channels were logged and export again.",
            )
        raise IngestError(
            Reason.COLUMNS_UNMAPPED,
            f"{name} holds no column that is recognised as a cell voltage.",
            "Name the cell columns in a mapping (`workbench inspect --save FILE`, edit, `import --mapping`).",
        )
    own = _of_racks(groups, main, rules, parsed, choice, time_zone or "", progress) if shape == "wide" else []
    return MappingProfile(
        name=name.rsplit("/", 1)[-1],
        fingerprint=fingerprint(form.header),
        shape=shape,
        delimiter=form.delimiter,
        encoding=form.encoding,
        decimal=form.decimal,
        time_format=time_format,
        time_zone=zone,
        time_zone_known=zone_stated or time_format in clock.EPOCH_DIGITS,
        columns=tuple(rules),
        header=form.header,
        start_ns=began_ns,
        notes=(*choice.notes, *notes),
        of_racks=tuple(own),
    )


def _of_racks(
    groups: list[Group], main: int, rules: list[ColumnRule], parsed: dict[str, tags.Tag], choice: TimeChoice, zone: str, progress: Progress
) -> list[ColumnRule]:
    """What the files of racks say of columns for themselves, where it is not what `rules` say, which were decided by the files of another one."""
    of, found = tags.rack_of_file(groups[main].members[0].name), []
    shared = {rule.source: rule for rule in rules}
    for rack in (rack for rack in rack_files.racks(groups) if of and rack != of):
        inside = rack_files.of_rack(groups, rack)
        texts = [_sample(group, progress, OTHER_ROWS) for group in inside]
        first = max(range(len(inside)), key=lambda i: len(set(inside[i].layout.header) & set(groups[main].layout.header)))
        if len(texts[first].get(choice.column, ())) >= MIN_ROWS:
            found += rack_files.own(rack, _wide_rules(inside, texts, parsed, first, choice, zone, progress), shared, of)
    return found


def _main_group(groups: list[Group], texts: list[Sample], parsed: dict[str, tags.Tag], zone: str | None) -> tuple[int, TimeChoice]:
    """Which kind of file tells how all are read, and its time: the first with cells, else the first that has a time."""
    timed: dict[int, TimeChoice] = {}
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
            timed[number] = time_columns.chosen(name, parsed, sample, zone)
        except IngestError as error:
            refused = refused or error
    if not timed and refused is not None:
        raise refused
    with_cells = (i for i in timed if any(parsed[column].kind == "cell" for column in groups[i].layout.header))
    chosen = next(with_cells, next(iter(timed)))
    return chosen, timed[chosen]


def _wide_rules(
    groups: list[Group],
    texts: list[Sample],
    parsed: dict[str, tags.Tag],
    main: int,
    choice: TimeChoice,
    zone: str,
    progress: Progress,
) -> list[ColumnRule]:
    """One rule per column of all kinds of file; a kind whose time is written in another way has none."""
    rules: list[ColumnRule] = []
    for number in (main, *(i for i in range(len(groups)) if i != main)):
        group, sample = groups[number], texts[number]
        try:
            own = choice if number == main else time_columns.chosen(group.members[0].name, parsed, sample, zone)
        except IngestError:
            continue
        time_column = own.column
        if (own.time_format == clock.ELAPSED) != (choice.time_format == clock.ELAPSED) or (
            number != main and long_columns.rules_of(parsed, sample, time_column, comma=group.layout.decimal == ",")
        ):
            continue
        if number == main and len(groups) > 1:
            sample = sample_join.beside(sample, own, _neighbours(groups, texts, parsed, main, zone))
        multi = len(groups) > 1 or len(group.members) > 1
        rack = tags.rack_of_file(group.members[0].name) if multi else 0
        known = {rule.source for rule in rules}
        units = unit_columns.scaled_by(sample, time_column)
        ways = current_parts.directed(sample, comma=group.layout.decimal == ",")
        sample = current_parts.with_directions(unit_columns.with_units(sample, units), ways)
        sample = {n: t for n, t in sample.items() if n not in (*units.values(), *ways.values())}
        proposed = physics.decide(tuple(sample), parsed, sample, time_column, group.layout.decimal, rack, progress.checkpoint)
        proposed += unit_columns.rules_of(units) + current_parts.rules_of(ways)
        rules += [rule for rule in time_columns.judged(proposed, parsed, sample, own, zone) if rule.source not in known]
    return physics.renumbered(_at_home(rules, groups, parsed)) if len(groups) > 1 else rules


def _at_home(rules: list[ColumnRule], groups: list[Group], parsed: dict[str, tags.Tag]) -> list[ColumnRule]:
    """Rules in which columns of files that name no rack are the bank's, where other files hold the cells of several racks."""
    racks: set[int] = set()
    loose: set[str] = set()
    for group in groups:
        of_files = {tags.rack_of_file(member.name) for member in group.members}
        cells = [parsed[name].rack for name in group.layout.header if parsed[name].kind == "cell"]
        racks |= {rack or of_file for rack in cells for of_file in of_files}
        loose |= set(group.layout.header) if of_files == {0} and not cells else set()
    return [physics.homed(rule, racks) if rule.source in loose else rule for rule in rules]


def _neighbours(groups: list[Group], texts: list[Sample], parsed: dict[str, tags.Tag], main: int, zone: str) -> list[tuple[Sample, TimeChoice]]:  # fmt: skip
    """Samples of the kinds of file that bring series of the racks whose cells the main one holds."""
    result, rack = [], tags.rack_of_file(groups[main].members[0].name)
    for number, group in enumerate(groups):
        name = group.members[0].name
        if number == main or tags.rack_of_file(name) != rack or not sample_join.goes_with(groups[main].layout.header, group.layout.header):
            continue
        try:
            result.append((texts[number], time_columns.chosen(name, parsed, texts[number], zone)))
        except IngestError:
            continue  # it has no time of its own
    return result


def _unlike(profile: MappingProfile, rack: int) -> list[tuple[str, str]]:
    return rack_files.differences(in_files_of(profile, 0), [rule for rule in profile.of_racks if rule.rack == rack], rack)


def _facts(
    groups: list[Group], found: list[Member], profile: MappingProfile, given: bool
) -> tuple[tuple[tuple[str, str, str], ...], tuple[str, ...]]:
    form = groups[0].layout
    cells = sum(rule.quantity == "cell_voltage_v" for rule in profile.columns)
    zone = profile.time_zone if profile.time_zone_known else f"{profile.time_zone} (assumed, not in file)"
    marks = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
    mark = (
        f"{marks[form.delimiter]}, decimal {'comma' if form.decimal == ',' else 'point'}" if form.delimiter else "none: columns of a table"
    )
    facts = (
        ("Files", f"{len(found)} in {len(groups)} kind{'s' if len(groups) > 1 else ''}", "good"),
        ("Shape", profile.shape, "good"),
        ("Encoding", form.encoding, "good"),
        ("Separator", mark, "good"),
        ("Time", profile.time_format, "good"),
        ("Zone", zone, "good" if profile.time_zone_known else "warning"),
        ("Cells", str(cells) if profile.shape == "wide" else "named in the tag column", "good"),
        ("Mapping", f"{profile.name} (saved)" if given else "proposed", "good"),
    )
    warnings = [] if profile.time_zone_known else [f"The files do not state their time zone; {profile.time_zone} is assumed."]
    warnings += [f"{place}: {text}." for group in groups for _, place, _, text in group.layout.altered]
    warnings += [f"{text[:1].upper()}{text[1:]}." for _, text in profile.notes]
    warnings += [
        f"{column}: {text}." for rack in dict.fromkeys(r.rack for r in profile.of_racks) for column, text in _unlike(profile, rack)
    ]
    return facts, tuple(warnings)
