"""Which lifetime counters and histograms does a service read-out hold? Sections in angle brackets, bins in a row, counts below; no time axis."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from workbench.asset.counters import CounterField, CounterRow, CounterSheet, CounterTable
from workbench.errors import IngestError, Reason
from workbench.ingest import csv_source, text_encoding
from workbench.ingest.csv_source import Member

MOST_BYTES = 32 * 1024 * 1024
MIN_SECTIONS = 2
MOST_APART = 1.05  # how far the clocks of parts of one age may differ
_SECTION = re.compile(r"^<(?P<title>[^<>]+?)>$")
_UNIT = re.compile(r"\(([^()]+)\)\s*$")
_PART = re.compile(r"^(module|modul|pack|string|rack)\s+\d+$", re.I)
_DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})\s*@?\s*(\d{2}:\d{2}:\d{2})")
_SERIAL = re.compile(r"(mfg data \(ascii\)|serial ?(number|no\.?))", re.I)
TOTAL = "total"


def recognised(member: Member) -> bool:
    """Whether a file is such a read-out, by its first part."""
    with csv_source.opened(member) as file:
        head = file.read(csv_source.SNIFF_BYTES)
    if head.count(b"<") < MIN_SECTIONS or (not head.lstrip().startswith(b"<") and text_encoding.foreign(head)):
        return False
    lines = [line.strip(' ,;"') for line in head.decode(text_encoding.recognised(head), errors="replace").splitlines()]
    return sum(bool(_SECTION.match(line)) for line in lines) >= MIN_SECTIONS and any(_bins(line.split(",")) for line in lines)


def sheets(sources: list[Path]) -> list[CounterSheet]:
    """Every read-out in files, folders and zips, in order of name."""
    return [read(member) for member in csv_source.members(sources) if recognised(member)]


def alone(sources: list[Path]) -> bool:
    """Whether these files hold read-outs and, but for what is no table at all, nothing else."""
    others = [member for member in csv_source.members(sources) if not recognised(member)]
    return not any(_is_table(member) for member in others)


def _is_table(member: Member) -> bool:
    try:
        csv_source.layout(member)
    except IngestError as error:
        return member.asked or error.reason not in (Reason.FORMAT_UNKNOWN, Reason.FILE_EMPTY)
    return True


def read(member: Member) -> CounterSheet:
    """All fields and tables of a read-out. Raises FILE_UNREADABLE where it is cut short inside a table."""
    rows = _rows(member)
    fields: list[CounterField] = []
    tables: list[CounterTable] = []
    part, title = "", ""
    bins: tuple[str, ...] = ()
    body: list[CounterRow] = []

    def close() -> None:
        nonlocal title, bins, body
        if title and bins:
            unit = _UNIT.search(title)
            tables.append(CounterTable(part=part, title=title, unit=unit[1] if unit else "", bins=bins, rows=tuple(body)))
        title, bins, body = "", (), []

    for number, row in enumerate(rows, 1):
        texts = [text.strip() for text in row]
        first = texts[0] if texts else ""
        if not any(texts):
            continue
        if section := _SECTION.match(first):
            close()
            title = section["title"].strip()
        elif _PART.match(first) and not any(texts[1:]):
            close()
            part = first.lower()
        elif title and not bins and (found := _bins(texts)):
            bins = found
        elif title and bins and (counted := _counted(texts, bins, number)) is not None:
            body.append(counted)
        else:
            fields += _fields(part, texts, number)
    if title and bins and not body:
        raise IngestError(
            Reason.FILE_UNREADABLE, f"{member.name} ends inside its section <{title}>, before any count.", "Ask for the read-out again."
        )
    close()
    return _sheet(member, fields, tables)


def _rows(member: Member) -> list[list[str]]:
    with csv_source.opened(member) as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise IngestError(
            Reason.FILE_UNREADABLE,
            f"{member.name} is a counter read-out of more than {MOST_BYTES >> 20} MB.",
            "Ask for one read-out per file.",
        )
    text = data.decode(text_encoding.recognised(data[: csv_source.SNIFF_BYTES]), errors="replace").removeprefix("\ufeff")
    try:
        return list(csv.reader(text.splitlines()))
    except csv.Error as error:
        raise IngestError(Reason.FILE_UNREADABLE, f"{member.name} cannot be read: {error}.", "Ask for the read-out again.") from error


def _bins(row: list[str]) -> tuple[str, ...]:
    """The bins of a table's head: named fields after an empty one, and at the end the total."""
    texts = [text.strip() for text in row]
    filled = [text for text in texts if text]
    if len(filled) < 2 or filled[-1].lower() != TOTAL:
        return ()
    return tuple(filled[:-1])


def _counted(texts: list[str], bins: tuple[str, ...], number: int) -> CounterRow | None:
    """A row of counts: a label, one count per bin, the total where there is one."""
    counts = [text for text in texts[1:] if text]
    if not counts or not all(re.fullmatch(r"\d+", text) for text in counts) or len(counts) < len(bins):
        return None
    total = int(counts[len(bins)]) if len(counts) > len(bins) else -1
    return CounterRow(label=texts[0], counts=tuple(int(text) for text in counts[: len(bins)]), total=total, row=number)


def _fields(part: str, texts: list[str], number: int) -> list[CounterField]:
    """``Name:,value`` or ``Name: value``; a serial number also under that name."""
    name, mark, rest = texts[0].partition(":")
    values = [text for text in [rest.strip(), *texts[1:]] if text]
    if not mark or not values:
        return []
    made = [CounterField(part=part, name=name.strip(), value=" ".join(values), row=number)]
    if _SERIAL.search(name):
        made.append(CounterField(part=part, name="serial number", value=re.sub(r"[^\w-]+.*$", "", values[0]), row=number))
    return made


def _sheet(member: Member, fields: list[CounterField], tables: list[CounterTable]) -> CounterSheet:
    stated = next((f.value for f in fields if "retrieved" in f.name.lower() or f.name.lower().startswith("date")), "")
    found = _DATE.search(stated)
    return CounterSheet(
        source=csv_source.digest_of(member.path),
        member=member.name,
        retrieved=f"{found[3]}-{found[1]}-{found[2]} {found[4]}" if found else stated,
        serial=next((f.value for f in fields if f.name == "serial number" and not f.part), ""),
        fields=tuple(fields),
        tables=tuple(tables),
        notes=_notes(tables),
    )


def _notes(tables: list[CounterTable]) -> tuple[str, ...]:
    """What does not add up: a total that is not the sum of its bins, and parts that have counted less than the others."""
    said = []
    for table in tables:
        totals = [row.total for row in table.rows if row.total >= 0]
        usual = max(set(totals), key=totals.count) if totals else -1
        for row in table.rows:
            where = " ".join(word for word in (table.part, row.label, f"in <{table.title}>, row {row.row}") if word)
            if row.total >= 0 and sum(row.counts) != row.total:
                said.append(f"{where}: bins add up to {sum(row.counts):,}, the total says {row.total:,}")
            elif row.total >= 0 and row.total != usual and totals.count(usual) > 1:
                said.append(f"{where}: counted {row.total:,} where its neighbours counted {usual:,}")
    clocks = [max((row.total for row in table.rows), default=-1) for table in tables if table.part and table.rows]
    if clocks and max(clocks) > MOST_APART * min(clock for clock in clocks if clock >= 0):
        said.append(f"the parts have counted between {min(clocks):,} and {max(clocks):,}: not all of them were in this pack from the start")
    return tuple(said)
