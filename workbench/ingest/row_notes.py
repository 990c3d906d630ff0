"""What of the rows of one file was not read, or not wholly? Counted while reading, said afterwards, each with its place."""

from __future__ import annotations

from workbench.ingest import text_encoding
from workbench.ingest.csv_source import Rejected
from workbench.ingest.repairs import Ledger
from workbench.ingest.restarts import ElapsedClock

PARTLY_READ = {
    "quality-column": "values that the source itself does not call good; masked",
    "list-length": "the list has another length than elsewhere: which cell is missing, nobody can tell; no cell read",
}


def noted(ledger: Ledger, name: str, encoding: str, rejected: Rejected, elapsed: ElapsedClock | None) -> None:
    """One line per kind of row into the ledger."""
    misfit = rejected.misfit
    if rejected.count:
        ledger.note("row-rejected", name, rejected.count, widths(rejected), first=rejected.first)
    for rule, count in rejected.odd.items():
        ledger.note(rule, name, count, PARTLY_READ[rule])
    if elapsed is not None:
        place = f"row {elapsed.first + 1}"
        if elapsed.strays:
            ledger.note(
                "clock-stray", name, elapsed.strays, "single rows whose time falls back while the next goes on; not read", first=place
            )
        if elapsed.restarts:
            text = "the count of seconds begins again; joined end to end, the time between is unknown"
            ledger.note("clock-restart", name, elapsed.restarts, text, first=place)
    if rejected.timeless:
        ledger.note("time-unreadable", name, rejected.timeless, "no readable time; row not read")
    for (rule, where, said), count in rejected.counted.items():
        ledger.note(rule, where, count, said)
    if misfit.count:
        text = f"characters that are not {encoding}; read as {text_encoding.REPLACED}"
        ledger.note("text-unreadable", name, misfit.count, text, first=f"after byte {misfit.first:,}")


def widths(rejected: Rejected) -> str:
    """What is wrong with rows that were not read, by how many fields they have more or less than the header."""
    parts = [f"{rows} with {abs(more)} {'more' if more > 0 else 'fewer'}" for more, rows in rejected.widths.most_common(3) if more]
    return "another number of fields than the header; not read" + (f" ({', '.join(parts)})" if parts else "")
