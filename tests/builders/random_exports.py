"""Exports drawn at random: racks, names, clocks, units that change on the way, placeholders, disorder and junk, with the truth of every number."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np

STAMPS = {
    "iso": lambda t: f"{t:%Y-%m-%d %H:%M:%S}",
    "iso and zone": lambda t: f"{t + timedelta(hours=2):%Y-%m-%dT%H:%M:%S}+02:00",
    "German": lambda t: f"{t:%d.%m.%Y %H:%M:%S}",
    "unpadded": lambda t: f"{t.year}/{t.month}/{t.day} {t.hour}:{t:%M:%S}",
    "compact": lambda t: f"{t:%Y%m%d%H%M%S}",
    "month in letters": lambda t: f"{t:%d-%b-%Y %H:%M:%S}",
    "epoch": lambda t: str(int(t.replace(tzinfo=UTC).timestamp())),
    "epoch in ms": lambda t: str(int(t.replace(tzinfo=UTC).timestamp() * 1000)),
    "days of Excel": lambda t: f"{25569 + t.replace(tzinfo=UTC).timestamp() / 86400:.9f}",
}
CELLS = {  # of rack, cell, unit; before the names of signals
    "flat": (lambda r, k, u: f"CellV{k:03d}_{u}", ""),
    "German": (lambda r, k, u: f"Zelle {k}", ""),
    "letter": (lambda r, k, u: f"U{k} [{u}]", ""),
    "path": (lambda r, k, u: f"Rack {r}/Module 1/Cell {k}", "Rack {r}/"),
    "master": (lambda r, k, u: f"BMU1_SBMU{r:02d}_Cell{k:02d}_Voltage [{u}]", "BMU1_SBMU{r:02d}_"),
    "points": (lambda r, k, u: f"String{r}.Module1.Cell{k}.Voltage", "String{r}."),
}
CURRENTS = {"Current_A": (1, 1), "Strom [A]": (1, 1), "RackCurrent(0.1A)": (10, 0), "Current": (1, 1)}  # units per ampere, digits
SHARES = {"SOC": (100, 1), "SoC": (1, 4), "SOC [%]": (100, 2), "SOC ": (10_000, 0)}
PACKS = {"Voltage_V": (1, 1), "Pack Voltage": (10, 0), "PackVoltage_mV": (1000, 0)}
PROBES = {  # of a temperature; whether the maximum stands beside them
    "plain": (lambda c: f"{c:.0f}", False),
    "tenths": (lambda c: f"{10 * c:.0f}", False),
    "with 40": (lambda c: f"{c + 40:.0f}", True),
    "fahrenheit [°F]": (lambda c: f"{1.8 * c + 32:.2f}", False),
}
MARKS = ("0", "65535", "65.535", "32767", "Bad", "No Data", "", "NaN", "4294967295", "-1")


def drawn(seed):
    """What an export of this seed is like."""
    pick = random.Random(seed)
    racks = pick.choice([[1], [1], [2, 4], [1, 3, 5]])
    apart = len(racks) > 1 and pick.random() < 0.5
    switch = pick.choice([None, None, None, "cells", "current", "share", "pack", "probes"])
    decimal = pick.choice([".", ".", ","])
    return SimpleNamespace(
        seed=seed, racks=racks, apart=apart, switch=switch, decimal=decimal, cells=pick.choice([4, 6, 12]), rows=pick.choice([150, 240]),
        period=pick.choice([1, 10, 60]), style=pick.choice(["path", "master", "points"] if len(racks) > 1 and not apart else sorted(CELLS)),
        stamp=pick.choice(sorted(STAMPS)), unit=pick.choice(["mV", "V"]), mark=pick.choice([";", "\t", "|"] + [","] * (decimal == ".")),
        sign=pick.choice([1, -1]), current=pick.choice(sorted(CURRENTS)), share=pick.choice(sorted(SHARES)), pack=pick.choice(sorted(PACKS)),
        probes=pick.choice([None, *sorted(PROBES)]), days=pick.choice([1, 1, 2, 3]), long=pick.random() < 0.25,
        order=pick.choice(["", "", "reversed", "halves", "repeated"]), junk=pick.choice(["", "", "title", "comment", "header again", "trailing"]),
        encoding=pick.choice(["utf-8", "utf-8-sig", "utf-16", "cp1252"]), gaps=pick.choice([0, 0, 8]), own_sign=apart and pick.random() < 0.5,
    )  # fmt: skip


def made(d, folder: Path):
    """Write the files; times [ns] and by rack millivolts (C, T), amperes, share, volts of the rack, degrees (P, T), and the gaps of cells."""
    rng, pick = np.random.default_rng(d.seed), random.Random(-d.seed)
    begin = datetime(2026, pick.randint(1, 12), pick.randint(13, 28), pick.randint(0, 23), 13)
    times = [begin + timedelta(seconds=d.period * i) for i in range(d.rows)]
    change = pick.randrange(d.rows // 4, d.rows * 3 // 4)
    truth = {rack: _truth(rng, d) for rack in d.racks}
    for day, part in enumerate(np.array_split(np.arange(d.rows), d.days), 1):
        for racks in [[rack] for rack in d.racks] if d.apart else [d.racks]:
            columns = [column for rack in racks for column in _columns(d, rack, truth[rack], change)]
            name = f"R{racks[0]:02d}_{day}.csv" if d.apart else f"export_{day}.csv"
            folder.joinpath(name).write_bytes(_text(d, columns, times, _ordered(d, part.tolist())).encode(d.encoding))
    return np.array([int(t.replace(tzinfo=UTC).timestamp()) * 10**9 for t in times]), truth


def _truth(rng, d):
    at = np.arange(d.rows)
    block = int(rng.integers(8, 14))
    amps = np.where((at // block) % 2, rng.integers(300, 900) / 10, -rng.integers(300, 900) / 10)
    amps = np.round(amps + rng.normal(0, 0.4, d.rows), 1)
    volts = np.rint(3295 + rng.integers(-15, 15, d.cells)[:, None] + 0.45 * amps + rng.normal(0, 1.2, (d.cells, d.rows))).astype(int)
    share = np.round(np.clip(0.5 + np.cumsum(amps) * d.period / 3600 / 280, 0.02, 0.98), 4)
    warm = np.rint(24 + rng.integers(-2, 3, 2)[:, None] + np.sin(at / 40) + rng.normal(0, 0.2, (2, d.rows)))
    gaps = {(int(k), int(i)) for k, i in zip(rng.integers(0, d.cells, d.gaps), rng.integers(0, d.rows, d.gaps), strict=True)}
    return SimpleNamespace(volts=volts, amps=amps, share=share, pack=np.round(volts.sum(axis=0) / 1000, 1), warm=warm, gaps=gaps)


def _columns(d, rack, t, change):
    """Name and text by row of every column of a rack."""
    name_of, before = CELLS[d.style]
    before = before.format(r=rack)
    marks = random.Random(d.seed + rack)

    def number(value, digits):
        return f"{value:.{digits}f}".replace(".", d.decimal)

    def scaled(values, size, what):
        """As its unit says, from the change on in another one."""
        other = {10: (1, 1), 1: (100, 1) if what == "share" else (10, 0), 100: (1, 4)}.get(size[0], (1, 4 if what == "share" else 1))
        return lambda i: number(values[i] * (other if d.switch == what and i >= change else size)[0], (other if d.switch == what and i >= change else size)[1])  # fmt: skip

    def cell(k):
        def text(i):
            if (k, i) in t.gaps:
                return marks.choice(MARKS).replace(".", d.decimal)
            in_mv = (d.unit == "mV") != (d.switch == "cells" and i >= change)
            return number(t.volts[k, i], 0) if in_mv else number(t.volts[k, i] / 1000, 3)

        return text

    sign = -d.sign if d.own_sign and rack == d.racks[-1] else d.sign
    columns = [(name_of(rack, k + 1, d.unit), cell(k)) for k in range(d.cells)]
    columns += [(before + d.current, scaled(sign * t.amps, CURRENTS[d.current], "current"))]
    columns += [
        (before + d.share.strip(), scaled(t.share, SHARES[d.share], "share")),
        (before + d.pack, scaled(t.pack, PACKS[d.pack], "pack")),
    ]
    if d.probes:
        say, beside = PROBES[d.probes]
        other = PROBES["tenths" if d.probes != "tenths" else "with 40"][0]
        unit = d.probes.partition(" ")[2] if "[" in d.probes else ""
        for p in (0, 1):
            columns.append((f"{before}Temp{p + 1}{unit}", lambda i, p=p: (other if d.switch == "probes" and i >= change else say)(t.warm[p, i]).replace(".", d.decimal)))  # fmt: skip
        if beside:
            columns.append((before + "TempMax", lambda i: f"{t.warm[:, i].max():.0f}"))
    return columns


def _ordered(d, rows):
    return {"reversed": rows[::-1], "halves": rows[len(rows) // 2 :] + rows[: len(rows) // 2], "repeated": rows + rows[3:6]}.get(
        d.order, rows
    )


def _text(d, columns, times, rows):
    stamp = STAMPS[d.stamp]
    if d.long:
        lines = [d.mark.join([stamp(times[i]), name, text(i)]) for i in rows for name, text in columns]
        head = d.mark.join(["Time", "tag", "value"])
    else:
        lines = [d.mark.join([stamp(times[i]), *(text(i) for _, text in columns)]) for i in rows]
        head = d.mark.join(["Time", *(name for name, _ in columns)])
        middle = len(lines) // 2
        lines[middle:middle] = {"comment": ["# logger restarted"], "header again": [head]}.get(d.junk, [])
    lines = [head, *lines]
    if d.junk == "trailing" and not d.long:
        lines = [line + d.mark for line in lines]
    return "\n".join([*(["Site export Northfield", ""] if d.junk == "title" else []), *lines]) + "\n"
