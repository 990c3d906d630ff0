"""Probes are brought to degrees by what the BMS says of them."""

import numpy as np
import pytest
from builders.exports import Table, read, rules


def test_an_offset_of_probes_is_proved_by_the_reported_maximum(tmp_path):
    table = Table()
    probes = np.random.default_rng(3).integers(60, 70, (len(table.times), 2))
    extra = {"Temp_1": probes[:, 0], "Temp_2": probes[:, 1], "Temp_max": probes.max(axis=1) - 40}
    facts, sink = read(table.write(tmp_path / "a.csv", extra=extra))
    stored = np.concatenate([b.probe_temperature_ddegc for b in sink.blocks["R01"]], axis=1)
    assert np.array_equal(stored, 10 * (probes.T - 40))
    assert "offset" in rules(facts)


def probes(path, rack_values, **more):
    """A wide table of racks with two probes each: {rack: degrees as the owner counts them}."""
    table = Table()
    extra = {f"R{rack:02d}_Temp{k}": [value + k - 1] * 240 for rack, value in rack_values.items() for k in (1, 2)}
    path.write_text("")
    text = table.write(path, extra=extra | more).read_text()
    path.write_text(text.replace("CellV", "R01_CellV"))
    return read(path)


def told(sink, rack):
    return np.concatenate([b.probe_temperature_ddegc for b in sink.blocks[rack]], axis=1)[:, 0].tolist()


def test_counts_with_an_offset_that_nothing_proves_are_said(tmp_path):
    facts, sink = probes(tmp_path / "a.csv", {1: 64})
    assert told(sink, "R01") == [640, 650]
    assert "with the usual offset of 40" in next(r for r in facts.repairs if r.rule == "offset-unproven").evidence


def test_a_probe_in_tenths_beside_a_maximum_in_degrees_is_no_offset(tmp_path):
    warm = [240 + i // 24 for i in range(240)]
    extra = {"R01_Temp1": warm, "R01_Temp2": [w - 10 for w in warm], "R01_TempMax": [round(w / 10) for w in warm]}
    table = Table()
    path = table.write(tmp_path / "a.csv", extra=extra)
    path.write_text(path.read_text().replace("CellV", "R01_CellV"))
    _, sink = read(path)
    assert told(sink, "R01") == [240, 230]


@pytest.mark.parametrize("temperature", [5, 24])
def test_a_count_of_tenths_stated_in_the_name(tmp_path, temperature):
    table = Table()
    facts, sink = read(table.write(tmp_path / "a.csv", extra={f"Temp{k} (0.1°C)": [10 * temperature + k] * 240 for k in (1, 2)}))
    assert told(sink, "R01") == [10 * temperature + 1, 10 * temperature + 2]
    assert "one count is 0.1" in next(r for r in facts.repairs if r.rule == "scale").evidence


def test_every_rack_is_judged_by_itself(tmp_path):
    table = Table()
    extra = {
        "R01_Temp1": [64] * 240,
        "R01_TempMax": [24] * 240,
        "R02_CellV001_mV": table.voltage[:, 0],
        "R02_Temp1": [26] * 240,
        "R02_TempMax": [26] * 240,
    }
    path = table.write(tmp_path / "a.csv", extra=extra)
    path.write_text(path.read_text().replace("CellV", "R01_CellV").replace("R02_R01_", "R02_"))
    _, sink = read(path)
    assert (told(sink, "R01"), told(sink, "R02")) == ([240], [260])
