"""Names propose, physics decides."""

import numpy as np
import pytest
from builders.exports import Table, read, rules

from workbench.errors import IngestError


@pytest.mark.parametrize("unit", ["mV", "V"])
def test_units_are_told_by_size(tmp_path, unit):
    table = Table()
    _, sink = read(table.write(tmp_path / "a.csv", unit=unit))
    assert np.array_equal(sink.voltage(), table.voltage.T)


def test_a_cell_under_another_name_is_found_by_the_sum(tmp_path):
    table = Table(cells=8)
    hidden = table.voltage[:, 0] + np.random.default_rng(2).integers(-4, 5, len(table.voltage))
    total = (table.voltage.sum(axis=1) + hidden) / 1000
    facts, sink = read(table.write(tmp_path / "a.csv", extra={"CellVoltageM": hidden, "PackVoltage_V": [f"{v:.3f}" for v in total]}))
    assert len(sink.racks["R01"][0].cells) == 9
    assert np.array_equal(sink.voltage()[0], hidden)
    assert "leaves" in next(r for r in facts.repairs if r.rule == "hidden-cell").evidence


def test_a_true_mean_is_not_taken_for_a_cell(tmp_path):
    table = Table(cells=8)
    mean = [f"{v:.3f}" for v in table.voltage.mean(axis=1)]
    total = [f"{v:.3f}" for v in table.voltage.sum(axis=1) / 1000]
    facts, sink = read(table.write(tmp_path / "a.csv", extra={"CellVoltageM": mean, "PackVoltage_V": total}))
    assert len(sink.racks["R01"][0].cells) == 8
    assert "hidden-cell" not in rules(facts)


def test_a_cell_told_in_two_units_is_one_cell(tmp_path):
    table = Table(cells=4)
    volts = [f"{v / 1000:.3f}" for v in table.voltage[:, 2]]
    facts, sink = read(table.write(tmp_path / "a.csv", extra={"CellV003 [V]": volts}))
    assert np.array_equal(sink.voltage(), table.voltage.T)
    assert "says the same as CellV003_mV" in next(r for r in facts.repairs if r.rule == "told-twice").evidence


def test_two_columns_of_one_cell_that_disagree_are_both_kept(tmp_path):
    table = Table(cells=4)
    facts, sink = read(table.write(tmp_path / "a.csv", extra={"CellV003 [mV]": table.voltage[:, 2] + 20}))
    assert len(sink.racks["R01"][0].cells) == 5
    assert "told-twice" not in rules(facts)


def test_signals_keep_the_owners_name_even_with_a_slash(tmp_path):
    _, sink = read(Table().write(tmp_path / "a.csv", extra={"Fan": range(240), "Fan/speed": range(240)}))
    assert sink.racks["R01"][1] == ("rack_current_a", "source_Fan", "source_Fan∕speed")


ODD = {
    "constant": "3300", "no number": "Bad", "zero": "0", "empty": "", "beyond reason": "1e999", "tiny": "1e-400", "negative": "-3300",
}  # fmt: skip


@pytest.mark.parametrize(
    "name", ["PackVoltage_V", "CellVoltageM", "CellVmax_mV", "Temp_1", "Temp_max", "Ambient temp", "SoC [%]", "Current_A#2"]
)
@pytest.mark.parametrize("what", ODD)
def test_no_column_however_odd_upsets_the_decisions_on_others(tmp_path, name, what):
    table = Table(rows=80, cells=4)
    _, sink = read(table.write(tmp_path / "a.csv", extra={name: [ODD[what]] * 80}))
    labels = [cell.label for cell in sink.racks["R01"][0].cells]
    assert labels[-4:] == [f"{name}_mV" for name in table.names]
    assert np.array_equal(sink.voltage()[-4:], table.voltage.T)


def two_racks(table, tmp_path, **columns):
    """Both racks hold the same six cells; the columns name no rack."""
    names = [f"R{rack:02d}_CellV{k:03d}_mV" for rack in (1, 2) for k in range(1, 7)]
    lines = [",".join(["Time", *names, *columns])]
    for i, at in enumerate(table.times):
        cells = [str(v) for v in table.voltage[i]]
        lines.append(",".join([str(at), *cells, *cells, *(str(values[i]) for values in columns.values())]))
    path = tmp_path / "both.csv"
    path.write_text("\n".join(lines) + "\n")
    return read(path)


