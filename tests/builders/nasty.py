"""Exports as a hurried person makes them: one table in many ugly shapes, whose truth is always the same."""

from datetime import UTC, timedelta

import numpy as np
from builders.exports import Table
from builders.workbooks import workbook

TABLE = Table()
SLOW = Table(period_s=600)  # two days: midnights and afternoons
NAMES, TIMES, VOLTS, AMPS = TABLE.names, TABLE.times, TABLE.voltage, TABLE.current.tolist()
HEAD = ",".join(["Time", *(f"{name}_mV" for name in NAMES), "Current_A"])
BARE = ",".join(["Time", *NAMES, "Current_A"])


def iso(at):
    return f"{at:%Y-%m-%d %H:%M:%S}"


def lines(time=iso, cell=str, amps=str, mark=",", table=TABLE):
    """(rows) texts of a table, without its head."""
    return [mark.join([time(at), *(cell(int(v)) for v in row), amps(a)]) for at, row, a in zip(table.times, table.voltage, table.current.tolist(), strict=True)]  # fmt: skip


def whole(*parts):
    return "\n".join(line for part in parts for line in ([part] if isinstance(part, str) else part)) + "\n"


def comma(value, digits):
    return f"{value:.{digits}f}".replace(".", ",")


def volt(value):
    return f"{value / 1000:.3f}"


def with_columns(names, values, amps=True):
    """The table with more columns behind it; values: one function of (row number, amperes) per column."""
    head = HEAD if amps else HEAD.rsplit(",", 1)[0]
    rows = [
        ",".join([row if amps else row.rsplit(",", 1)[0], *(str(value(i, AMPS[i])) for value in values)]) for i, row in enumerate(lines())
    ]
    return whole(",".join([head, *names]), rows)


def dated(at):
    """24:00:00 of the day before instead of 00:00:00."""
    return f"{at - timedelta(days=1):%Y-%m-%d} 24:00:00" if (at.hour, at.minute) == (0, 0) else iso(at)


def stamp(at, unit):
    return str(round(at.replace(tzinfo=UTC).timestamp() * unit))


GERMAN = ["Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"]

