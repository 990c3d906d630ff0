"""A module that reports its own voltage is known as such, in its unit, and CX02 runs on what was imported."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from builders.exports import read

from workbench.analysis.results import Outcome
from workbench.analysis.sum_checks import checks, see
from workbench.asset.nameplate import DesignRecord
from workbench.asset.window import RackSeries

MODULES, CELLS, ROWS = 3, 4, 120


def export(path, *, scale=1.0, unit="V", rack_voltage=True, first="module", wrong=None, names="R01_M{m}_Voltage_{unit}"):
    """A wide file with cells by module, a voltage per module and one of the rack; first: which of them stands first."""
    rng = np.random.default_rng(1)
    current = np.repeat(rng.choice([-60, -30, 0, 30, 60], ROWS // 10), 10)
    volts = 3300 + (current / 3)[:, None] + rng.integers(-2, 3, (ROWS, MODULES * CELLS))
    cells = [f"R01_M{m}_CellV{c:03d}_mV" for m in range(1, MODULES + 1) for c in range((m - 1) * CELLS + 1, m * CELLS + 1)]
    total = volts.reshape(ROWS, MODULES, CELLS).sum(axis=2) / 1000
    if wrong is not None:
        total[:, wrong - 1] *= 1.03
    heads = [names.format(m=m, unit=unit) for m in range(1, MODULES + 1)]
    tail = [("R01_PackVoltage_V", [f"{v:.2f}" for v in volts.sum(axis=1) / 1000])] if rack_voltage else []
    extra = [(h, [f"{v / scale:.4f}" for v in total[:, k]]) for k, h in enumerate(heads)]
    extra = extra + tail if first == "module" else tail + extra
    lines = [",".join(["time", *cells, "R01_Current_A", *(h for h, _ in extra)])]
    for k in range(ROWS):
        stamp = (datetime(2026, 3, 2, 8, tzinfo=UTC) + timedelta(seconds=10 * k)).isoformat()
        lines.append(",".join([stamp, *map(str, volts[k].astype(int)), str(current[k]), *(column[k] for _, column in extra)]))
    path.write_text("\n".join(lines) + "\n")
    return path, total, volts.sum(axis=1) / 1000


@pytest.mark.parametrize("first", ["module", "rack"])
@pytest.mark.parametrize(("scale", "unit"), [(1.0, "V"), (0.001, "mV"), (0.1, "V")])
def test_module_voltages_arrive_in_volts_and_the_rack_keeps_its_own(tmp_path, first, scale, unit):
    path, total, whole = export(tmp_path / "a.csv", scale=scale, unit=unit, first=first)
    _, sink = read(path)
    for m in range(1, MODULES + 1):
        assert sink.signal(f"module_voltage_v_{m}") == pytest.approx(total[:, m - 1], abs=0.02)
    assert sink.signal("rack_voltage_v") == pytest.approx(whole, abs=0.02)


def test_a_module_voltage_is_never_taken_for_that_of_the_rack(tmp_path):
    path, *_ = export(tmp_path / "a.csv", rack_voltage=False)
    _, sink = read(path)
    assert "rack_voltage_v" not in sink.racks["R01"][1]
    assert {n for n in sink.racks["R01"][1] if n.startswith("module_voltage")} == {f"module_voltage_v_{m}" for m in (1, 2, 3)}


def test_a_long_table_tells_the_same(tmp_path):
    path, total, whole = export(tmp_path / "wide.csv")
    head, *body = [line.split(",") for line in path.read_text().splitlines()]
    rows = [f"{row[0]},{tag},{value}" for row in body for tag, value in zip(head[1:], row[1:], strict=True)]
    (tmp_path / "long.csv").write_text("\n".join(["time,tag,value", *rows]) + "\n")
    _, sink = read(tmp_path / "long.csv")
    assert sink.signal("module_voltage_v_2") == pytest.approx(total[:, 1], abs=0.02)
    assert sink.signal("rack_voltage_v") == pytest.approx(whole, abs=0.02)


def test_a_pack_whose_cells_name_no_module_is_the_rack(tmp_path):
    rows = ["time,CellV1_mV,CellV2_mV,CellV3_mV,CellV4_mV,Pack1_Voltage_V,Current_A"]
    for k in range(60):
        rows.append(f"2026-03-02 08:{k // 6:02d}:{k % 6 * 10:02d},3301,3302,{3303 + k % 2},3304,13.21,10")
    (tmp_path / "a.csv").write_text("\n".join(rows) + "\n")
    _, sink = read(tmp_path / "a.csv")
    assert sink.signal("rack_voltage_v") == pytest.approx(np.full(60, 13.21))


@pytest.mark.parametrize(("wrong", "outcome"), [(None, Outcome.PASS), (2, Outcome.FAIL)])
def test_the_check_of_modules_runs_on_what_was_imported(tmp_path, wrong, outcome):
    path, *_ = export(tmp_path / "a.csv", wrong=wrong)
    facts, sink = read(path)
    rack = facts.plant.racks[0]
    assert {cell.module for cell in rack.cells} == {1, 2, 3}
    names = list(sink.racks["R01"][1])
    signals = {n: sink.signal(n) for n in names}
    volts = sink.voltage()
    series = RackSeries(rack, sink.time_ns(), volts, np.zeros(volts.shape, np.uint8), np.empty((0, volts.shape[1]), np.int16), signals)
    check = next(c for c in checks({"R01": see(series, DesignRecord())}, 1) if c.id == "CX02")
    assert check.outcome is outcome
    assert check.figures["modules"] == MODULES
    assert check.elements == (("R01 · M2",) if wrong else ())
