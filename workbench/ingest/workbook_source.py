"""Which tables do the sheets of an Excel workbook hold, new (xlsx) or old (xls)? One member per sheet, whatever its language.

calamine reads both kinds and expands no XML entities. It lays a sheet out as a full rectangle, so the gate first asks how large that is:
one stray cell in the last corner of an empty sheet would need hundreds of gigabytes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import python_calamine

from workbench.errors import IngestError, Reason
from workbench.ingest import day_numbers, decimal_marks, exact_text, gates, sheet_grid, tags
from workbench.ingest.csv_source import BROKEN, Layout, Member, Rejected
from workbench.ingest.table_source import Block, Note, batch_rows, progressed, typed_layout, unreadable

FORMAT = "Excel"
BOOK, BINARY = "xl/workbook.xml", "xl/workbook.bin"
MAX_XML_BYTES = 4 << 30
MAX_AREA, MAX_EMPTY = 60_000_000, 50  # cells of a rectangle (about 2 GB), and how many times more than are filled
DATEMODE_1904 = b"\x22\x00\x02\x00\x01\x00"  # record of an old workbook: days count from 1904
_PLACE = re.compile(rb"\sr=[\"']([A-Z]{0,3})(\d{1,8})[\"']")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ASK_PLAIN = "Ask for it without a password."


def parts(path: Path, member: Member) -> list[str]:
    """The names of the sheets that hold cells."""
    with path.open("rb") as file, _opened(path, file, member) as book:
        names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet]
    filled = [name for name in names if name.isprintable() and _sheet(path, member, name).height > 1]
    if not filled:
        raise IngestError(
            Reason.FILE_EMPTY, f"{member.name} is a workbook without a sheet of more than one row.", "Ask for the file again."
        )
    return filled


def layout(path: Path, member: Member) -> Layout:
    """The columns of one sheet, with the meaning its titles give them."""
    sheet = _sheet(path, member, member.part)
    grid = _grid(sheet, member)
    head = list(islice(sheet.iter_rows(), grid.first_row, grid.first_row + sheet_grid.HEAD_ROWS))
    notes: tuple[Note, ...] = ()
    if grid.titled:
        notes += (
            ("title-read", member.name, grid.titled, "columns that took their meaning from the title above them or the name of the sheet"),
        )
    form = typed_layout(member, FORMAT, grid.names, decimal=_decimal(head), notes=notes)
    for column, name in enumerate(form.header):
        if tags.parse(name).kind == "time" and _are_days(_column(head, column)):
            text = f"{name} holds {day_numbers.EXCEL} without a date format; read as local time"
            notes += (("time-converted", member.name, len(head), text),)
    return typed_layout(member, FORMAT, grid.names, decimal=form.decimal, notes=notes)


def blocks(path: Path, member: Member, form: Layout, rejected: Rejected) -> Iterator[Block]:
    """The rows of one sheet; empty ones are passed over."""
    size = batch_rows(len(form.header))
    begin = day_numbers.EXCEL_1970 - (day_numbers.EXCEL_1904 if _counts_from_1904(path) else 0)
    sheet = _sheet(path, member, member.part)
    grid = _grid(sheet, member)
    total, done = sheet.total_height, grid.first_row
    rows = islice(sheet.iter_rows(), grid.first_row, None)
    first = list(islice(rows, size))
    days = {
        name: tags.parse(name).kind == "time" and _are_days(_column(first[: sheet_grid.HEAD_ROWS], i)) for i, name in enumerate(form.header)
    }
    while first:
        filled = [row for row in first if any(value != "" for value in row)]
        if filled:
            yield {name: _texts(_column(filled, i), begin if days[name] else 0) for i, name in enumerate(form.header)}
        done += len(first)
        progressed(member, rejected, done, total)
        first = list(islice(rows, size))


def _opened(path: Path, file: Any, member: Member) -> python_calamine.CalamineWorkbook:
    """The workbook, after its contents have been found possible; told by what it is, not by its name."""
    file.seek(0)
    old = not file.read(4).startswith(b"PK")
    if not old:
        about = path.stat()
        _checked(path, about.st_size, about.st_mtime_ns, _named(member, ""))
    file.seek(0)
    try:
        return python_calamine.load_workbook(file)
    except python_calamine.PasswordError as error:
        raise IngestError(Reason.FORMAT_UNKNOWN, f"{member.name} is a workbook locked with a password.", ASK_PLAIN) from error
    except (python_calamine.CalamineError, OSError) as error:
        file.seek(0)
        if old and _ENCRYPTED in file.read(1 << 20):
            raise IngestError(Reason.FORMAT_UNKNOWN, f"{member.name} is a workbook locked with a password.", ASK_PLAIN) from error
        raise unreadable(member, "an Excel workbook", error) from error


@lru_cache(maxsize=64)  # a workbook is opened for its sheets, each layout and each reading; a refusal is not kept
def _checked(path: Path, _size: int, _changed_ns: int, member: Member) -> None:
    """The parts of a new workbook: honest sizes, sheets that are filled, the form that can be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            names = {info.filename for info in infos}
            if BOOK not in names:
                what = "a binary workbook (xlsb)" if BINARY in names else "an Office document, not a workbook"
                raise IngestError(
                    Reason.FORMAT_UNKNOWN, f"{member.name} is {what}.", "Ask for it saved as an Excel workbook (xlsx) or as CSV."
                )
            gates.check_workbook(Path(member.name), archive)
            if sum(info.file_size for info in infos) > MAX_XML_BYTES:
                raise IngestError(
                    Reason.ARCHIVE_UNSAFE, f"{member.name} unpacks to more than {MAX_XML_BYTES >> 30} GB.", "Ask for CSV or Parquet."
                )
            for info in infos:
                if info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml"):
                    _filled(archive, info, member)
    except BROKEN as error:
        raise unreadable(member, "an Excel workbook", error) from error


