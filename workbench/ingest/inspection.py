"""What did recognition find, as a person checks it? Plain facts that cross from the process that reads files; no library of files is loaded."""

from __future__ import annotations

from workbench.asset.plain import Fact
from workbench.ingest.mapping import MappingProfile


class ReadValue(Fact, frozen=True):
    """One text of a file and what it is read as; read is empty where there is no value, and why says so."""

    text: str
    read: str
    why: str = ""


class SignProof(Fact, frozen=True):
    """Steps of one current column, as the file counts it, against steps of the cells beside it. Charging raises the voltage.

    rising: steps in which the voltage goes with the column; of: steps that were looked at. points: (step [unit of the file], step [mV]).
    """

    source: str
    rising: int
    of: int
    points: tuple[tuple[float, float], ...]


class ColumnView(Fact, frozen=True):
    """One source column as a person checks it: first and last text, what it becomes, why."""

    source: str
    first: str
    last: str
    becomes: str
    read_as: str
    verdict: str  # sure, decided, guess, dropped
    evidence: str
    values: tuple[ReadValue, ...] = ()  # the first rows and the last one, as file and as read


class Inspection(Fact, frozen=True):
    """What was recognised in a set of files."""

    members: tuple[str, ...]
    facts: tuple[tuple[str, str, str], ...]  # caption, value, status (good, warning)
    columns: tuple[ColumnView, ...]
    profile: MappingProfile
    warnings: tuple[str, ...] = ()
    proofs: tuple[SignProof, ...] = ()
