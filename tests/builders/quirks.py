"""An owner's archive in which every quirk of a text file is planted once: one rack per quirk, with the truth of its first cell beside it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

START = datetime(2026, 3, 16, 8, 0, 0)  # no day below 13: day and month tell themselves apart
ROWS = 120
MISSING = -32768


@dataclass(frozen=True)
class Quirk:
    """What the owner's file looks like, which rule must be listed for it, and what its first cell must hold."""

    name: str
    text: str
    rule: str
    truth: tuple[int, ...]
    count: int | None = None
    cells: int = 3
    detail: str = ""
    files: tuple[tuple[str, str], ...] = field(default=())  # more files of the same rack


def volts(seed):
    """(ROWS, 3) millivolts that follow a current."""
    rng = np.random.default_rng(seed)
    return np.rint(3300 + 16 * current()[:, None] / 40 + rng.normal(0, 3, (ROWS, 3))).astype(int)


def current():
    return np.where((np.arange(ROWS) // 12) % 2, 40.0, -40.0)


def at(i, step=10):
    return START + timedelta(seconds=step * i)


def iso(i):
    return f"{at(i):%Y-%m-%d %H:%M:%S}"


def table(head, row, rows=range(ROWS), mark=","):
    return "\n".join([head, *(row(i) if isinstance(row(i), str) else mark.join(map(str, row(i))) for i in rows)]) + "\n"


def all_quirks():
    """Every quirk; the rack of the k-th is R<k>."""
    made = []

    def add(name, text, rule, truth=None, **more):
        made.append(Quirk(name, text, rule, tuple(int(x) for x in (v[:, 0] if truth is None else truth)), **more))

    v, amps = volts(1), current()
    head = "Time,V1,V2,V3"

    def plain(i):
        return [iso(i), *v[i]]

    # ---- shapes and headers
    add(
        "list in a field",
        table("Time,Cells,Current_A", lambda i: f'{iso(i)},"[{v[i, 0]}, {v[i, 1]}, {v[i, 2]}]",{amps[i]}'),
        "listed-cells",
    )
    add(
        "header changes",
        table(head, plain, range(60)) + table(f"{head},V4", lambda i: [*plain(i), 3301], range(60, ROWS)),
        "width-changed",
        cells=4,
    )
    add("names one short", table(head, lambda i: [*plain(i), ""]), "header-short")
    add("row too long", table(head, lambda i: [*plain(i), *([7] if i == 50 else [])]), "row-rejected", np.delete(v[:, 0], 50), count=1)
    add(
        "glued rows",
        table(head, lambda i: f"{iso(i)},{v[i, 0]},33{iso(i)},1,2,3" if i == 70 else plain(i)),
        "row-rejected",
        np.delete(v[:, 0], 70),
        count=1,
    )
    add("header in the middle", table(head, plain, range(60)) + table(head, plain, range(60, ROWS)), "header-repeated", count=1)
    add("title over nameless columns", table("Time,Cell voltages [mV],,", plain), "header-invented")
    add("row of units", table("Time,Cell 1,Cell 2,Cell 3\ns,mV,mV,mV", plain), "unit-row")
    add("marks and full width in names", table("\ufeffTime,V1（mV）,V2（mV）,V3（mV）", plain), "header-cleaned")
    add("cells from 0", table("Time,V_0,V_1,V_2", plain), "cells-from-0")
    # ---- time
    add("dd.mm.yy", table(head, lambda i: [f"{at(i):%d.%m.%y %H:%M:%S}", *v[i]]), "time-format")
    add(
        "unpadded hours",
        table(head, lambda i: [f"{at(i).year}/{at(i).month}/{at(i).day} {at(i).hour}:{at(i):%M:%S}", *v[i]]),
        "time-format",
    )
    add("Excel days", table(head, lambda i: [f"{25569 + at(i).replace(tzinfo=UTC).timestamp() / 86400:.9f}", *v[i]]), "time-format")
    add("epoch in ms", table(head, lambda i: [int(at(i).replace(tzinfo=UTC).timestamp() * 1000), *v[i]]), "time-format")
    add("microseconds", table(head, lambda i: [f"{iso(i)}.000000", *v[i]]), "", detail="read as the others")
    add("unsorted", table(head, plain, [*range(60, ROWS), *range(60)]), "unsorted", count=1)
    add("equal rows twice", table(head, plain, [*range(ROWS), 7]), "duplicate-time", count=1)
    add(
        "conflicting rows",
        table(head, lambda i: plain(i % 1000) if i < 1000 else [iso(7), 3111, *v[7, 1:]], [*range(ROWS), 1007]),
        "conflicting-time",
        count=1,
    )
    add("two clocks", table("UnixTime,Datetime,V1,V2,V3", lambda i: [int(at(i).replace(tzinfo=UTC).timestamp()), f"{at(i) + timedelta(hours=8):%Y-%m-%d %H:%M:%S}", *v[i]]), "clock-disagrees", detail="+8 h")  # fmt: skip
    add(
        "a duration wrong by 3600",
        table("Time,test_time_second,V1,V2,V3", lambda i: [iso(i), f"{i * 10 / 3600:.8f}", *v[i]]),
        "duration-scale",
    )
    # ---- values
    minus = set(range(30, 40))
    add("a minus as a flag", table(head, lambda i: [iso(i), -v[i, 0] if i in minus else v[i, 0], *v[i, 1:]]), "sign-flag", count=10)
    add("a column of units", table("Time,V1,Unit,V2,V3", lambda i: [iso(i), f"{v[i, 0] / 1000:.3f}" if i % 2 else v[i, 0], "V" if i % 2 else "mV", *v[i, 1:]]), "unit-column")  # fmt: skip
    add(
        "units beside numbers",
        table("Time,Cell 1,Cell 2,Cell 3", lambda i: [iso(i), f"{v[i, 0] / 1000:.3f} V", f"{v[i, 1]} mV", f"{v[i, 2]} mV"]),
        "unit-in-value",
    )
    add("text in numbers", table(head, lambda i: [iso(i), "see log" if i == 9 else v[i, 0], *v[i, 1:]]), "text-in-numbers", np.where(np.arange(ROWS) == 9, MISSING, v[:, 0]), count=1)  # fmt: skip
    add(
        "volts and millivolts",
        table("Time,V1_mV,V1_V,V2_mV,V3_mV", lambda i: [iso(i), v[i, 0], f"{v[i, 0] / 1000:.3f}", *v[i, 1:]]),
        "told-twice",
    )
    add("decimal comma, thousands", table("Time;V1;V2;V3;Insulation [ohm]", lambda i: [iso(i), *(f"{x / 1000:.3f}".replace(".", ",") for x in v[i]), f"1.234.56{i % 10},5"], mark=";"), "thousands", count=ROWS)  # fmt: skip
    add(
        "new firmware in other units",
        table(head, lambda i: [iso(i), *(v[i] if i < 80 else [f"{x / 1000:.3f}" for x in v[i]])]),
        "scale-change",
        count=40,
    )
    add(
        "garbage",
        table(f"{head},Current_A", lambda i: [iso(i), 3012, 9812, 120, 12.5] if i == 44 else [*plain(i), amps[i]]),
        "garbage-row",
        np.where(np.arange(ROWS) == 44, 3012, v[:, 0]),
        count=1,
    )
    add("a second state of charge", table(f"{head},SOC [%],SOC real [%]", lambda i: [*plain(i), 55, 52]), "second-channel")
    add("personal data", table(f"{head},Latitude,VIN", lambda i: [*plain(i), 63.4, "W0L"]), "personal-data")
    add("probes with an offset", table(f"{head},T1,T2,ProbeTempMax", lambda i: [*plain(i), 64, 65, 25]), "offset")
    sentinels = dict(enumerate(("0", "5.0", "65.535", "66.535", "255", "511", "65024", "65534", "65535", "6553.5", "655.35", "2147.484", "-40", "-50", "-2501.7", "32767", "-32768", "4294967295", "none", "na", "Invalid", "Bad", "I/O Timeout", "No Data", "Shutdown"), 20))  # fmt: skip
    add("placeholders", table(head, lambda i: [iso(i), sentinels.get(i, v[i, 0]), *v[i, 1:]]), "sentinel", [MISSING if i in sentinels else v[i, 0] for i in range(ROWS)], count=len(sentinels))  # fmt: skip
    line = np.array([np.interp(np.arange(ROWS), np.arange(0, ROWS + 10, 10), 3.3 + 0.02 * np.random.default_rng(k).normal(size=ROWS // 10 + 1)) for k in range(3)])  # fmt: skip
    add("drawn by a historian", table(head, lambda i: [iso(i), *(f"{x:.8f}" for x in line[:, i])]), "interpolated", np.rint(line[0] * 1000))
    first = (np.rint(1000 * np.round(line[0], 3)) + v[:, 0] - 3300).astype(int)
    add("the mean is the first cell", table("Time,BMSCellMean,V1,V2,V3,Rack_voltage", lambda i: [iso(i), f"{first[i] / 1000:.3f}", *(f"{x / 1000:.3f}" for x in v[i]), f"{(first[i] + v[i].sum()) / 1000:.3f}"]), "hidden-cell", first, cells=4)  # fmt: skip
    random = np.sort(np.random.default_rng(5).choice(400_000, ROWS, replace=False))
    add(
        "a random sample", table(head, lambda i: [f"{START + timedelta(seconds=int(random[i])):%Y-%m-%d %H:%M:%S}", *v[i]]), "random-sample"
    )
    add(
        "gaps of hours",
        table(head, lambda i: [f"{at(i) + timedelta(hours=5 * (i // 40)):%Y-%m-%d %H:%M:%S}", *v[i]]),
        "",
        detail="events of lane gap",
    )
    empty = set(range(30, 36))
    add("empty fields", table(head, lambda i: [iso(i), "" if i in empty else v[i, 0], *v[i, 1:]]), "", [MISSING if i in empty else v[i, 0] for i in range(ROWS)], detail="missing")  # fmt: skip
    total = v.sum(axis=1)
    add("rack voltage in tenths", table(f"{head},PackVoltage", lambda i: [*plain(i), round(total[i] / 100)]), "scale", detail="the sum of 3 cells")  # fmt: skip
    add("SoC in parts of ten thousand", table(f"{head},SoC_raw SoC", lambda i: [*plain(i), 5000 + 30 * i]), "scale", detail="one part in 10000")  # fmt: skip
    add("SoC in millionths", table(f"{head},ppm SoC", lambda i: [*plain(i), 500_000 + 3000 * i]), "scale", detail="one part in 1000000")
    add("amperes nobody states", table(f"{head},Current", lambda i: [*plain(i), round(amps[i])]), "scale-unproven", detail="taken as A")
    add("charge and discharge apart", table(f"{head},Charge current [A],Discharge current [A]", lambda i: [*plain(i), max(amps[i], 0), max(-amps[i], 0)]), "split-current", count=2 * ROWS)  # fmt: skip
    add("a size and a word", table(f"{head},Pack current [A],Direction", lambda i: [*plain(i), abs(amps[i]), "charge" if amps[i] > 0 else "discharge"]), "direction-column")  # fmt: skip
    add("temperatures in Fahrenheit", table(f"{head},T1 [°F],T2 [°F]", lambda i: [*plain(i), 77, 78.8]), "temperature-unit", count=2 * ROWS)
    add("extremes beside each cell", table("Time,V1_min,V1_avg,V1_max,V2_min,V2_avg,V2_max,V3_min,V3_avg,V3_max", lambda i: [iso(i), *(x for cell in v[i] for x in (cell - 3, cell, cell + 3))]), "aggregate-column", count=6 * ROWS)  # fmt: skip
    add("date and time apart", table("Date,Clock,V1,V2,V3", lambda i: [f"{at(i):%d.%m.%Y}", f"{at(i):%H:%M:%S}", *v[i]]), "time-joined")
    later = [f"{at(i) + timedelta(seconds=-4):%Y-%m-%d %H:%M:%S},{amps[i]}" for i in range(ROWS)]
    add("a signal with a clock of its own", table(head, plain), "joined-as-of", files=(("signal", "\n".join(["Time,Rack current [A]", *later]) + "\n"),))  # fmt: skip
    add("cells with clocks of their own", table("Time,V1,V2", lambda i: [iso(i), *v[i, :2]]), "held", count=ROWS - 1, files=(("more", table("Time,V3", lambda i: [f"{at(i) + timedelta(seconds=3):%Y-%m-%d %H:%M:%S}", v[i, 2]])),))  # fmt: skip
    # ---- probes and signals, sample by sample
    whole = f"{head},V4,Current_A,PackVoltage_V,SoC [%],T1 [°C],T2 [°C]"
    pack, share = np.round((v.sum(axis=1) + v[:, 1]) / 1000, 1), np.round(50 + np.cumsum(amps) / 360, 2)

    def row(i, **other):
        own = {"a": amps[i], "u": pack[i], "soc": share[i], "t1": 24.0, "t2": 25.0} | other
        return [*plain(i), v[i, 1], *own.values()]

    odd = {20: {"a": 65535}, 21: {"a": 65535}, 22: {"a": "No Data"}, 23: {"a": ""}, 30: {"soc": 655.35}, 31: {"soc": 255}, 40: {"u": 2500.5}, 41: {"u": -7.5}, 50: {"t1": -40}, 51: {"t1": -50}, 52: {"t1": 255}, 53: {"t1": "Bad"}}  # fmt: skip
    add("a sound rack", table(whole, row), "", detail="nothing", cells=4)
    add("placeholders of signals", table(whole, lambda i: row(i, **odd.get(i, {}))), "sentinel", cells=4)
    fine = [np.interp(np.arange(ROWS), np.arange(0, ROWS + 10, 10), 20 * np.random.default_rng(90 + k).normal(size=ROWS // 10 + 1)) for k in range(2)]  # fmt: skip
    add("signals that a historian drew", table(f"{head},Current_A,T1 [°C]", lambda i: [iso(i), *(f"{x:.8f}" for x in line[:, i]), f"{fine[0][i]:.8f}", f"{24 + fine[1][i] / 50:.8f}"]), "interpolated", np.rint(line[0] * 1000))  # fmt: skip
    add("conflicting signals", table(whole, lambda i: row(i) if i < 1000 else row(7, soc=61, t1=29.0), [*range(ROWS), 1007]), "conflicting-time", count=1, cells=4)  # fmt: skip
    add("a rack voltage in another unit", table(whole, lambda i: row(i, u=pack[i] if i < 80 else f"{10 * pack[i]:.0f}")), "unit-change", count=40, cells=4)  # fmt: skip
    add("a state of charge in another unit", table(whole, lambda i: row(i, soc=share[i] if i < 80 else share[i] / 100)), "unit-change", count=40, cells=4)  # fmt: skip
    add("a current that changes its unit", table(whole, lambda i: row(i, a=amps[i] * (1 if i < 64 else 10))), "unit-unproven", cells=4)
    add("a current in tenths by its name", table(f"{head},RackCurrent(0.1A)", lambda i: [*plain(i), round(10 * amps[i])]), "scale", detail="one count is 0.1 A")  # fmt: skip
    add("probes with an offset nobody proves", table(f"{head},T11,T12", lambda i: [*plain(i), 64, 65]), "offset-unproven")
    add("a sign nobody proves", table(f"{head},Current_A", lambda i: [*plain(i), 30]), "sign-unproven")
    add("states of single cells", table(f"{head},CellSt_1,CellSt_2,CellSt_3", lambda i: [*plain(i), 2, 3 if 30 <= i < 40 else 2, 0]), "", detail="events of lane balancing")  # fmt: skip
    add("counts in hexadecimal", table(head, lambda i: [f"{int(at(i).replace(tzinfo=UTC).timestamp()):#x}", *v[i]]), "time-format")
    add("the time of day under a title", f"Day of 16.03.2026\n{table(head, lambda i: [f'{at(i):%H:%M:%S}', *v[i]])}", "day-from-title")
    add("columns of blanks", table(f"{'Time':<21}{'V1':>7}{'V2':>7}{'V3':>7}", lambda i: iso(i) + "  " + "".join(f"{x:>7}" for x in v[i])), "fixed-width")  # fmt: skip
    add("means over each minute", table("Time,Cell_1_mean_mV,Cell_2_mean_mV,Cell_3_mean_mV", plain), "interval-mean", count=3 * ROWS)
    half = table(head, plain, range(60, ROWS)).split("\n", 1)[1]
    add("a continuation without header", table(head, plain, range(60)), "header-missing", files=(("a", half),))
    return made
