"""How does a long table (time, element tag, value) become rows? Element by element, joined on equal times."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.errors import IngestError, Reason
from workbench.ingest import clock, csv_source, long_columns, physics, tags, text_shapes
from workbench.ingest.mapping import ColumnRule, MappingProfile
from workbench.jobs.progress import Progress

ROWS = 4096  # instants handed on at a time
RECORD = np.dtype([("t", "<i8"), ("tag", "<i4"), ("text", "<i4")])
TIME = "\0time"  # no tag of an owner is called so


def wide_rules(member: csv_source.Member, form: csv_source.Layout, profile: MappingProfile, progress: Progress) -> list[ColumnRule]:
    """One rule per element tag of a long table, decided as if every tag were a column."""
    header, sample = _pivot_sample(member, form, profile, progress)
    parsed = {name: tags.parse(name) for name in header}
    return physics.decide(
        (TIME, *header),
        {TIME: tags.Tag("time"), **parsed},
        {TIME: sample[TIME], **sample},
        TIME,
        form.decimal,
        tags.rack_of_file(member.name),
    )


def pivoted(
    member: csv_source.Member, form: csv_source.Layout, profile: MappingProfile, rejected: csv_source.Rejected
) -> Iterator[dict[str, pa.DictionaryArray]]:
    """Blocks as if the table were wide: a column `TIME` of texts and one column per tag, missing where no row was. Sorted by time.

    Rows wait in a temporary file as numbers; only the distinct texts are in memory.
    """
    roles = long_columns.roles_of(profile)
    texts, names, times = _Codes(), _Codes(), _Codes()
    with tempfile.TemporaryDirectory(prefix="workbench-long-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "rows"
        with path.open("wb") as file:
            for block in text_shapes.blocks(member, form, rejected):
                local = clock.parsed(block[roles.time].cast(pa.string()), profile.time_format)
                tag, value = long_columns.merged(block, roles, rejected.odd)
                rows = np.zeros(len(local), RECORD)
                rows["t"], rows["tag"], rows["text"] = local, names.of(tag), texts.of(value)
                bad = local == clock.UNREADABLE
                rejected.timeless += int(bad.sum())
                file.write(rows[~bad].tobytes())
        if not path.stat().st_size:
            return
        rows = np.memmap(path, RECORD, "r")
        order = np.lexsort((np.arange(len(rows)), rows["t"]))
        stamps, starts = np.unique(rows["t"][order], return_index=True)
        known = pa.array(texts.texts, pa.string())
        for first in range(0, len(stamps), ROWS):
            last = min(first + ROWS, len(stamps))
            end = starts[last] if last < len(stamps) else len(order)
            part = rows[order[starts[first] : end]]
            where = np.searchsorted(stamps[first:last], part["t"])
            grid = np.full((len(names.texts), last - first), -1, np.int32)
            grid[part["tag"][::-1], where[::-1]] = part["text"][::-1]  # the first of several values for one instant is kept
            yield {TIME: _time_texts(stamps[first:last], profile), **{name: _column(grid[i], known) for i, name in enumerate(names.texts)}}
        del rows, times


def _time_texts(stamps: np.ndarray[tuple[int], np.dtype[np.int64]], profile: MappingProfile) -> pa.DictionaryArray:
    """The instants as texts of the profile's own format, so that one reader serves wide and long alike."""
    if profile.time_format in (clock.EPOCH_S, clock.ELAPSED):
        texts = [f"{t // 10**9}.{t % 10**9:09d}" for t in stamps.tolist()]
    elif profile.time_format == clock.EPOCH_MS:
        texts = [f"{t // 10**6}" for t in stamps.tolist()]
    else:
        whole = pc.strftime(pa.array(stamps // 10**9, pa.timestamp("s")), format=profile.time_format).to_pylist()
        fraction = profile.time_format.endswith("%S")
        texts = [f"{w}.{t % 10**9:09d}" if fraction and t % 10**9 else w for w, t in zip(whole, stamps.tolist(), strict=True)]
    return pa.array(texts).dictionary_encode()


def _column(codes: np.ndarray[tuple[int], np.dtype[np.int32]], known: pa.Array) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), known)


class _Codes:
    """Numbers for texts, in order of appearance."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._number: dict[str, int] = {}

    def of(self, column: pa.DictionaryArray) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        """(T,) number of each text of a column."""
        local = np.empty(len(column.dictionary) + 1, np.int32)
        for i, text in enumerate(column.dictionary.to_pylist()):
            if text not in self._number:
                self._number[text] = len(self.texts)
                self.texts.append(text)
            local[i] = self._number[text]
        local[-1] = -1
        return local[np.asarray(column.indices.fill_null(len(column.dictionary)))]


def _pivot_sample(
    member: csv_source.Member, form: csv_source.Layout, profile: MappingProfile, progress: Progress
) -> tuple[tuple[str, ...], dict[str, list[str]]]:
    for block in pivoted(member, form, profile, csv_source.Rejected()):
        progress.checkpoint()
        sample = {name: [text or "" for text in column.cast(pa.string()).to_pylist()] for name, column in block.items()}
        return tuple(name for name in sample if name != TIME), sample
    raise IngestError(Reason.TOO_FEW_ROWS, f"{member.name} holds no row with a readable time.", "Ask for the file again.")
