"""What must a reader of one file format offer? Its tables, the layout of each, and their rows block by block as dictionary-encoded texts.

::

    TableSource            one module per format: parts, layout, blocks
    local                  a file on disk to seek in, also when it lies in a zip
    typed_layout           the layout of a table whose columns have names and types
    batch_rows             how many rows of so many columns are one block: memory stays bounded
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from workbench.errors import IngestError, Reason
from workbench.ingest import tags
from workbench.ingest.csv_source import Layout, Member, Rejected, opened, unique

Block = Mapping[str, pa.DictionaryArray]
Note = tuple[str, str, int, str]  # rule, place, count, sentence

FIELDS_PER_BLOCK = 500_000
MAX_COLUMNS = 100_000
COPY_BYTES = 1 << 20


class TableSource(Protocol):
    """A reader of one format. path is a file to seek in; member says which table, and names it in messages. Raises IngestError."""

    def parts(self, path: Path, member: Member) -> list[str]:
        """The names of the tables inside, in the file's order."""
        ...

    def layout(self, path: Path, member: Member) -> Layout:
        """The columns of one table."""
        ...

    def blocks(self, path: Path, member: Member, form: Layout, rejected: Rejected) -> Iterator[Block]:
        """Its rows, in the file's order."""
        ...


@contextmanager
def local(member: Member) -> Iterator[Path]:
    """The file of a member on disk: itself, or a copy that lives as long as it is read where it lies in a zip."""
    if not member.inner:
        with opened(member):  # gone or not readable: one sentence
            yield member.path
        return
    with tempfile.TemporaryDirectory(prefix="workbench-part-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "part"
        with opened(member) as file, copy.open("wb") as out:
            shutil.copyfileobj(file, out, COPY_BYTES)
        yield copy


def typed_layout(member: Member, format_name: str, names: Iterable[str], *, decimal: str = ".", notes: tuple[Note, ...] = ()) -> Layout:
    """The layout of a table whose columns are named in the file. Raises IngestError where there are none, or too many to be a table."""
    given = [tags.cleaned(name) for name in names]
    if not given:
        raise IngestError(Reason.FILE_EMPTY, f"{member.name} holds no column.", "Ask for the file again.")
    if len(given) > MAX_COLUMNS:
        raise IngestError(
            Reason.FORMAT_UNKNOWN, f"{member.name} declares {len(given):,} columns, which is no table.", "Ask for one column per channel."
        )
    header, repeated = unique(given)
    return Layout(format_name, "", decimal, header, True, 0, (), repeated, altered=notes)


def batch_rows(columns: int) -> int:
    """Rows of one block."""
    return max(64, min(65_536, FIELDS_PER_BLOCK // max(columns, 1)))


def progressed(member: Member, rejected: Rejected, done: int, total: int) -> None:
    """Tell how much of the member's share of its file has been read."""
    rejected.misfit.bytes_read = int(member.weight * min(done / max(total, 1), 1.0))


def unreadable(member: Member, what: str, error: BaseException) -> IngestError:
    """A file that begins like its format and then cannot be read."""
    about = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")[:200]
    return IngestError(Reason.FORMAT_UNKNOWN, f"{member.name} cannot be read as {what}: {about}.", "Ask for the file again.")
