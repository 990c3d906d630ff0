"""Where did these data come from, and what was done to them on the way in?"""

from __future__ import annotations

from workbench.asset.plain import Fact


class SourceFile(Fact, frozen=True):
    """One file as the owner handed it over. name is relative (``archive.zip/member.csv`` inside an archive)."""

    name: str
    size_bytes: int
    sha256: str


class Repair(Fact, frozen=True):
    """One rule that altered or masked data: which rule, where, how often, first place, why and on what evidence.

    rule is a stable code such as sentinel, offset, sign, scale, hidden-cell, duplicate-time, row-rejected, unsorted, dropped-column.
    place names file and column; count is samples (or rows) touched; first says where it first bites.
    """

    rule: str
    place: str
    count: int
    detail: str
    evidence: str = ""
    first: str = ""