def _filled(archive: zipfile.ZipFile, info: zipfile.ZipInfo, member: Member) -> None:
    """Raises where a sheet's rectangle is far larger than what stands in it."""
    columns: set[bytes] = set()
    cells, last_row, rest = 0, 0, b""
    with archive.open(info) as file:
        while data := file.read(1 << 20):
            found = _PLACE.findall(rest + data)
            rest = (rest + data)[-24:]
            cells += len(found)
            columns |= {letters for letters, _ in found}
            last_row = max(last_row, max((int(row) for _, row in found), default=0))
    width = max((_number(letters) for letters in columns), default=0)
    if last_row * width > MAX_AREA and last_row * width > MAX_EMPTY * max(cells, 1):
        raise IngestError(
            Reason.ARCHIVE_UNSAFE,
            f"{member.name}: {info.filename} spans {last_row * width:,} cells and fills {cells:,}.",
            "Ask for CSV or Parquet.",
        )
    if last_row * width > 10 * MAX_AREA:
        raise IngestError(
            Reason.ARCHIVE_UNSAFE, f"{member.name}: {info.filename} spans {last_row * width:,} cells.", "Ask for CSV or Parquet."
        )


def _number(letters: bytes) -> int:
    value = 0
    for letter in letters:
        value = value * 26 + letter - 64
    return value


def _sheet(path: Path, member: Member, name: str) -> python_calamine.CalamineSheet:
    """A sheet. The last one is kept: it is asked for when the parts are listed, laid out, looked at and read, and takes long to unpack."""
    about = path.stat()
    return _unpacked(path, about.st_size, about.st_mtime_ns, _named(member, name))


@lru_cache(maxsize=1)
def _unpacked(path: Path, _size: int, _changed_ns: int, member: Member) -> python_calamine.CalamineSheet:
    with path.open("rb") as file, _opened(path, file, member) as book:
        try:
            return book.get_sheet_by_name(member.part)
        except (python_calamine.CalamineError, OSError) as error:
            raise unreadable(member, "an Excel sheet", error) from error


def _named(member: Member, part: str) -> Member:
    """What of a member tells which sheet it is, and names it."""
    return Member(member.path, member.inner, part=part, folder=member.folder)


def _grid(sheet: python_calamine.CalamineSheet, member: Member) -> sheet_grid.Grid:
    left = (sheet.start or (0, 0))[1]
    merged = [(top, bottom, first - left, last - left) for (top, first), (bottom, last) in sheet.merged_cell_ranges or ()]
    found = sheet_grid.recognised(list(islice(sheet.iter_rows(), sheet_grid.HEAD_ROWS)), merged, member.part)
    if found is None:
        raise IngestError(
            Reason.FORMAT_UNKNOWN,
            f"{member.name} holds no row of names above rows of numbers.",
            "Ask for one table per sheet with its column names.",
        )
    return found


def _column(rows: list[list[Any]], place: int) -> list[Any]:
    return [row[place] if place < len(row) else "" for row in rows]


def _are_days(values: list[Any]) -> bool:
    """Whether a time column holds bare day numbers: all of them, none a date."""
    filled = [value for value in values if value != ""]
    if not filled or not all(isinstance(value, float | int) and not isinstance(value, bool) for value in filled):
        return False
    return day_numbers.are_days(np.array(filled, np.float64), day_numbers.EXCEL_1970)


def _texts(values: list[Any], begin: int) -> pa.DictionaryArray:
    """begin: the day number of 1970 where the column holds day numbers, else 0."""
    if begin:
        numbers = [value if isinstance(value, float | int) and not isinstance(value, bool) else float("nan") for value in values]
        return day_numbers.days_as_texts(np.array(numbers, np.float64), begin)
    return exact_text.of_values([_plain(value) for value in values])


def _plain(value: Any) -> Any:
    if value == "":
        return None
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        return f"{value.isoformat()} 00:00:00"
    if isinstance(value, timedelta):
        return f"{value // timedelta(microseconds=1) / 1e6:.6f}".rstrip("0").rstrip(".")
    return value.isoformat() if isinstance(value, time) else value


def _instant(value: datetime) -> str:
    """Excel keeps an instant as a float of days: good to a tenth of a millisecond."""
    rounded = value + timedelta(microseconds=50)
    rounded = rounded.replace(microsecond=rounded.microsecond // 100 * 100)
    return rounded.isoformat(sep=" ", timespec="microseconds" if rounded.microsecond else "seconds")


def _decimal(rows: list[list[Any]]) -> str:
    """A comma only where numbers are texts with one and no cell is a number."""
    if any(isinstance(value, float) and not value.is_integer() for row in rows for value in row):
        return "."
    return decimal_marks.mark(value for row in rows for value in row if isinstance(value, str))


def _counts_from_1904(path: Path) -> bool:
    """Whether bare day numbers count from 1904, as old Macintosh workbooks do."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive, archive.open(BOOK) as file:
            return bool(re.search(rb"date1904=[\"'](1|true)[\"']", file.read(1 << 16)))
    with path.open("rb") as file:
        return DATEMODE_1904 in file.read(1 << 16)
