"""Which files beside the telemetry are alarm logs, and which events do they hold? Roles of columns by head and texts, rows to intervals.

Three shapes: a row per alarm with start and end; a row when it is raised and one when it is cleared; a row with time and code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from workbench.asset.events import Event
from workbench.asset.sunspec import canonical_code
from workbench.asset.window import Int64Array
from workbench.ingest import clock, sources, tags
from workbench.ingest.csv_source import Layout, Member, Rejected
from workbench.ingest.event_log import CLEARED, NO_STATE, RAISED, Pairing, Row, paired
from workbench.ingest.mapping import MappingProfile
from workbench.ingest.repairs import Ledger
from workbench.jobs.progress import Progress

MOST_EVENTS = 20_000  # of one log; a timeline with more has no use for a list
MIN_SHARE = 0.8  # of texts that must read as what a column is taken for
RAISE_WORDS = {"raise", "raised", "set", "active", "activated", "on", "1", "true", "start", "started", "appear", "appeared", "occurred", "occur", "came", "kommt", "gekommen", "ein", "open", "begin", "incoming"}  # fmt: skip
CLEAR_WORDS = {"clear", "cleared", "reset", "inactive", "deactivated", "off", "0", "false", "end", "ended", "disappear", "disappeared", "gone", "went", "geht", "gegangen", "aus", "closed", "recovered", "normal", "outgoing"}  # fmt: skip
SEVERITIES = (
    ("bad", re.compile(r"critical|fault|alarm|trip|major|high|severe|error|protect|emergency|störung|fatal", re.I)),
    ("warning", re.compile(r"warn|minor|medium|moderate|pre", re.I)),
    ("info", re.compile(r"info|notice|low|event|status|message|hint|normal", re.I)),
)
LANES = (
    ("balancing", re.compile(r"\bbalancing\b|\bbalance (on|active|start)", re.I)),
    ("protection", re.compile(r"protect|\btrip|interlock|shut ?down|e-?stop|emergency|not-?aus|fuse|lock-?out", re.I)),
    ("contactor", re.compile(r"(contactor|relay|schütz|breaker)\W+(is |was )?(open|close|clos|opened|ein|aus|on\b|off\b)", re.I)),
)
HEADS = {  # role: what its column is called; the first role that fits an unclaimed column takes it
    "start": re.compile(r"(start|begin|raise|occur|appear|set|activ|onset|from)\w*[ _\-]*(time|date|at|ts|stamp)|time[ _\-]*(start|begin|raised|on\b|from)|^(start|begin|beginn|from|von|raised|occurred)$", re.I),
    "end": re.compile(r"(end|stop|clear|reset|disappear|recover|finish|off)\w*[ _\-]*(time|date|at|ts|stamp)|time[ _\-]*(end|stop|clear|off\b|to\b|reset)|^(end|ende|until|bis|cleared|recovered|to)$", re.I),
    "latched": re.compile(r"latch|self.?hold|needs? reset|quittierpflicht", re.I),
    "severity": re.compile(r"sever|level|priorit|grade|class|stufe|kategorie|category", re.I),
    "element": re.compile(r"device|element|source|rack|string|location|unit|equipment|component|object|^tag$|node|bms|anlage|gerät|module|cell", re.I),
    "code": re.compile(r"code|(alarm|event|fault|error|warning)[ _\-]*(id|no|nr|num\w*)|^id$|^nr$", re.I),
    "text": re.compile(r"text|descr|message|name|meldung|alarm|event|fault|warning|reason|beschreibung|point", re.I),
}  # fmt: skip
STATE_HEAD = re.compile(r"state|status|transition|edge|action|active|value|raise|kommt|zustand|type", re.I)


@dataclass(frozen=True, slots=True)
class Roles:
    """Which column of a log is what; empty where there is none. shape says in words how its rows are read."""

    time: str
    time_format: str
    zone_stated: bool
    end: str = ""
    state: str = ""
    code: str = ""
    text: str = ""
    severity: str = ""
    element: str = ""
    latched: str = ""

    @property
    def shape(self) -> str:
        """How the rows are read, in words."""
        return "raised and cleared" if self.state else "start and end" if self.end else "time and code"


@dataclass(frozen=True, slots=True)
class Log:
    """A member that is an alarm log."""

    member: Member
    form: Layout
    roles: Roles


def roles(form: Layout) -> Roles | None:
    """What the columns of a table are if it is an alarm log, or None: a log has times and words or codes, and no measurements of cells."""
    header = form.header
    if len(header) < 2 or any(tags.parse(name).kind in ("cell", "probe") for name in header):
        return None
    texts = {name: [row[i].strip() for row in form.sample] for i, name in enumerate(header)}
    times = {name: found for name in header if (found := clock.recognise(texts[name])) and found[0] != clock.ELAPSED}
    end = next((name for name in times if HEADS["end"].search(name)), "")
    begin = next((name for name in times if name != end and HEADS["start"].search(name)), "")
    time = begin or next((name for name in times if name != end), "")
    if not time:
        return None
    given: dict[str, str] = {"end": end}
    free = [name for name in header if name not in (*times, end)]
    given["state"] = next((name for name in free if STATE_HEAD.search(name) and _are_states(texts[name])), "")
    free = [name for name in free if name != given["state"]]
    for role in ("latched", "severity", "element", "code", "text"):
        given[role] = next((name for name in free if HEADS[role].search(name) and any(texts[name])), "")
        free = [name for name in free if name != given[role]]
    told = given["code"] or given["text"]
    wordy = bool(given["text"]) and not _numeric(texts[given["text"]])
    if not told or not (wordy or given["end"] or given["state"]):
        return None
    time_format, zone_stated = times[time]
    return Roles(
        time, time_format, zone_stated, given["end"], given["state"], given["code"], given["text"], given["severity"], given["element"],
        given["latched"],
    )  # fmt: skip


def read(logs: Iterable[Log], profile: MappingProfile, ledger: Ledger, progress: Progress) -> list[Event]:
    """The events of logs; everything odd in them is listed."""
    events: list[Event] = []
    for log in logs:
        rows = list(_rows(log, profile, ledger, progress))
        made = paired(rows)
        _listed(log, made, ledger)
        events += [_event(span.row, span.start_ns, span.end_ns, span.note) for span in made.spans[:MOST_EVENTS]]
    return events


def _rows(log: Log, profile: MappingProfile, ledger: Ledger, progress: Progress) -> Iterator[Row]:
    role, name, rejected = log.roles, log.member.name, Rejected()
    rack = tags.rack_of_file(name)
    zone = "" if role.zone_stated else profile.time_zone
    if not role.zone_stated:
        ledger.note("event-zone-assumed", name, 1, f"the log states no time zone; {zone or 'UTC'} is taken, as for the telemetry")
    bad = 0
    for block in sources.blocks(log.member, log.form, rejected):
        progress.checkpoint()
        columns = {column: values.cast(pa.string()) for column, values in block.items()}
        start = _utc(columns[role.time], role.time_format, zone)
        end = _utc(columns[role.end], role.time_format, zone) if role.end else None
        words = {
            part: [text or "" for text in columns[column].to_pylist()] if (column := getattr(role, part)) else [""] * len(start)
            for part in ("state", "code", "text", "severity", "element", "latched")
        }
        for i, time_ns in enumerate(start.tolist()):
            if time_ns == clock.UNREADABLE or not (words["code"][i] or words["text"][i]).strip():
                bad += 1
                continue
            end_ns = int(end[i]) if end is not None and end[i] != clock.UNREADABLE else None
            yield _row(role, rack, time_ns, end_ns, {part: texts[i].strip() for part, texts in words.items()})
    if bad + rejected.count:
        ledger.note("event-row-rejected", name, bad + rejected.count, "rows of the log without a readable time or without a code; not read")


def _utc(column: pa.Array, time_format: str, zone: str) -> Int64Array:
    """UTC nanoseconds of texts; rows of a log stand in any order, so an hour that exists twice is read as the first."""
    local = clock.parsed(column.fill_null(""), time_format)
    known = local != clock.UNREADABLE
    result = local.copy()
    order = np.argsort(local[known], kind="stable")
    sorted_utc = clock.to_utc(local[known][order], zone).utc_ns
    back = np.empty_like(sorted_utc)
    back[order] = sorted_utc
    result[known] = back
    return result


def _row(role: Roles, rack: int, time_ns: int, end_ns: int | None, words: dict[str, str]) -> Row:
    state = words["state"].lower()
    return Row(
        time_ns=time_ns,
        element=element_name(words["element"], role.element, rack),
        code=words["code"],
        text=words["text"],
        severity=severity_of(words["severity"]) or severity_of(words["text"]),
        end_ns=end_ns,
        state=RAISED if state in RAISE_WORDS else CLEARED if state in CLEAR_WORDS else NO_STATE,
        latched=words["latched"].lower() in ("1", "true", "yes", "ja", "latched", "x"),
    )


def element_name(text: str, head: str, file_rack: int) -> str:
    """The element as we name it where its text says which rack, module, cell; else the owner's own words, or the rack of the file."""
    if re.fullmatch(r"\d+", text) and re.search(r"rack|string", head, re.I):
        return f"R{int(text):02d}"
    tag = tags.parse(text) if text else tags.Tag("unknown")
    rack = tag.rack or (file_rack if tag.kind == "cell" or tag.module or not text else 0)
    if not rack:
        return text or "site"
    module = f" · M{tag.module}" if tag.module else ""
    cell = f" · C{tag.index:03d}" if tag.kind == "cell" else ""
    return f"R{rack:02d}{module}{cell}"