EXPORTS = {  # name -> (text of the file, rule that must be listed or "", table)
    "mark at every end, comma, byte-order mark": ("\ufeff" + whole(HEAD.replace(",", ";") + ";", [f"{row};" for row in lines(lambda at: f"{at:%d.%m.%Y %H:%M:%S}", lambda v: comma(v / 1000, 3), lambda a: comma(a, 1), ";")]), "empty-column", TABLE),
    "mark at the end of rows only": (whole(HEAD.replace(",", ";"), [f"{row};" for row in lines(mark=";")]), "header-short", TABLE),
    "row of units": (whole("Time;Cell 1;Cell 2;Cell 3;Cell 4;Cell 5;Cell 6;Current", ";V;V;V;V;V;V;A", lines(cell=volt, mark=";")), "unit-row", TABLE),
    "two rows of names": (whole(",Module 1,,,Module 2,,,Rack", "Time,Cell 1,Cell 2,Cell 3,Cell 1,Cell 2,Cell 3,Current [A]", lines()), "header-merged", TABLE),
    "names twice": (whole("Time,V1,V1,V2,V2,V3,V3,Current_A", lines()), "column-repeated", TABLE),
    "a line sep=;": (whole("sep=;", HEAD.replace(",", ";"), lines(mark=";")), "", TABLE),
    "comments above and inside": (whole("# logger 1.2", HEAD, lines()[:100], "# restarted", lines()[100:]), "row-rejected", TABLE),
    "totals below": (whole(HEAD, lines(), "Total," + ",".join(map(str, VOLTS.sum(axis=0))) + ",0"), "time-unreadable", TABLE),
    "newest first": (whole(HEAD, lines()[::-1]), "unsorted", TABLE),
    "points part thousands": (whole(HEAD.replace(",", ";"), lines(cell=lambda v: f"{v:,}".replace(",", "."), amps=lambda a: comma(a, 1), mark=";")), "thousands", TABLE),
    "narrow blanks part thousands": (whole(HEAD.replace(",", ";"), lines(cell=lambda v: f"{v:,}".replace(",", "\u202f"), mark=";")), "thousands", TABLE),
    "decimal commas in quotes between commas": (whole(BARE, lines(cell=lambda v: f'"{comma(v / 1000, 3)}"', amps=lambda a: f'"{comma(a, 1)}"')), "", TABLE),
    "units in values": (whole(BARE, lines(cell=lambda v: f"{volt(v)} V", amps=lambda a: f"{a:.1f} A")), "unit-in-value", TABLE),
    "minus of a typesetter": (whole(HEAD, lines(amps=lambda a: str(a).replace("-", "\u2212"))), "minus-sign", TABLE),
    "minus of an accountant": (whole(HEAD, lines(amps=lambda a: f"({-a})" if a < 0 else str(a))), "minus-sign", TABLE),
    "minus behind": (whole(HEAD, lines(amps=lambda a: f"{-a}-" if a < 0 else str(a))), "minus-sign", TABLE),
    "powers of ten": (whole(BARE, lines(cell=lambda v: f"{v / 1000:.3E}")), "", TABLE),
    "date and time apart": (whole(f"Date,{HEAD}", lines(lambda at: f"{at:%d.%m.%Y},{at:%H:%M:%S}")), "time-joined", TABLE),
    "24:00:00": (whole(HEAD, lines(dated, table=SLOW)), "midnight-24", SLOW),
    "AM and PM, day first with points": (whole(HEAD, lines(lambda at: f"{at:%d.%m.%Y %I:%M:%S %p}", table=SLOW)), "", SLOW),
    "AM and PM without seconds": (whole(HEAD, lines(lambda at: f"{at:%d/%m/%Y %I:%M %p}", table=SLOW)), "", SLOW),
    "epoch in ms, then us": (whole(HEAD, lines(lambda at: stamp(at, 1e3 if at < TIMES[120] else 1e6))), "epoch-unit", TABLE),
    "epoch in s, ms at the end": (whole(HEAD, lines(lambda at: stamp(at, 1 if at < TIMES[230] else 1e3))), "epoch-unit", TABLE),
    "German months": (whole(HEAD, lines(lambda at: f"{at.day}. {GERMAN[at.month - 1]} {at:%Y %H:%M:%S}")), "", TABLE),
    "English months": (whole(HEAD, lines(lambda at: f"{at:%d-%b-%Y %H:%M:%S}")), "", TABLE),
    "the day's name first": (whole(HEAD, lines(lambda at: f"{at:%a %b %d %H:%M:%S %Y}")), "", TABLE),
    "UTC in letters": (whole(HEAD, lines(lambda at: f"{iso(at)} UTC")), "", TABLE),
    "volts and millivolts by column": (whole(BARE, [",".join([iso(at), *(str(v) if k % 2 else volt(v) for k, v in enumerate(row)), str(a)]) for at, row, a in zip(TIMES, VOLTS, AMPS, strict=True)]), "", TABLE),
    "kiloamperes": (whole(HEAD.replace("Current_A", "Current [kA]"), lines(amps=lambda a: f"{a / 1000:.3f}")), "", TABLE),
    "charge and discharge apart": (with_columns(["Charge current [A]", "Discharge current [A]"], [lambda i, a: max(a, 0), lambda i, a: max(-a, 0)], amps=False), "split-current", TABLE),
    "a size and a word": (with_columns(["Current_A", "Mode"], [lambda i, a: abs(a), lambda i, a: "charge" if a > 0 else "discharge"], amps=False), "direction-column", TABLE),
    "limits and heaters before the current": (with_columns(["Max charge current [A]", "Heater current [A]", "Rated current", "Rack current [A]"], [lambda i, a: 150, lambda i, a: 2.5, lambda i, a: 157, lambda i, a: a], amps=False), "", TABLE),
    "a current called I": (with_columns(["I [A]"], [lambda i, a: a], amps=False), "", TABLE),
    "sixteen bits with quotes": ("\ufeff" + whole(*(f'"{row.replace(",", chr(34) + "," + chr(34))}"' for row in [HEAD, *lines()])), "", TABLE),
}  # fmt: skip


