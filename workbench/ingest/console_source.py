"""What does a capture of a service console hold? Blocks of one row per cell, with prompts between them and a time per block at best.

A block becomes one row of a wide table: ``M03_CellV00`` is row 0 of the block that the command for module 3 printed. A capture of several
rounds without a time for each is refused: nobody can tell afterwards how long the rounds took.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from workbench.errors import IngestError, Reason
from workbench.ingest import csv_source, name_time, text_encoding
from workbench.ingest.csv_source import Layout, Member, Rejected
from workbench.ingest.values import exact

MIN_BLOCK_ROWS = 2
MOST_BYTES = 64 * 1024 * 1024
_INDEX = re.compile(r"^\W*(battery|cell|zelle|bat|index|no\.?|nr\.?|#)\s", re.I)
_VOLT = re.compile(r"\bvolt(age)?\b|\bspannung\b|\bmv\b", re.I)
_PROMPT = re.compile(r"^\s*[\w./@~:-]{0,30}[>#$]\s*(?P<command>.*)$")
_MODULE = re.compile(r"\b(?:bat|pwr|module|modul|mod|unit|pack|info|cells?)\s*#?\s*(\d+)\s*$", re.I)
_ROW = re.compile(r"^\s*(\d{1,3})\s+(\S.*)$")
_TIME = re.compile(r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})[ T]+(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)")


@dataclass
class _Round:
    """One poll of all modules: its time as text, and what it says."""

    time: str = ""
    modules: set[int] = field(default_factory=set)
    values: dict[str, str] = field(default_factory=dict)


@dataclass
class _Capture:
    rounds: list[_Round]
    litter: int  # lines that belong to no block
    left_out: set[str]  # titles of columns that hold no numbers of a cell


def layout(member: Member) -> Layout | None:
    """How a capture becomes columns, or None where the file is none. Raises CLOCK_UNUSABLE where its rounds have no time."""
    with csv_source.opened(member) as file:
        head = file.read(csv_source.SNIFF_BYTES)
    if text_encoding.foreign(head):
        return None
    encoding = text_encoding.recognised(head)
    if not _is_capture(head.decode(encoding, errors="replace")):
        return None
    capture = _read(_text(member, encoding, Rejected()))
    timed = _timed(member, capture)
    header = ("Time", *dict.fromkeys(name for part in capture.rounds for name in part.values))
    sample = tuple((part.time, *(part.values.get(name, "") for name in header[1:])) for part in capture.rounds)
    notes = [
        ("console-capture", f"rounds of blocks: {len(capture.rounds)}, with a row per cell; made one row each, named {header[1]} and so on")
    ]
    if capture.litter:
        notes.append(("console-litter", f"{capture.litter} lines of prompts and messages between the blocks; not read"))
    if capture.left_out:
        notes.append(("dropped-column", f"columns of the blocks that hold no number of a cell: {', '.join(sorted(capture.left_out))}"))
    if timed:
        notes.append(("time-from-name", "the capture states no time; the one in the name of the file was taken"))
    return Layout(encoding, "|", ".", header, True, 0, sample, (), tuple(notes), shape="console")


def blocks(member: Member, form: Layout, rejected: Rejected) -> Iterator[dict[str, pa.DictionaryArray]]:
    """All rounds as one block."""
    capture = _read(_text(member, form.encoding, rejected))
    _timed(member, capture)
    yield {
        name: pa.array(
            [part.time if name == "Time" else part.values.get(name, "") for part in capture.rounds], pa.string()
        ).dictionary_encode()
        for name in form.header
    }


def _is_capture(text: str) -> bool:
    lines = text.splitlines()
    headers = [i for i, line in enumerate(lines) if _is_header(line)]
    return any(all(_ROW.match(line) for line in lines[i + 1 : i + 1 + MIN_BLOCK_ROWS]) and i + MIN_BLOCK_ROWS < len(lines) for i in headers)


def _is_header(line: str) -> bool:
    return bool(_INDEX.match(line.strip() + " ")) and bool(_VOLT.search(line)) and not re.search(r"[,;\t]", line.strip())


def _text(member: Member, encoding: str, rejected: Rejected) -> str:
    with csv_source.opened(member) as file:
        data = text_encoding.Utf8(file, encoding, rejected.misfit).read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise IngestError(
            Reason.FILE_UNREADABLE, f"{member.name} is a console capture of more than {MOST_BYTES >> 20} MB.", "Ask for it in parts."
        )
    return data.decode(errors="replace")


def _read(text: str) -> _Capture:
    rounds: list[_Round] = []
    litter, module, time, columns, left_out = 0, 0, "", [""][:0], set[str]()
    for line in text.splitlines():
        if found := _TIME.search(line):
            time = f"{re.sub(r'[/.]', '-', found[1])} {found[2]}"
        prompt = _PROMPT.match(line)
        if prompt:
            stated = _MODULE.search(prompt["command"].strip())
            module, columns = int(stated[1]) if stated else 0, []
        row = _ROW.match(line)
        if _is_header(line):
            columns = re.split(r"\s{2,}", line.strip()) if re.search(r"\S\s{2,}\S", line.strip()) else line.split()
            if not rounds or module in rounds[-1].modules or (time and time != rounds[-1].time):
                rounds.append(_Round(time))
            rounds[-1].modules.add(module)
        elif row and columns:
            fields = re.split(r"\s{2,}", line.strip()) if re.search(r"\S\s{2,}\S", line.strip()) else line.split()
            left_out |= _take(rounds[-1], module, columns, fields)
        elif line.strip():
            litter += 1
            columns = columns if re.fullmatch(r"[\s@$=-]*", line) else []
    return _Capture(rounds, litter, left_out)


def _take(into: _Round, module: int, columns: list[str], fields: list[str]) -> set[str]:
    """One row of a block. Current is the same for every cell of a string: the first row's is taken."""
    left_out, index = set(), int(fields[0])
    prefix = f"M{module:02d}_" if module else ""
    volts = next((fields[i] for i, title in enumerate(columns[: len(fields)]) if i and _VOLT.search(title)), "")
    milli = (number := exact(volts)) is not None and number > 1000
    for title, value in zip(columns[1:], fields[1:], strict=False):
        word = title.lower()
        if exact(value) is None:
            left_out.add(title)
        elif re.fullmatch(r"volt(age)?|spannung|m?v", word):
            into.values[f"{prefix}CellV{index:02d}_{'mV' if milli else 'V'}"] = value
        elif word.startswith(("curr", "strom")):
            into.values.setdefault("Current_mA" if milli else "Current_A", value)
        elif word.startswith("temp"):
            into.values[f"{prefix}Temp{index:02d}"] = value
        else:
            left_out.add(title)
    return left_out


def _timed(member: Member, capture: _Capture) -> bool:
    """Give every round a time; True where it had to be taken from the name of the file."""
    without = [part for part in capture.rounds if not part.time]
    if not without:
        return False
    named = name_time.instant(member.name)
    if len(capture.rounds) == 1 and named:
        capture.rounds[0].time = named
        return True
    where = f"one of its {len(capture.rounds)} rounds of blocks" if len(capture.rounds) > 1 else "its block"
    raise IngestError(
        Reason.CLOCK_UNUSABLE,
        f"{member.name} is a console capture that states no time for {where}.",
        "Ask for a capture per instant with the time in its name (console_20240131_120500.log), or with the clock printed before each block.",
    )
