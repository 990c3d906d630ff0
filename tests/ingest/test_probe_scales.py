"""Probes are brought to degrees by what the BMS says of them."""

import numpy as np
from builders.exports import Table, read, rules


def test_an_offset_of_probes_is_proved_by_the_reported_maximum(tmp_path):
    table = Table()
    probes = np.random.default_rng(3).integers(60, 70, (len(table.times), 2))
    extra = {"Temp_1": probes[:, 0], "Temp_2": probes[:, 1], "Temp_max": probes.max(axis=1) - 40}
    facts, sink = read(table.write(tmp_path / "a.csv", extra=extra))
    stored = np.concatenate([b.probe_temperature_ddegc for b in sink.blocks["R01"]], axis=1)
    assert np.array_equal(stored, 10 * (probes.T - 40))
    assert "offset" in rules(facts)