def sheets(path, made):
    return workbook(path, made)


def split(path, names):
    """Files of a folder: {name: text}."""
    for name, text in names.items():
        place = path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return path


def column_file(values, head="Time;Value", shift_s=0.0):
    return whole(head, [f"{at + timedelta(seconds=shift_s):%Y-%m-%d %H:%M:%S.%f};{value}" for at, value in zip(TIMES, values, strict=True)])


FOLDERS = {  # name -> files, rule; every rack holds the table
    "a file per cell": ({f"Cell {k + 1}.csv": column_file(VOLTS[:, k]) for k in range(6)} | {"Current_A.csv": column_file(AMPS)}, "column-named"),
    "a file per cell, each with the same column": ({f"Cell {k + 1}.csv": column_file(VOLTS[:, k], "Time;Cell voltage [mV]") for k in range(6)} | {"I.csv": column_file(AMPS, "Time;I [A]")}, "column-named"),
    "a file per cell with a judgement": ({f"Cell {k + 1}.csv": column_file([f"{v};Good" for v in VOLTS[:, k]], "Time;Value;Quality") for k in range(6)} | {"I.csv": column_file(AMPS, "Time;I [A]")}, "column-named"),
    "a file per module": ({f"Module_{m}.csv": column_file([f"{a};{b};{c}" for a, b, c in VOLTS[:, 3 * m - 3 : 3 * m]], "Time;Cell 1;Cell 2;Cell 3") for m in (1, 2)} | {"current.csv": column_file(AMPS, "Time;Current_A")}, "column-named"),
    "a file per signal, clocks apart": ({"cells.csv": column_file([";".join(map(str, row)) for row in VOLTS], "Time;" + ";".join(NAMES)), "current.csv": column_file(AMPS, "Time;Current_A", -3.0)}, "joined-as-of"),
    "racks in folders": ({f"Rack {r}/{name}": text for r in (1, 2) for name, text in {"cells.csv": column_file([";".join(map(str, row)) for row in VOLTS], "Time;" + ";".join(NAMES)), "current.csv": column_file(np.negative(AMPS), "Time;Current_A")}.items()}, "sign"),
}  # fmt: skip

REFUSED = {  # name -> (text, words of the one sentence)
    "hours of a clock of twelve": (whole(HEAD, lines(lambda at: f"{at:%Y-%m-%d %I:%M:%S}", table=SLOW)), "morning and afternoon"),
    "times coarser than rows": (whole(HEAD, lines(lambda at: f"{at:%Y-%m-%d %H:%M}")), "contradict"),
    "two digits of a year first": (whole(HEAD, lines(lambda at: f"{at:%y/%m/%d %H:%M:%S}")), "reads as time"),
    "hexadecimal": (whole(BARE, lines(cell=lambda v: f"0x{v:04X}")), "for example '0x"),
    "thousands or decimals, nobody knows": (whole(HEAD, lines(cell=lambda v: f'"{v:,}"', amps=lambda a: f"{a:.1f}")), "for example '3,"),
    "times of day only": (whole(HEAD, lines(lambda at: f"{at:%H:%M:%S}")), "states the time of day only"),
    "extremes only": (whole("Time,V1_min,V1_max,V2_min,V2_max,V3_min,V3_max,Current_A", lines()), "recognised as a cell"),
    "lying on its side": (whole(*(",".join(map(str, row)) for row in zip(*(line.split(",") for line in [HEAD, *lines()]), strict=True))), "header"),
    "columns of blanks, a counter for a clock": (whole("Time     V1   V2", [f"{i:<9}{3300 + i}   {3301 + i}" for i in range(40)]), "unknown start"),
}  # fmt: skip
UNDECIDED = {  # name -> columns and values; what is not computed with
    "signed numbers of 16 bits": ["Current_A", lambda i, a: round(10 * a) % 65536],
    "an offset on the current": ["Current_A", lambda i, a: 32_000 + round(10 * a)],
    "a million amperes": ["Current", lambda i, a: 1e6 * a],
}