def severity_of(text: str) -> str:
    """bad, warning or info where words say it; a bare number does not: vendors count from either end."""
    return next((name for name, pattern in SEVERITIES if pattern.search(text)), "")


def lane_of(text: str) -> str:
    """The lane that the words name; an alarm otherwise."""
    return next((lane for lane, pattern in LANES if pattern.search(text)), "alarm")


def _event(row: Row, start_ns: int, end_ns: int, note: str) -> Event:
    said = row.text or row.code
    canonical = canonical_code(f"{row.text} {row.code}", row.severity)
    severity = row.severity or ("warning" if canonical.endswith("_WARNING") else "bad" if canonical.endswith("_ALARM") else "warning")
    text = f"{said} ({note})" if note else said
    lane = lane_of(f"{row.text} {row.code}")
    if lane != "alarm" and not row.severity:
        severity = "bad" if lane == "protection" else "info"
    return Event(
        lane=lane, start_ns=start_ns, end_ns=end_ns, element=row.element, code=row.code or row.text, severity=severity, text=text,
        canonical=canonical, latched=row.latched,
    )  # fmt: skip


def _listed(log: Log, made: Pairing, ledger: Ledger) -> None:
    name, odd = log.member.name, made.counts
    for rule, count, detail in (
        ("event-unsorted", odd.unsorted, "steps back in time of a log; rows sorted by time"),
        ("event-raised-twice", odd.raised_twice, "raised again while it stood; the first raise holds"),
        ("event-cleared-only", odd.cleared_only, "cleared without a raise in the log; kept as an instant"),
        ("event-unclosed", odd.unclosed, "never cleared in the log; lasts until the log ends"),
        ("event-ends-before-it-starts", odd.backwards, "rows that end before they start; not read"),
        ("event-left-out", max(len(made.spans) - MOST_EVENTS, 0), f"events beyond the first {MOST_EVENTS:,} of a log; left out"),
    ):
        if count:
            ledger.note(rule, name, count, detail)


def _are_states(texts: Sequence[str]) -> bool:
    words = [text.lower() for text in texts if text]
    known = sum(word in RAISE_WORDS or word in CLEAR_WORDS for word in words)
    return bool(words) and known >= MIN_SHARE * len(words)


def _numeric(texts: Sequence[str]) -> bool:
    filled = [text for text in texts if text]
    return sum(bool(re.fullmatch(r"[-+]?[\d.,]+", text)) for text in filled) > 0.5 * len(filled)