def test_a_current_that_names_no_rack_beside_two_is_no_rack_s(tmp_path):
    table = Table()
    facts, sink = two_racks(table, tmp_path, Current_A=-table.current, Alarm=[0] * len(table.times))
    signals = sink.blocks["R01"][0].signals
    assert set(signals) == {"bank_current_a", "source_Alarm"}
    assert np.array_equal(sink.signal("bank_current_a"), table.current), "its sign is proved by the cells of all racks"
    assert any(r.rule == "no-rack" and "Alarm" in r.place for r in facts.repairs)
    sign = next(r for r in facts.repairs if r.rule == "sign")
    assert "read as the bank's" in sign.evidence


def test_a_current_that_names_no_rack_beside_one_is_that_rack_s(tmp_path):
    table = Table(cells=6)
    table.names = [f"R07_CellV{k:03d}" for k in range(1, 7)]
    _, sink = read(table.write(tmp_path / "a.csv", sign=-1))
    assert list(sink.racks) == ["R07"]
    assert np.array_equal(sink.signal("rack_current_a", "R07"), table.current)


@pytest.mark.parametrize("name", ["PackVoltage_mV", "Pack Voltage"])
def test_the_voltage_of_a_rack_is_not_taken_for_its_only_cell(tmp_path, name):
    table = Table(cells=11)
    total = table.voltage.sum(axis=1)  # 36 V: in millivolts it looks like a cell in tenths of them
    names = [f"Kanal {k} links" for k in range(11)]  # nobody knows that these are cells
    rows = [",".join([f"{at:%Y-%m-%d %H:%M:%S}", *map(str, row), str(all_of_them)]) for at, row, all_of_them in zip(table.times, table.voltage, total, strict=True)]  # fmt: skip
    (tmp_path / "a.csv").write_text("\n".join([",".join(["Time", *names, name]), *rows]) + "\n")
    with pytest.raises(IngestError, match="recognised as a cell voltage"):
        read(tmp_path / "a.csv")


@pytest.mark.parametrize(("name", "shown"), [("Current_dA", 10), ("RackCurrent(0.1A)", 10), ("RackCurrent (0.01 A)", 100)])
def test_a_count_stated_in_the_name_is_a_scale(tmp_path, name, shown):
    table = Table()
    path = table.write(tmp_path / "a.csv", extra={name: [f"{shown * a:.0f}" for a in table.current]})
    path.write_text("\n".join(",".join(field for k, field in enumerate(line.split(",")) if k != 7) for line in path.read_text().splitlines()) + "\n")  # fmt: skip
    facts, sink = read(path)
    assert np.allclose(sink.signal("rack_current_a"), table.current)
    assert "one count is" in next(r for r in facts.repairs if r.rule == "scale").evidence


def test_a_stated_resolution_is_no_scale(tmp_path):
    table = Table()
    path = table.write(tmp_path / "a.csv")
    path.write_text(path.read_text().replace("Current_A", "Current (0.1 A)").replace("40.0", "40.5"))
    facts, sink = read(path)
    assert np.abs(sink.signal("rack_current_a")).max() == 40.5
    assert "taken as its resolution" in next(r for r in facts.repairs if r.rule == "scale-unproven").evidence


def test_files_of_an_hour_prove_a_sign_together(tmp_path):
    table = Table(rows=240)
    lines = table.write(tmp_path / "whole.csv", sign=-1).read_text().splitlines()
    (tmp_path / "whole.csv").unlink()
    for k in range(6):
        (tmp_path / f"log_{k}.csv").write_text("\n".join([lines[0], *lines[1 + 40 * k : 41 + 40 * k]]) + "\n")
    facts, sink = read(tmp_path)
    assert np.array_equal(sink.signal("rack_current_a"), table.current), "three steps of current each: none of them proves it alone"
    assert {"sign"} <= rules(facts)


def test_a_sign_that_nothing_proves_is_listed(tmp_path):
    table = Table()
    table.current[:] = 30.0
    facts, _ = read(table.write(tmp_path / "a.csv"))
    assert "not provable" in next(r for r in facts.repairs if r.rule == "sign-unproven").evidence
