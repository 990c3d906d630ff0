"""The same measurements in any dialect of export give the same window: separators, decimal marks, units, clocks, names, signs and shapes."""

import csv
import io
from decimal import Decimal

import numpy as np
from builders.exports import START, Table, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CELLS, ROWS = 6, 180
START_NS = int((START - START.replace(year=1970, month=1, day=1, hour=0)).total_seconds()) * 10**9
TABLE = Table(rows=ROWS, cells=CELLS)

STAMPS = {
    "iso": lambda t: f"{t:%Y-%m-%d %H:%M:%S}",
    "iso T and Z": lambda t: f"{t:%Y-%m-%dT%H:%M:%S}Z",
    "iso with zone": lambda t: f"{t:%Y-%m-%dT%H:%M:%S}+00:00",
    "milliseconds": lambda t: f"{t:%Y-%m-%d %H:%M:%S}.000",
    "German": lambda t: f"{t:%d.%m.%Y %H:%M:%S}",
    "slashes": lambda t: f"{t:%Y/%m/%d %H:%M:%S}",
    "compact": lambda t: f"{t:%Y%m%d%H%M%S}",
    "epoch": lambda t: str((t - START).seconds + START_NS // 10**9),
    "epoch in ms": lambda t: str(((t - START).seconds + START_NS // 10**9) * 1000),
}
UNITS = {"mV": (Decimal(1), "mV"), "V": (Decimal("0.001"), "V")}
CELL_NAMES = (
    "CellV{k:03d}_{unit}",
    "Cell_{k}_Voltage_{unit}",
    "V_{k}",
    "Cell Voltage {k} [{unit}]",
    "Rack1.Module1.Cell{k:02d}.Voltage",
    "U{k} ({unit})",
    "cell_voltage_{k:02d}",
    "Zellspannung {k:02d} ({unit})",
    "BAT1_CELL{k:03d}_VOLT",
)
TIME_NAMES = ("Time", "timestamp", "DateTime", "Zeit", "Timestamp (UTC)")
CURRENT_NAMES = ("Current_A", "I [A]", "Rack Current (A)", "Strom (A)", "pack_current", "BatteryCurrent")
dialects = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from([",", ";", "\t", "|"]),
        "decimal": st.sampled_from([".", ","]),
        "stamp": st.sampled_from(sorted(STAMPS)),
        "unit": st.sampled_from(sorted(UNITS)),
        "cell": st.sampled_from(CELL_NAMES),
        "time": st.sampled_from(TIME_NAMES),
        "current": st.sampled_from(CURRENT_NAMES),
        "sign": st.sampled_from([1, -1]),
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
        "newline": st.sampled_from(["\n", "\r\n"]),
        "shape": st.sampled_from(["wide", "long"]),
        "order": st.permutations(range(CELLS)),
        "time_last": st.booleans(),
        "quote": st.booleans(),
    }
)


def written(path, d):
    scale, unit = UNITS[d["unit"]]
    names = [d["cell"].format(k=k, unit=unit) for k in range(1, CELLS + 1)]

    def number(value):
        return str(value).replace(".", d["decimal"])

    out = io.StringIO()
    quoting = csv.QUOTE_ALL if d["quote"] else csv.QUOTE_MINIMAL
    rows = csv.writer(out, delimiter=d["delimiter"], lineterminator=d["newline"], quoting=quoting)
    stamps = [STAMPS[d["stamp"]](t) for t in TABLE.times]
    volts = [[number(Decimal(int(v)) * scale) for v in row] for row in TABLE.voltage]
    amps = [number(f"{d['sign'] * a:.1f}") for a in TABLE.current]
    if d["shape"] == "long":
        rows.writerow([d["time"], "tag", "value"])
        for at, cells, amp in zip(stamps, volts, amps, strict=True):
            rows.writerows([at, names[k], cells[k]] for k in d["order"])
            rows.writerow([at, d["current"], amp])
    else:

        def line(at, cells, amp):
            rest = [*(cells[k] for k in d["order"]), amp]
            return [*rest, at] if d["time_last"] else [at, *rest]

        rows.writerow(line(d["time"], names, d["current"]))
        rows.writerows(line(*row) for row in zip(stamps, volts, amps, strict=True))
    path.write_bytes(out.getvalue().encode(d["encoding"]))
    return path


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dialects)
def test_the_window_does_not_depend_on_the_dialect(tmp_path, d):
    facts, sink = read(written(tmp_path / "export.csv", d))
    (rack,) = sink.racks
    assert np.array_equal(sink.voltage(rack), TABLE.voltage.T)
    assert np.array_equal(sink.time_ns(rack), START_NS + np.arange(ROWS) * 10**10)
    assert np.allclose(sink.signal("rack_current_a", rack), TABLE.current)
    assert facts.samples == CELLS * ROWS
