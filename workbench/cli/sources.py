"""Words that inspect and import share."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from workbench.errors import Reason, UsageError


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Files, mapping, zone, start."""
    parser.add_argument("sources", nargs="+", type=Path, help="files, folders or zips: CSV, Parquet, Excel, SQLite, MATLAB, HDF5, MDF4")
    parser.add_argument("--mapping", type=Path, metavar="NAME_OR_FILE", help="a saved mapping instead of recognition")
    parser.add_argument("--zone", help="time zone of the files where they do not say, for example Europe/Berlin")
    parser.add_argument("--start", help="when a file that counts seconds began, for example 2024-10-23T08:00Z")


def start_of(given: argparse.Namespace) -> int | None:
    """The start as UTC nanoseconds, or None."""
    if not given.start:
        return None
    try:
        when = datetime.fromisoformat(given.start)
    except ValueError as error:
        raise UsageError(Reason.USAGE, f"--start {given.start} is not a time.", "Write it like 2024-10-23T08:00Z.") from error
    return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()) * 1_000_000_000
