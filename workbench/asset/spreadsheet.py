"""Can a text of somebody else become a command where it is opened? A spreadsheet runs what begins like a formula: exports shield it."""

from __future__ import annotations

BEGINS = ("=", "+", "-", "@", "\t", "\r")


def shielded(text: str) -> str:
    """The text for a column of texts of a CSV file: with an apostrophe before what a spreadsheet would take for a formula. Numbers stay out of it."""
    return f"'{text}" if text.startswith(BEGINS) else text
