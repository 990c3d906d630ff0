"""How does a long table (time, element tag, value) become rows? Element by element, joined on equal times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from workbench.asset.window import Int64Array
from workbench.errors import IngestError, Reason
from workbench.ingest import clock, csv_source, even_long, long_columns, physics, sample_join, sources, tags
from workbench.ingest.digit_fields import FieldBlock, Wanted
from workbench.ingest.long_columns import Roles
from workbench.ingest.mapping import ColumnRule, MappingProfile
from workbench.jobs.progress import Progress

ROWS, GRID = 4096, 2_000_000  # instants, and values, handed on at a time
AT_ONCE = 1 << 19  # rows looked at together
Codes = NDArray[np.int32]
RECORD = np.dtype([("t", "<i8"), ("tag", "<i4"), ("text", "<i4")])
TIME = "\0time"  # no tag of an owner is called so


class LongRows:
    """The rows of one long table as numbers in a temporary file, read from the source once; only the distinct texts are in memory."""

    def __init__(
        self, member: csv_source.Member, form: csv_source.Layout, profile: MappingProfile, folder: Path, progress: Progress
    ) -> None:
        self.member, self.form, self.profile = member, form, profile
        self.rejected = csv_source.Rejected()
        self._texts, self._names = _Codes(), _Codes()
        self._path = folder / f"long-{len(list(folder.glob('long-*')))}"
        roles = long_columns.roles_of(profile)
        read = tuple(name for name in (roles.time, roles.tag, roles.value, roles.quantity, roles.unit, roles.quality) if name)
        self._sorted, last, wall = True, -(2**62), self._wall()
        self._cycle: even_long.Cycle | None = None
        self._values = even_long.NumberTexts(self._texts.texts, self._texts.number, form.decimal)
        self._plain = not (roles.quantity or roles.unit or roles.quality)
        wanted = Wanted(ready=lambda block: self._ready(block, roles, read))
        with self._path.open("wb") as file:
            for block in sources.blocks(member, form, self.rejected, wanted):
                progress.checkpoint()
                time_ns, tag, text = self._told(block, roles)
                good = time_ns != clock.UNREADABLE
                if not good.all():
                    self.rejected.timeless += int((~good).sum())
                    time_ns, tag, text = time_ns[good], tag[good], text[good]
                if len(time_ns):
                    utc_ns = wall.utc(time_ns).utc_ns
                    self._sorted = self._sorted and bool(utc_ns[0] >= last and (utc_ns[1:] >= utc_ns[:-1]).all())
                    last = int(utc_ns[-1])
                    rows = np.empty(len(time_ns), RECORD)
                    rows["t"], rows["tag"], rows["text"] = time_ns, tag, text
                    file.write(memoryview(rows).cast("B"))

    def _wall(self) -> clock.LocalClock:
        """The clock of the rows, which a local one has twice in an hour of autumn: rows keep the order of what it means."""
        return clock.LocalClock("" if self.profile.time_zone_known else self.profile.time_zone)

    def _ready(self, block: FieldBlock, roles: Roles, read: Sequence[str]) -> None:
        """On any core: the times and tags of a block that goes on as the one before did, else the texts of all columns."""
        cycle = self._cycle
        if cycle is not None and (tag := cycle.followed(block, roles.tag)) is not None:
            time_ns = even_long.times(block, roles.time, self.profile.time_format)
            if time_ns is not None:
                block.told.append((time_ns, tag))
                return
        for name in read:
            block.texts[name] = block[name]

    def _told(self, block: Mapping[str, pa.DictionaryArray], roles: Roles) -> tuple[Int64Array, Codes, Codes]:
        """Time, number of the tag and number of the text of each row of a block, those without a readable time among them."""
        if isinstance(block, FieldBlock) and block.told:
            value = self._values.of(block, roles.value)
            time_ns, tag = block.told[0]
            return time_ns, tag, value if value is not None else self._texts.of(block[roles.value])
        column = block[roles.time]
        local = np.append(clock.parsed(column.dictionary.cast(pa.string()), self.profile.time_format), clock.UNREADABLE)
        names, values = long_columns.merged(block, roles, self.rejected.odd)
        tag = self._names.of(names)
        if self._plain and self._cycle is None:
            self._cycle = even_long.Cycle.of(self._names.texts, tag)
        return local[np.asarray(column.indices.fill_null(len(local) - 1))], tag, self._texts.of(values)

    @property
    def bytes_read(self) -> int:
        """Of the source, for honest progress."""
        return self.rejected.bytes_read

    def blocks(self) -> Iterator[GridBlock]:
        """Blocks as if the table were wide: a column `TIME` of texts and one column per tag, missing where no row was. In order of time.

        Of several values of one tag for one instant the first is kept.
        """
        names = tuple(self._names.texts)
        most = max(min(ROWS, GRID // max(len(names), 1)), 16)
        for rows in self._instants(most):
            fresh = np.diff(rows["t"], prepend=rows["t"][0] - 1) != 0  # rows are in order of time
            stamps, where = rows["t"][fresh], np.cumsum(fresh) - 1
            codes = np.full((len(stamps), len(names)), -1, np.int32)
            codes[where[::-1], rows["tag"][::-1]] = rows["text"][::-1]
            yield GridBlock(names, _time_texts(stamps, self.profile), codes, self._texts.texts)

    def _instants(self, most: int) -> Iterator[np.ndarray[Any, Any]]:
        """Rows in order of time, all of an instant together, at most so many instants at once."""
        if not self._path.stat().st_size:
            return
        waiting = np.empty(0, RECORD)
        for part in self._in_order():
            rows = np.concatenate([waiting, part])
            starts = np.flatnonzero(np.diff(rows["t"], prepend=rows["t"][0] - 1))
            whole = range(0, len(starts) - 1, most)  # the last instant may go on in the next part
            for first in whole:
                last = min(first + most, len(starts) - 1)
                yield rows[starts[first] : starts[last]]
            waiting = rows[starts[-1] :]
        yield waiting

    def _in_order(self) -> Iterator[np.ndarray[Any, Any]]:
        if self._sorted:
            with self._path.open("rb") as file:
                while len(part := np.fromfile(file, RECORD, AT_ONCE)):
                    yield part
            return
        rows = np.memmap(self._path, RECORD, "r")
        wall = self._wall()
        parts = (rows["t"][first : first + AT_ONCE] for first in range(0, len(rows), AT_ONCE))
        order = np.argsort(np.concatenate([wall.utc(part).utc_ns for part in parts]), kind="stable")
        for first in range(0, len(order), AT_ONCE):
            yield rows[order[first : first + AT_ONCE]]


@dataclass(frozen=True, slots=True, eq=False)
class GridBlock(Mapping[str, "pa.DictionaryArray"]):
    """Instants by tags: (T, K) numbers of texts, -1 where there is none, and the time of each instant as text."""

    names: tuple[str, ...]
    time: pa.DictionaryArray
    codes: Codes
    texts: list[str]

    def __iter__(self) -> Iterator[str]:
        return iter((TIME, *self.names))

    def __len__(self) -> int:
        return len(self.names) + 1

    def __getitem__(self, name: str) -> pa.DictionaryArray:
        """One column as dictionary-encoded texts."""
        if name == TIME:
            return self.time
        codes = self.codes[:, self.names.index(name)]
        distinct, indices = np.unique(codes, return_inverse=True)
        held = distinct >= 0
        shift = int(not held.all())
        known = pa.array([self.texts[code] for code in distinct[held].tolist()], pa.string())
        return pa.DictionaryArray.from_arrays(pa.array((indices - shift).astype(np.int32), mask=codes < 0), known)

    def of(self, names: tuple[str, ...]) -> Codes:
        """(T, K) numbers of texts of some columns."""
        place = {name: i for i, name in enumerate(self.names)}
        return self.codes[:, [place[name] for name in names]]


def wide_rules(rows: LongRows) -> list[ColumnRule]:
    """One rule per element tag of a long table, decided as if every tag were a column."""
    block = next(rows.blocks(), None)
    if block is None:
        raise IngestError(Reason.TOO_FEW_ROWS, f"{rows.member.name} holds no row with a readable time.", "Ask for the file again.")
    lookup = [*block.texts, ""]  # the last one is what number -1 takes
    texts = {name: [lookup[code] for code in codes] for name, codes in zip(block.names, block.codes.T.tolist(), strict=True)}
    sample = sample_join.carried({**texts, TIME: csv_source.texts(block.time)}, TIME)
    return physics.decide(
        (TIME, *block.names),
        {TIME: tags.Tag("time"), **{name: tags.parse(name) for name in block.names}},
        sample,
        TIME,
        rows.form.decimal,
        tags.rack_of_file(rows.member.name),
    )


def _time_texts(stamps: np.ndarray[tuple[int], np.dtype[np.int64]], profile: MappingProfile) -> pa.DictionaryArray:
    """The instants as texts of the profile's own format, so that one reader serves wide and long alike."""
    if profile.time_format in (clock.EPOCH_S, clock.ELAPSED):
        texts = [f"{'-' if t < 0 else ''}{abs(t) // 10**9}.{abs(t) % 10**9:09d}" for t in stamps.tolist()]
    elif profile.time_format == clock.HEX:
        texts = [f"{t // 10**9:#x}" for t in stamps.tolist()]
    elif profile.time_format == clock.EXCEL:
        days = (divmod(t, clock.NS_PER_DAY) for t in stamps.tolist())
        texts = [f"{day + clock.EXCEL_1970}.{rest * 10**15 // clock.NS_PER_DAY:015d}" for day, rest in days]
    elif profile.time_format in clock.EPOCH_DIGITS:
        texts = [f"{t // 10 ** (9 - clock.EPOCH_DIGITS[profile.time_format])}" for t in stamps.tolist()]
    else:
        whole = pc.strftime(pa.array(stamps // 10**9, pa.timestamp("s")), format=profile.time_format).to_pylist()
        fraction = profile.time_format.endswith("%S")
        texts = [f"{w}.{t % 10**9:09d}" if fraction and t % 10**9 else w for w, t in zip(whole, stamps.tolist(), strict=True)]
    return pa.array(texts).dictionary_encode()


class _Codes:
    """Numbers for texts, in order of appearance."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.number: dict[str, int] = {}

    def of(self, column: pa.DictionaryArray) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        """(T,) number of each text of a column."""
        local = np.empty(len(column.dictionary) + 1, np.int32)
        for i, text in enumerate(column.dictionary.to_pylist()):
            if text not in self.number:
                self.number[text] = len(self.texts)
                self.texts.append(text)
            local[i] = self.number[text]
        local[-1] = -1
        return local[np.asarray(column.indices.fill_null(len(column.dictionary)))]
