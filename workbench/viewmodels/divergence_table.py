"""The rack-divergence picture as a table: last and largest spread, slope, and when each rack first stood above the reading limit."""

from __future__ import annotations

from workbench.viewmodels import numbers
from workbench.viewmodels.pictures import DivergencePicture, Line, TableCell, TableColumn, TablePicture


def reading_limit(picture: DivergencePicture) -> float:
    """Half as much again as the last value of the middle rack, in whole steps of 5 mV."""
    last = sorted(r.last_mv for r in picture.rows)
    return max(5.0, round(last[len(last) // 2] * 1.5 / 5) * 5.0)


def divergence_table(picture: DivergencePicture, limit_mv: float | None) -> TablePicture:
    """The twin of the plot."""
    zone = picture.caption.time_zone
    columns = (
        TableColumn("rack", "Rack"), TableColumn("spark", "Periods"), TableColumn("last", "Last", "mV", "r"), TableColumn("max", "Max", "mV", "r"),
        TableColumn("slope", "Slope", "mV/d", "r"), TableColumn("above", f"First above {numbers.number(limit_mv, 0, 'mV')}" if limit_mv is not None else "First above", "", "r"),
        TableColumn("z", "z", "", "r"), TableColumn("lowest", "Lowest cell"), TableColumn("reading", "Reading"),
    )  # fmt: skip
    lines = {line.name: line for line in picture.lines}
    rows = tuple(
        (
            TableCell(r.rack), TableCell(""), TableCell(numbers.number(r.last_mv)), TableCell(numbers.number(r.max_mv)),
            TableCell(f"{numbers.number(r.slope_mv_per_day, 1, sign=True)} [{numbers.number(r.slope_low, 1)}, {numbers.number(r.slope_high, 1)}]" if r.slope_mv_per_day == r.slope_mv_per_day else "not established"),
            TableCell(_first_above(lines.get(r.rack), limit_mv, zone)), TableCell(numbers.number(r.z, 1)), TableCell(r.lowest_cell), TableCell(r.reading, r.reading_status),
        )
        for r in picture.rows
    )  # fmt: skip
    return TablePicture("Racks", columns, rows, tuple(r.rack for r in picture.rows))


def _first_above(line: Line | None, limit_mv: float | None, zone: str) -> str:
    if line is None or limit_mv is None:
        return "no limit"
    above = line.time_ns[line.mid > limit_mv]
    return numbers.date(int(above[0]), zone) if len(above) else "never"
