"""A file of the whole plant that uses the column names of the racks' files is the bank's, never a second truth of a rack."""

import numpy as np
import pytest
from builders.exports import Table, read

from workbench.errors import IngestError

HEAD = "Time,Current_A,Voltage_V,SoC"


def signals(path, table, amps):
    volts = table.voltage.sum(axis=1) / 1000
    rows = [f"{at:%Y-%m-%d %H:%M:%S},{a:.1f},{v:.1f},{50 + i / 50:.2f}" for i, (at, a, v) in enumerate(zip(table.times, amps, volts, strict=True))]  # fmt: skip
    path.write_text("\n".join([HEAD, *rows]) + "\n")


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("racks", [1, 3])
@pytest.mark.parametrize("name", ["system", "Bank1", "Plant 2026-03-02"])
def test_the_plants_own_current_is_the_banks(tmp_path, inside, racks, name):
    tables = {f"R{k:02d}": Table(seed=k) for k in range(1, racks + 1)}
    for rack, table in tables.items():
        volts = [f"{v:.1f}" for v in table.voltage.sum(axis=1) / 1000]
        more = {"Voltage_V": volts, "SoC": [f"{50 + i / 50:.2f}" for i in range(240)]}
        table.write(tmp_path / f"{rack}.csv", extra=more if inside else {})
        if not inside:
            lines = (tmp_path / f"{rack}.csv").read_text().splitlines()
            (tmp_path / f"{rack}.csv").write_text("\n".join(line.rsplit(",", 1)[0] for line in lines) + "\n")
            signals(tmp_path / f"{rack}_signals.csv", table, table.current)
    signals(tmp_path / f"{name}.csv", tables["R01"], racks * tables["R01"].current)
    facts, sink = read(tmp_path)
    assert set(sink.racks) == set(tables)
    for rack, table in tables.items():
        assert np.array_equal(sink.signal("rack_current_a", rack), table.current)
        assert np.array_equal(sink.voltage(rack), table.voltage.T)
    assert np.array_equal(sink.signal("bank_current_a"), racks * tables["R01"].current)
    lines = {r.rule: r for r in facts.repairs}
    assert lines["plant-file"].place == f"{name}.csv"
    assert "sign-unproven" in lines, "no cell stands beside the current of the bank"


def test_several_days_of_the_plant_are_one_series(tmp_path):
    days = [Table(rows=120, seed=k) for k in (1, 2)]
    for day, table in enumerate(days):
        table.times = [at.replace(day=2 + day) for at in table.times]
        for rack in ("R01", "R02"):
            table.write(tmp_path / f"{rack}_{day}.csv", extra={"Voltage_V": [20.0] * 120, "SoC": [50] * 120})
        signals(tmp_path / f"plant_2026-03-{2 + day:02d}.csv", table, 2 * table.current)
    _, sink = read(tmp_path)
    assert np.array_equal(sink.signal("bank_current_a"), np.concatenate([2 * table.current for table in days]))


def test_cells_of_no_rack_beside_a_rack_with_the_same_names_are_refused(tmp_path):
    Table().write(tmp_path / "R02.csv")
    Table(seed=2).write(tmp_path / "other.csv")
    with pytest.raises(IngestError, match="contradict"):
        read(tmp_path)
