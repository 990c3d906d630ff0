"""Which columns does a Parquet file hold? Read in batches of rows; numbers keep every digit of their type, lists become one column per place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from workbench.errors import IngestError, Reason
from workbench.ingest import exact_text
from workbench.ingest.csv_source import Layout, Member, Rejected
from workbench.ingest.gates import MAX_DECLARED
from workbench.ingest.table_source import Block, batch_rows, progressed, typed_layout, unreadable

FORMAT = "Parquet"
MAX_COLUMN_BYTES = 1 << 31  # of one column in one row group: it may have to be unpacked at once
MAX_ROWS = 10**11
BROKEN = (pa.ArrowException, OSError, ValueError)


def parts(path: Path, member: Member) -> list[str]:
    """A Parquet file is one table."""
    _opened(path, member).close()
    return [""]


def layout(path: Path, member: Member) -> Layout:
    """Its columns; a column of lists as many as its longest list in the first rows, a column of records one per field."""
    file = _opened(path, member)
    try:
        first = next(file.iter_batches(batch_size=batch_rows(len(file.schema_arrow.names))), None)
    except BROKEN as error:
        raise unreadable(member, "a Parquet file", error) from error
    finally:
        file.close()
    if first is None or not first.num_rows:
        raise IngestError(Reason.TOO_FEW_ROWS, f"{member.name} holds no row.", "Ask for a longer export.")
    return typed_layout(member, FORMAT, [name for name, _ in _flat(first)])


def blocks(path: Path, member: Member, form: Layout, rejected: Rejected) -> Iterator[Block]:
    """Batches of rows. A list longer than those at the beginning loses its end, which is counted."""
    file, done = _opened(path, member), 0
    try:
        total = file.metadata.num_rows
        for batch in file.iter_batches(batch_size=batch_rows(len(form.header))):
            columns = dict(_flat(batch, dict.fromkeys(form.header)))
            for name in columns.keys() - set(form.header):
                rejected.counted["list-too-long", member.name, f"values of {name}, beyond the lists at the beginning; not read"] += (
                    len(columns[name]) - columns[name].null_count
                )
            yield {
                name: exact_text.of_arrow(columns[name] if name in columns else pa.nulls(batch.num_rows, pa.string()))
                for name in form.header
            }
            done += batch.num_rows
            progressed(member, rejected, done, total)
    except BROKEN as error:
        raise unreadable(member, "a Parquet file", error) from error
    finally:
        file.close()


def _opened(path: Path, member: Member) -> pq.ParquetFile:
    """The file, after its own declaration has been found possible."""
    try:
        file = pq.ParquetFile(path, memory_map=False, pre_buffer=False)
    except BROKEN as error:
        raise unreadable(member, "a Parquet file", error) from error
    known = file.metadata
    groups = [known.row_group(i) for i in range(known.num_row_groups)]
    sizes = [group.total_byte_size for group in groups]
    large = [
        group.column(k).total_uncompressed_size
        for group in groups
        if group.total_byte_size > MAX_COLUMN_BYTES
        for k in range(known.num_columns)
    ]
    reason = ""
    if not 0 <= known.num_rows <= MAX_ROWS:
        reason = f"claims {known.num_rows:,} rows"
    elif min(sizes, default=0) < 0 or sum(sizes) > MAX_DECLARED:
        reason = f"claims {sum(sizes):,} bytes of data"
    elif max(large, default=0) > MAX_COLUMN_BYTES:
        reason = f"holds a column of {max(large):,} bytes in one group of rows"
    if reason:
        file.close()
        raise IngestError(Reason.ARCHIVE_UNSAFE, f"{member.name} {reason}.", "Ask for the file in smaller row groups.")
    return file


def _flat(batch: pa.RecordBatch, wanted: dict[str, None] | None = None) -> list[tuple[str, pa.Array]]:
    """Columns of plain values: records by field (``a.b``), lists by place (``cells/1``)."""
    result: list[tuple[str, pa.Array]] = []
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        result += _plain(name, column)
    if wanted is None:
        return result
    return [(name, column) for name, column in result if name in wanted or "/" in name]


def _plain(name: str, column: pa.Array) -> list[tuple[str, pa.Array]]:
    kind = column.type
    if pa.types.is_struct(kind):
        fields = [(f"{name}.{field.name}", pc.struct_field(column, [i])) for i, field in enumerate(kind)]
        return [plain for inner, values in fields for plain in _plain(inner, values)]
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        rows = column.cast(pa.list_(kind.value_type))
        lengths = np.asarray(pc.fill_null(pc.list_value_length(rows), 0))
        begins = np.asarray(rows.offsets)[:-1].astype(np.int64)
        places = range(int(lengths.max(initial=0)))
        taken = [rows.values.take(pa.array(begins + place, mask=lengths <= place)) for place in places]
        return [plain for place in places for plain in _plain(f"{name}/{place + 1}", taken[place])]
    return [(name, column)]
